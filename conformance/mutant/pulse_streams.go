package mutant

// pulseStreams break the streams of Pulse themselves: who may use them, how they are
// made, listed, consumed, resumed and deleted; and single events and the health.
var pulseStreams = []Mutant{
	{Name: "Pulse takes any key", Pulse: on(anything.where(carries("Authorization")), sendKey())},
	{Name: "Pulse takes no key", Pulse: on(anything.where(not(carries("Authorization"))), sendKey())},
	{Name: "Pulse says 403 to a key it does not know", Pulse: status(401, 403)},
	{Name: "a stream is made with status 200", Pulse: on(createStream, status(201, 200))},
	{Name: "a stream whose name is taken is a bad request", Pulse: on(createStream, status(409, 400))},
	{Name: "a stream's filter is forgotten", Pulse: on(createStream, send(remove("/filter")))},
	{Name: "a made stream has no time", Pulse: on(createStream, body(remove("/createdAt")))},
	{Name: "a made stream is paused", Pulse: on(createStream, body(set("/status", "paused")))},
	{Name: "a time is no date-time", Pulse: on(createStream, body(set("/createdAt", "yesterday")))},
	{Name: "no listed stream has a cursor", Pulse: on(listStreams, body(remove("/data/*/cursor")))},
	{Name: "the list is always empty", Pulse: on(listStreams, body(set("/data", []any{})))},
	{Name: "a deleted stream is deleted again", Pulse: on(deleteStream.answered(404), status(404, 204))},
	{Name: "a stream is said to be deleted and is not", Pulse: on(deleteStream, answer(204, ""))},
	{Name: "a deleted stream goes on", Pulse: on(consume.answered(200), unending())},
	{Name: "a stream that is not there is consumed, without events", Pulse: on(consume.answered(404), status(404, 200))},
	{Name: "a resumed stream begins with what it had sent", Pulse: on(consume, replay(1))},
	{Name: "an event is never sent again", Pulse: on(consume, onlyOnce())},
	{Name: "events of other streams are sent", Pulse: on(consume, eavesdrop())},
	{Name: "Last-Event-ID is not looked at", Pulse: on(consume, sendNoHeader("Last-Event-ID"))},
	{Name: "a stored event is not found", Pulse: on(getEvent, answer(404, `{"code":"EventNotFound","message":"There is no such event."}`))},
	{Name: "a stored event has lost its row", Pulse: on(getEvent.answered(200), body(set("/created", map[string]any{})))},
	{Name: "Pulse's health is in a text", Kills: []string{"pulse-health/without-key"}, Pulse: on(health, header("Content-Type", "text/plain"))},
	{Name: "Pulse's health needs a key", Kills: []string{"pulse-health/without-key"}, Pulse: on(health.where(not(carries("Authorization"))), answer(401, `{"code":"P6102","message":"No key."}`))},
}

package mutant

import (
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// streamMade is what a target answers that creates whatever it is asked for.
const streamMade = `{"name":"1","model":"Entry","status":"active","createdAt":"2024-01-01T00:00:00.000Z"}`

var ulid = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`)

// pulseStreams break the streams of Pulse themselves: who may use them, how they are
// made, listed, consumed, resumed and deleted; and single events and the health.
var pulseStreams = slices.Concat(pulseKeys, pulseCreation, pulseList, pulseConsumption, pulseResumption, pulseDeletion, pulseLookups, pulseHealth)

var pulseKeys = []Mutant{
	{Name: "streams are created by whoever asks", Kills: []string{"pulse-auth/create"}, Pulse: on(createStream, sendKey())},
	{Name: "the streams are listed for any key", Kills: []string{"pulse-auth/list"}, Pulse: on(listStreams.where(carries("Authorization")), sendKey())},
	{Name: "the streams are listed without a key", Kills: []string{"pulse-auth/list"}, Pulse: on(listStreams.where(not(carries("Authorization"))), sendKey())},
	{Name: "streams are consumed by whoever asks", Kills: []string{"pulse-auth/consume"}, Pulse: on(consume, sendKey())},
	{Name: "streams are deleted by whoever asks", Kills: []string{"pulse-auth/delete"}, Pulse: on(deleteStream, sendKey())},
	{
		Name: "a stream is deleted before the key is looked at", Kills: []string{"pulse-auth/delete"},
		Pulse: on(deleteStream.where(not(carries("Authorization"))), deletingAnyway()),
	},
	{Name: "anybody subscribes", Kills: []string{"pulse-auth/subscribe"}, Pulse: on(subscribe, sendKey())},
	{Name: "events are looked up for whoever asks", Kills: []string{"pulse-auth/event"}, Pulse: on(getEvent, sendKey())},
	{Name: "Pulse says 403 to a key it does not know", Kills: []string{"pulse-auth/create", "pulse-auth/list"}, Pulse: status(401, 403)},
	{
		Name: "Pulse takes a key without the word Bearer", Kills: []string{"pulse-auth/key-alone"},
		Pulse: on(anything.where(authorizes(func(sent, key string) bool { return sent == key })), sendKey()),
	},
	{
		Name: "Pulse takes a key behind any word", Kills: []string{"pulse-auth/other-scheme"},
		Pulse: on(anything.where(authorizes(func(sent, key string) bool { return strings.HasSuffix(sent, " "+key) })), sendKey()),
	},
	{
		Name: "Pulse takes what begins with a key", Kills: []string{"pulse-auth/part-of-key"},
		Pulse: on(anything.where(authorizes(func(sent, key string) bool { return strings.HasPrefix(sent, "Bearer "+key) })), sendKey()),
	},
	{
		Name: "Pulse falls over the word bearer in other letters", Kills: []string{"pulse-auth/small-letters"},
		Pulse: on(anything.where(sendsKeyAs("bearer KEY", "BEARER KEY")), answer(500, `{"code":"Internal","message":"unexpected word"}`)),
	},
	{
		Name: "Pulse falls over an unknown stream without a key", Kills: []string{"pulse-auth/before-all"},
		Pulse: on(consume.where(not(carries("Authorization"))), telling(), status(404, 500)),
	},
	{
		Name: "Pulse falls over a bad request without a key", Kills: []string{"pulse-auth/before-all"},
		Pulse: on(createStream.where(not(carries("Authorization")), not(sends("/name"))), answer(500, `{"code":"Internal","message":"name of undefined"}`)),
	},
}

var pulseCreation = []Mutant{
	{Name: "a stream is made with status 200", Kills: []string{"pulse-create/created"}, Pulse: on(createStream, status(201, 200))},
	{Name: "a stream's model is told in small letters", Kills: []string{"pulse-create/created"}, Pulse: on(createStream, body(edit("/model", lower)))},
	{Name: "a made stream is stopped", Kills: []string{"pulse-create/active"}, Pulse: on(createStream, body(set("/status", "stopped")))},
	{Name: "a made stream has a cursor", Kills: []string{"pulse-create/without-cursor"}, Pulse: on(createStream.answered(201), body(set("/cursor", someULID)))},
	{Name: "a made stream's cursor is null", Kills: []string{"pulse-create/created", "pulse-create/without-cursor"}, Pulse: on(createStream.answered(201), body(set("/cursor", nil)))},
	{Name: "a made stream has no time", Kills: []string{"pulse-create/created"}, Pulse: on(createStream, body(remove("/createdAt")))},
	{Name: "a time is no date-time", Kills: []string{"pulse-create/created"}, Pulse: on(createStream, body(set("/createdAt", "yesterday")))},
	{
		Name: "a listed stream's time is not that of its creation", Kills: []string{"pulse-create/created-at"},
		Pulse: on(listStreams, body(set("/data/*/createdAt", "2024-01-01T00:00:00.000Z"))),
	},
	{Name: "a stream whose name is taken is a bad request", Kills: []string{"pulse-create/twice"}, Pulse: on(createStream, status(409, 400))},
	{Name: "a stream replaces one of its name", Kills: []string{"pulse-create/twice"}, Pulse: on(createStream, replacing())},
	{Name: "a stream without a name gets one", Kills: []string{"pulse-create/name-missing"}, Pulse: on(createStream.where(not(sends("/name"))), answer(201, streamMade))},
	{
		Name: "a number is taken for a name", Kills: []string{"pulse-create/name-no-text"},
		Pulse: on(createStream.where(sendsText(`"name":7`)), answer(201, streamMade)),
	},
	{
		Name: "a stream without a model is made all the same", Kills: []string{"pulse-create/model-missing"},
		Pulse: on(createStream.where(not(sends("/model"))), send(set("/model", "Entry"))),
	},
	{
		Name: "a list of one model is taken for it", Kills: []string{"pulse-create/model-no-text"},
		Pulse: on(createStream.where(sends("/model/0")), send(set("/model", "Entry"))),
	},
	{
		Name: "a stream of an unknown model is made, and silent", Kills: []string{"pulse-create/model-unknown"},
		Pulse: on(createStream.where(sendsText("NoSuchModel")), send(set("/model", "Entry")), body(set("/model", "NoSuchModel"))),
	},
	{Name: "a request without a body is an error of Pulse's", Kills: []string{"pulse-create/body-missing"}, Pulse: on(createStream.where(sendsNothing), status(400, 500))},
	{Name: "broken JSON is an error of Pulse's", Kills: []string{"pulse-create/body-no-json"}, Pulse: on(createStream.where(sendsNoJSON), status(400, 500))},
	{Name: "a body that is a list is unprocessable", Kills: []string{"pulse-create/body-no-object"}, Pulse: on(createStream.where(sends("/0")), status(400, 422))},
	{
		Name: "a filter that is no object is passed over", Kills: []string{"pulse-create/filter-no-object"},
		Pulse: on(createStream.where(sendsText(`"filter":"`)), send(remove("/filter"))),
	},
	{Name: "a stream begins where it is first consumed", Kills: []string{"pulse-create/kept"}, Pulse: beginningLate()},
	{Name: "a stream has what happened before it", Kills: []string{"pulse-create/from-now-on"}, Both: withHistory},
	{
		Name: "names are kept in small letters", Kills: []string{"pulse-consume/percent-encoded", "pulse-create/any-characters"},
		Pulse: on(createStream, send(edit("/name", lower))),
	},
	{
		Name: "a name is cut behind a hundred characters", Kills: []string{"pulse-create/long-name"},
		Pulse: on(createStream, send(edit("/name", func(name any) any {
			text, _ := name.(string)
			return text[:min(len(text), 100)]
		}))),
	},
	{Name: "without persistence a creation is forbidden", Kills: []string{"pulse-create/persistence-off"}, Pulse: on(createStream.answered(400), status(400, 403))},
	{Name: "without a database a creation is 503", Kills: []string{"pulse-create/database-down"}, Pulse: on(createStream.answered(500), status(500, 503))},
}

var pulseList = []Mutant{
	{
		Name: "the list ends behind two streams", Kills: []string{"pulse-list/every"},
		Pulse: on(listStreams, body(edit("/data", func(data any) any {
			streams, _ := data.([]any)
			return streams[:min(len(streams), 2)]
		}))),
	},
	{
		Name: "streams are listed twice", Kills: []string{"pulse-list/once"},
		Pulse: on(listStreams, body(edit("/data", func(data any) any {
			streams, _ := data.([]any)
			return append(streams, streams...)
		}))),
	},
	{Name: "the list is always empty", Kills: []string{"pulse-list/every"}, Pulse: on(listStreams, body(set("/data", []any{})))},
	{Name: "a listed stream has no moment of creation", Kills: []string{"pulse-list/every"}, Pulse: on(listStreams, body(remove("/data/*/createdAt")))},
	{Name: "a listed stream is paused", Kills: []string{"pulse-list/active"}, Pulse: on(listStreams, body(set("/data/*/status", "paused")))},
	{Name: "a stream without its database is active", Kills: []string{"pulse-list/database-down"}, Pulse: on(listStreams, body(set("/data/*/status", "active")))},
	{Name: "a list is kept as it was", Kills: []string{"pulse-delete/others-stay"}, Pulse: on(listStreams, remember(byRequest))},
	{Name: "a cursor that is not there is null", Kills: []string{"pulse-list/cursor"}, Pulse: on(listStreams, body(walk("/data/*/cursor", nullWhereAbsent)))},
	{Name: "no listed stream has a cursor", Kills: []string{"pulse-list/cursor"}, Pulse: on(listStreams, body(remove("/data/*/cursor")))},
	{
		Name: "a listed stream without a cursor has one of zeros", Kills: []string{"pulse-list/cursor", "pulse-resume/own-cursor"},
		Pulse: on(listStreams, body(walk("/data/*/cursor", func(cursor any, there bool) (any, bool) {
			if there {
				return cursor, true
			}
			return strings.Repeat("0", 26), true
		}))),
	},
	{Name: "the streams of one environment are listed for another", Kills: []string{"pulse-list/other-environment"}, Pulse: on(listStreams.where(withOtherKey), sendKey())},
	{Name: "an empty list is not there", Kills: []string{"pulse-list/persistence-off"}, Pulse: on(listStreams, body(withoutEmptyList))},
}

var pulseConsumption = []Mutant{
	{Name: "an update has no event", Kills: []string{"pulse-consume/event-for-each"}, Pulse: on(consume, events(when(has("/action", "update"), lose(1))))},
	{Name: "an answer begins with its first event", Kills: []string{"pulse-consume/stays-open"}, Pulse: on(consume, beginningWithEvent())},
	{Name: "an event waits for the next one", Kills: []string{"pulse-consume/stays-open"}, Pulse: on(consume, events(late()))},
	{Name: "a stream ends behind its first event", Kills: []string{"pulse-consume/stays-open"}, Pulse: on(consume, events(closeAfter(1)))},
	{Name: "a stream is other JSON than events", Kills: []string{"pulse-consume/event-for-each"}, Pulse: on(consume.answered(200), header("Content-Type", "application/x-ndjson"))},
	{Name: "two commits are delivered in the wrong order", Kills: []string{"pulse-consume/order"}, Pulse: on(consume, events(swap()))},
	{Name: "the twentieth event is lost", Kills: []string{"pulse-consume/all"}, Pulse: on(consume, events(lose(20)))},
	{
		Name: "a stream has the events of another model too", Kills: []string{"pulse-consume/one-model"},
		Pulse: on(consume, events(each(func(e event) []event { return []event{e.changed([]change{set("/modelName", "Pair")}), e} }))),
	},
	{Name: "a stream that is not there is an error of Pulse's", Kills: []string{"pulse-consume/unknown", "pulse-delete/gone"}, Pulse: on(consume.answered(404), status(404, 500))},
	{
		Name: "a stream's name ends at a slash", Kills: []string{"pulse-consume/percent-encoded", "pulse-delete/others-stay"},
		Pulse: on(anything.where(func(r *http.Request) bool { return strings.Contains(r.URL.EscapedPath(), "%2F") }), sendPath("%2F", "/")),
	},
	{Name: "several streams share the events among them", Kills: []string{"pulse-consume/several-streams"}, Pulse: on(consume, queue())},
	{Name: "a stream that is consumed is refused to others", Kills: []string{"pulse-consume/newest-consumer", "pulse-consume/second-consumer"}, Pulse: on(consume, oneAtATime())},
	{
		Name: "event streams stay open for ever", Kills: []string{"pulse-consume/newest-consumer", "pulse-delete/ends-connections"},
		Pulse: on(consume.answered(200), unending()),
	},
	{Name: "without persistence there is nothing to consume, in silence", Kills: []string{"pulse-consume/persistence-off"}, Pulse: on(consume.answered(404), status(404, 204))},
	{Name: "a stream is consumed by another environment", Kills: []string{"pulse-consume/other-environment"}, Pulse: on(consume.where(withOtherKey), sendKey())},
}

var pulseResumption = []Mutant{
	{
		Name: "the cursor stays where it was", Kills: []string{"pulse-resume/cursor-follows"},
		Pulse: on(listStreams, body(edit("/data/*/cursor", func(any) any { return someULID }))),
	},
	{Name: "all streams share one cursor", Kills: []string{"pulse-resume/cursor-waits", "pulse-resume/own-cursor"}, Pulse: oneCursor()},
	{
		Name: "a resumed stream begins with what it had sent", Kills: []string{"pulse-delete/begins-anew", "pulse-resume/behind-cursor", "pulse-resume/missed"},
		Pulse: on(consume, replay(1)),
	},
	{Name: "a resumed stream leaves one event out", Kills: []string{"pulse-resume/missed"}, Pulse: on(consume, from(3, events(lose(1))))},
	{Name: "an event is never sent again", Kills: []string{"pulse-resume/not-acknowledged"}, Pulse: on(consume, onlyOnce())},
	{Name: "each delivery gives an event another id", Kills: []string{"pulse-resume/one-id"}, Pulse: on(consume, anew())},
	{Name: "the event of a cursor is not kept", Kills: []string{"pulse-resume/cursor-event"}, Pulse: on(getEvent, invent(func(*http.Request) *http.Response { return noEvent() }))},
	{Name: "an event's id stands in its data alone", Kills: []string{"pulse-resume/event-id"}, Pulse: on(consume, events(withoutField("id")))},
	{Name: "Last-Event-ID is not looked at", Kills: []string{"pulse-resume/earlier-last-event-id", "pulse-resume/last-event-id"}, Pulse: on(consume, sendNoHeader("Last-Event-ID"))},
	{Name: "an earlier Last-Event-ID takes the cursor back", Kills: []string{"pulse-resume/earlier-last-event-id"}, Pulse: rewinding()},
	{
		Name: "an unknown Last-Event-ID is refused", Kills: []string{"pulse-resume/unknown-last-event-id"},
		Pulse: on(consume.where(func(r *http.Request) bool {
			return strings.Trim(r.Header.Get("Last-Event-ID"), "07") == "" && carries("Last-Event-ID")(r)
		}),
			answer(404, `{"code":"EventNotFound","message":"There is no such event."}`)),
	},
}

var pulseDeletion = []Mutant{
	{Name: "a deletion is answered with 200", Kills: []string{"pulse-delete/deleted"}, Pulse: on(deleteStream, status(204, 200))},
	{Name: "a deletion is answered with a word", Kills: []string{"pulse-delete/deleted"}, Pulse: on(deleteStream, answer(200, `{"deleted":true}`))},
	{Name: "a stream is said to be deleted and is not", Kills: []string{"pulse-delete/gone", "pulse-delete/name-free", "pulse-delete/others-stay"}, Pulse: on(deleteStream, answer(204, ""))},
	{
		Name: "what is not there is deleted all the same", Kills: []string{"pulse-delete/persistence-off", "pulse-delete/twice", "pulse-delete/unknown"},
		Pulse: on(deleteStream.answered(404), status(404, 204)),
	},
	{Name: "the name of a deleted stream stays taken", Kills: []string{"pulse-delete/begins-anew", "pulse-delete/name-free"}, Pulse: usingUp()},
	{Name: "a deleted stream is there again under its name", Kills: []string{"pulse-delete/begins-anew"}, Pulse: hiding()},
	{Name: "a deletion takes the streams whose names begin alike", Kills: []string{"pulse-delete/others-stay"}, Pulse: on(deleteStream, deletingAlike())},
	{Name: "a stream is deleted by another environment", Kills: []string{"pulse-delete/other-environment"}, Pulse: on(deleteStream.where(withOtherKey), sendKey())},
}

var pulseLookups = []Mutant{
	{Name: "a stored event has lost its row", Kills: []string{"pulse-event/as-delivered"}, Pulse: on(getEvent.answered(200), body(set("/created", map[string]any{})))},
	{Name: "a stored event is found in one model alone", Kills: []string{"pulse-event/other-model"}, Pulse: on(getEvent, findingOnly("Account"))},
	{Name: "events go with the stream that delivered them", Kills: []string{"pulse-event/after-deletion"}, Pulse: forgettingEvents()},
	{Name: "an event that is not there is an error of Pulse's", Kills: []string{"pulse-event/persistence-off", "pulse-event/unknown"}, Pulse: on(getEvent.answered(404), status(404, 500))},
	{
		Name: "what is no ULID is a bad request", Kills: []string{"pulse-event/no-ulid"},
		Pulse: on(getEvent.where(func(r *http.Request) bool { return !ulid.MatchString(path.Base(r.URL.Path)) }), status(404, 400)),
	},
	{Name: "an event is looked up by another environment", Kills: []string{"pulse-event/other-environment"}, Pulse: on(getEvent.where(withOtherKey), sendKey())},
}

var pulseHealth = []Mutant{
	{Name: "Pulse's health is in a text", Kills: []string{"pulse-health/without-key"}, Pulse: on(health, header("Content-Type", "text/plain"))},
	{
		Name: "Pulse's health needs a key", Kills: []string{"pulse-health/without-key"},
		Pulse: on(health.where(not(carries("Authorization"))), answer(401, `{"code":"P6102","message":"No key."}`)),
	},
	{Name: "Pulse says that it is unavailable, and 200", Kills: []string{"pulse-health/works"}, Pulse: on(health.answered(200), body(set("/status", "unavailable")))},
	{Name: "Pulse's health is called OK", Kills: []string{"pulse-health/without-key", "pulse-health/works"}, Pulse: on(health, body(set("/status", "ok")))},
	{Name: "Pulse's health is silent about the replication", Kills: []string{"pulse-health/replication"}, Pulse: on(health, body(remove("/replicationStatus")))},
	{Name: "Pulse's health is that of its start", Kills: []string{"pulse-health/timestamp"}, Pulse: on(health, body(set("/timestamp", "2024-01-01T00:00:00.000Z")))},
	{Name: "Pulse that does not work says 500", Kills: []string{"pulse-health/database-down"}, Pulse: on(health, status(503, 500))},
	{Name: "Pulse without its database says it is connected", Kills: []string{"pulse-health/replication-lost"}, Pulse: on(health, body(set("/replicationStatus", "connected")))},
}

// lower is a text in small letters.
func lower(value any) any {
	if text, is := value.(string); is {
		return strings.ToLower(text)
	}
	return value
}

// nullWhereAbsent is a member that is always there.
func nullWhereAbsent(value any, _ bool) (any, bool) { return value, true }

// withoutEmptyList is a list of streams, without the member where there are none.
func withoutEmptyList(document any) any {
	list, _ := document.(map[string]any)
	if streams, _ := list["data"].([]any); len(streams) == 0 {
		delete(list, "data")
	}
	return list
}

package mutant

// pulseEvents break what streams and subscriptions carry: the rows, their order, filters
// and the form of events; and the form of errors.
var pulseEvents = []Mutant{
	{Name: "an event is lost", Pulse: events(lose(1))},
	{Name: "the second event is lost", Pulse: events(lose(2))},
	{Name: "no event comes", Pulse: events(withhold(1))},
	{Name: "each event comes twice", Pulse: events(twice())},
	{Name: "two events are swapped", Pulse: events(swap())},
	{Name: "an event comes when the next one does", Pulse: events(late())},
	{Name: "an event has another id each time", Pulse: anew()},
	{Name: "an event loses its column name", Pulse: events(document(remove("/created/name")))},
	{Name: "an update tells the old row as the new one", Pulse: events(when(hasMember("/before"), document(remove("/after"), rename("", "before", "after"))))},
	{Name: "a deleted row shows nothing", Pulse: events(when(has("/action", "delete"), document(set("/deleted", map[string]any{}))))},
	{Name: "an event is about another row", Pulse: events(document(edit("/created/id", func(any) any { return 0 })))},
	{Name: "an event is of another model", Pulse: events(document(set("/modelName", "Other")))},
	{Name: "events have no id line", Pulse: events(withoutField("id"))},
	{Name: "events have an event field", Pulse: events(withField("event", "change"))},
	{Name: "an update is called a create", Pulse: events(when(has("/action", "update"), document(set("/action", "create"))))},
	{Name: "a stream breaks in the middle of an event", Pulse: events(cut(1))},
	{Name: "a stream ends after its first event", Pulse: events(closeAfter(1))},
	{Name: "an event has no empty line behind it", Pulse: events(garble(`\n\n$`, "\n"))},
	{Name: "a stream is called JSON", Pulse: on(consume.answered(200), header("Content-Type", "application/json"))},
	{Name: "a subscription's filter is forgotten", Pulse: on(subscribe, send(remove("/filter")))},
	{Name: "a subscription never begins", Pulse: on(subscribe, stall())},
	{Name: "an error of Pulse has no code", Pulse: on(anything.answered(400), body(remove("/code")))},
	{Name: "an error of Pulse is a page", Pulse: on(anything.answered(404), header("Content-Type", "text/html"), rawBody("<h1>Not found</h1>"))},
	{Name: "Pulse hangs up on what it cannot read", Pulse: on(createStream.answered(400), hangUp())},
}

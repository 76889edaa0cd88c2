// Package mutant breaks an implementation of the Pulse and Accelerate APIs on purpose,
// so that the conformance suite can show that it says no. It stands in front of any
// implementation as a proxy, and knows it by HTTP alone: nothing of it is shared with
// the bundled reference, not even a constant, so no mistake can hide in both.
//
// # A mutant
//
// A mutant is one defect that somebody could really make, and the cases that must fail
// for it:
//
//	{
//		Name:  "a stream is made with status 200",
//		Kills: []string{"pulse-create/created"},
//		Pulse: on(createStream, status(201, 200)),
//	},
//
// It should break only what its cases are about, so that it shows that they see it. Each
// area has its table: pulse_streams.go, pulse_events.go, pulse_order.go, pulse_filters.go,
// pulse_errors.go, accelerate_query.go, accelerate_error.go, accelerate_info.go,
// accelerate_cache.go, accelerate_tag.go and accelerate_limit.go; subtle.go and unusual.go
// have what hardly any request notices, at_once.go what only requests at a time notice.
//
// # What a defect is made of
//
// A [Defect] wraps what carries requests to the target, as any http.RoundTripper; what it
// has to remember it keeps for one proxy. Those that are there fit together:
//
//	on(WHICH, defects...)        concerns only the requests, or answers, that WHICH chooses
//	  createStream, consume, ...   by operation: selection.go has them all; anything is any request
//	  .where(sends("/filter"))     by what is sent: sends, sendsText, carries (a header), test (a function)
//	  .answered(409)               by the answer's status
//	from(N, defects...)          from the Nth of the same requests on
//	carrying(f), knowing(f)      carries each request as f does; knowing remembers names
//	sharing(func() Defect)       has a state of its own, kept for one proxy
//	stacked(defects...)          several as one
//
//	the answer:    status, header, noHeader, body(changes...), text, rawBody
//	the request:   send(changes...), sendNoHeader, sendPath, sendKey, sendOtherKey
//	in its place:  answer, invent, remember, hangUp, cutBody, unending
//	the cache:     drops, bringsBack, rememberIf, knowingTags and the like, see cache_defects.go
//	at a time:     meeting, joined, afterMeetings, see crowd.go
//	the events:    events(lose(1), twice(), ...), see events.go and event_defects.go
//
// Changes of a JSON document, in a body or in the data of an event, go by JSON Pointers
// in which * is each member or element: set, setEach, remove, rename, edit.
//
// Where one defect needs both APIs, Both makes the two with what they share.
//
// The tests try every mutant on the bundled reference: the cases that it names fail, a
// control group passes. They take minutes, and stand here so that go test ./conformance
// does not. With -full every case is tried, but where a [Recording] shows that a mutant
// alters nothing of it.
//
// # What is no defect
//
// liberties.go does in another way what the documents leave open. No core case may see
// that: it would say no to an implementation that is right.
package mutant

package mutant

import "net/http"

// atOnce break what happens while something else does. They are slow to answer: so what is
// sent meanwhile meets it on any machine.
var atOnce = []Mutant{
	{
		AtOnce: true,
		Name:   "creations of one name at a time all succeed",
		Kills:  []string{"pulse-create/at-once"},
		Pulse: stacked(on(createStream, slowly()), meeting(createStream, createStream, streamOf, func(_ http.RoundTripper, r *http.Request, response *http.Response) *http.Response {
			return madeAnyway(r, response)
		})),
	},
	{
		AtOnce: true,
		Name:   "creations of one name at a time all fail",
		Kills:  []string{"pulse-create/at-once"},
		Pulse: stacked(on(createStream, slowly()), meeting(createStream, createStream, streamOf, func(http.RoundTripper, *http.Request, *http.Response) *http.Response {
			return made(http.StatusConflict, `{"code":"P6107","message":"The name is taken."}`)
		})),
	},
	{
		AtOnce: true,
		Name:   "the stream is that of the last of several creations at a time",
		Kills:  []string{"pulse-create/at-once"},
		Pulse:  stacked(on(createStream, slowly()), takenOver()),
	},
	{
		AtOnce: true,
		Name:   "a stream that is created beside a deletion goes with it",
		Kills:  []string{"pulse-delete/beside-creation"},
		Pulse: stacked(on(deleteStream, slowly()), meeting(createStream, deleteStream, streamOf, func(target http.RoundTripper, r *http.Request, response *http.Response) *http.Response {
			have(target, r, http.MethodDelete, streamOf(r), nil)
			return madeAnyway(r, response)
		})),
	},
	{
		AtOnce: true,
		Name:   "of changes at a time one is lost",
		Kills:  []string{"pulse-order/at-once", "pulse-order/one-row-at-once"},
		Both:   afterMeetings(lose(2)),
	},
	{
		AtOnce: true,
		Name:   "changes at a time come twice",
		Kills:  []string{"pulse-order/at-once", "pulse-order/one-row-at-once"},
		Both:   afterMeetings(twice()),
	},
	{
		AtOnce: true,
		Name:   "changes of one row at a time come in any order",
		Kills:  []string{"pulse-order/one-row-at-once"},
		Both:   afterMeetings(when(has("/action", "update"), swapFrom(5))),
	},
	{
		AtOnce:     true,
		Name:       "queries at a time share an answer, whatever their variables",
		Kills:      []string{"accelerate-cache/questions-at-once"},
		Accelerate: on(query.where(not(mutates)), slowly(), joined(byQuery)),
	},
	{
		AtOnce:     true,
		Name:       "mutations at a time that are alike are run once",
		Kills:      []string{"accelerate-cache/mutations-at-once"},
		Accelerate: on(query.where(mutates), slowly(), joined(byRequest)),
	},
	{
		AtOnce:     true,
		Name:       "queries at a time that are alike share an answer, whoever asks",
		Kills:      []string{"accelerate-cache/environments-at-once"},
		Accelerate: on(query.where(not(mutates)), slowly(), joined(byBody)),
	},
	{
		AtOnce:     true,
		Name:       "what is being read at an invalidation is kept",
		Kills:      []string{"accelerate-all/misses-under-way", "accelerate-tag/misses-under-way"},
		Accelerate: stacked(on(cached, slowly()), outlivesInvalidation()),
	},
	{
		AtOnce:     true,
		Name:       "who asks behind an invalidation gets what was being read before it",
		Kills:      []string{"accelerate-all/misses-under-way", "accelerate-tag/misses-under-way"},
		Accelerate: stacked(on(cached, slowly()), on(cached, joined(question))),
	},
}

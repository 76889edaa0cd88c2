package mutant

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// subtle are defects that were found by breaking a server of both APIs at each of its
// places, and not beside the cases: what most requests do not notice.
var subtle = slices.Concat(subtlePulse, subtleAccelerate)

var subtlePulse = []Mutant{
	{Name: "of a page of a hundred events the last is lost", Kills: []string{"pulse-consume/backlog"}, Pulse: on(consume, events(lose(100)))},
	{Name: "of a page of a thousand events the last is lost", Kills: []string{"pulse-consume/backlog", "pulse-order/thousand"}, Pulse: on(consume, events(lose(1000)))},
	{Name: "a stream ends behind its fortieth event", Kills: []string{"pulse-consume/goes-on"}, Pulse: on(consume, events(closeAfter(40)))},
	{Name: "the list has the newest hundred streams", Kills: []string{"pulse-list/hundred"}, Pulse: on(listStreams, body(first("/data", 100)))},
	{Name: "the list has the oldest hundred streams", Kills: []string{"pulse-list/hundred"}, Pulse: on(listStreams, body(first("/data", -100)))},
	{Name: "a stream is stopped when its consumer left", Kills: []string{"pulse-list/afterwards"}, Pulse: onceConsumed(set("/status", "stopped"))},
	{Name: "a stream's time is that of its last consumer", Kills: []string{"pulse-list/afterwards"}, Pulse: onceConsumed(set("/createdAt", "2099-01-01T00:00:00.000Z"))},
	{Name: "a subscription gives events ids of its own", Kills: []string{"pulse-subscribe/same-event"}, Pulse: on(subscribe, anew())},
	{Name: "what a subscriber gets is acknowledged for the streams", Kills: []string{"pulse-subscribe/no-cursor"}, Pulse: acknowledgingForAll()},
	{
		Name: "a subscription's filter is about new rows alone", Kills: []string{"pulse-subscribe/filtered-by-kind"},
		Pulse: on(subscribe, send(edit("/filter/update/after", only("b")), edit("/filter/delete", only("b")))),
	},
	{
		Name: "a subscription's deletions pass unseen", Kills: []string{"pulse-subscribe/filtered-by-kind"},
		Pulse: on(subscribe, send(edit("/filter/delete", only("b")))),
	},
	{Name: "an empty text is no condition", Kills: []string{"pulse-filter/empty-text"}, Pulse: on(createStream, send(edit(ofCreate, withoutEmptyTexts)))},
	{
		Name: "a filter that is a list is none", Kills: []string{"pulse-create/filter-no-object"},
		Pulse: on(createStream.where(sendsText(`"filter":[`)), send(remove("/filter"))),
	},
	{
		Name: "a filter that is a number is none", Kills: []string{"pulse-create/filter-no-object", "pulse-subscribe/filter-of-another-type"},
		Pulse: on(anything.where(sendsText(`"filter":7`)), send(remove("/filter"))),
	},
	{
		Name: "a member of a filter that is an empty list is one without conditions", Kills: []string{"pulse-filter/member-not-an-object"},
		Pulse: on(createStream.where(sendsText(`"create":[]`)), send(set(ofCreate, map[string]any{}))),
	},
	{Name: "an event tells an empty text as null", Kills: []string{"pulse-content/empty-text"}, Pulse: events(document(edit("/created/name", nullIfBlank)))},
	{
		Name: "an event ends a text where a notification of Postgres ends", Kills: []string{"pulse-content/long-text"},
		Pulse: events(document(editText("/created/name", func(text string) string { return text[:min(len(text), 8000)] }))),
	},
}

var subtleAccelerate = []Mutant{
	{
		Name: "the cache takes blanks in a text for blanks between words", Kills: []string{"accelerate-cache/texts-in-the-document"},
		Accelerate: on(cached, confuses(func(r *http.Request) string { return strings.Join(strings.Fields(byRequest(r)), " ") })),
	},
	{
		Name: "the cache takes a number sign in a text for a comment", Kills: []string{"accelerate-cache/texts-in-the-document"},
		Accelerate: on(cached, confuses(func(r *http.Request) string { return comment.ReplaceAllString(byRequest(r), "") })),
	},
	{
		Name: "a mutation is known by the first word of its text", Kills: []string{"accelerate-cache/mutation-on-the-second-line"},
		Accelerate: on(cached.where(asks("mutation"), asked(func(query string) bool { return !strings.HasPrefix(query, "mutation") })), remember(byRequest, saysCached("ttl"))),
	},
	{
		Name: "a stale answer says that it was read just now", Kills: []string{"accelerate-cache/stale"},
		Accelerate: on(cached, saying("swr", header("X-Accelerate-Last-Modified", "2099-01-01T00:00:00Z"), body(set("/extensions/accelerateInfo/lastModified", "2099-01-01T00:00:00Z")))),
	},
	{Name: "an answer that was stale once is never fresh again", Kills: []string{"accelerate-cache/refresh"}, Accelerate: on(cached, staleForGood())},
	{Name: "tags are compared without regard to case", Kills: []string{"accelerate-tag/capitals"}, Accelerate: dropsAlso(strings.EqualFold)},
	{Name: "an answer carries the tags it was asked for last", Kills: []string{"accelerate-tag/hit-under-another-tag"}, Accelerate: lastTags()},
	{
		Name: "startsWith does not regard case", Kills: []string{"accelerate-query/starts-with-capitals"},
		Accelerate: on(query, rewrite("{startsWith: $start}", "{startsWith: $start, mode: insensitive}")),
	},
	{Name: "a list ends behind a hundred records", Kills: []string{"accelerate-query/all"}, Accelerate: on(query, body(first("/data/findManyEntry", 100)))},
	{
		Name: "of many new records all have the fields of the first", Kills: []string{"accelerate-query/create-many-defaults"},
		Accelerate: on(query, rewrite(`{email: $b, name: "b"}]`, `{email: $b, name: "b", score: 7, active: false}]`)),
	},
	{
		Name: "an update of many counts what became another", Kills: []string{"accelerate-query/update-many-to-the-same"},
		Accelerate: on(query, body(edit("/data/updateManyAccount/count", func(any) any { return 2 }))),
	},
	{Name: "a key in capitals is taken by the one in small letters", Kills: []string{"accelerate-query/key-in-capitals"}, Accelerate: on(query.where(asks(`name: "capital"}) {`)), rawBody(failure))},
	{
		Name: "a value that in has twice finds its record twice", Kills: []string{"accelerate-query/in"},
		Accelerate: on(query, body(edit("/data/findManyAccount", lastTwice))),
	},
	{Name: "a query that failed is said to have been cached", Kills: []string{"accelerate-info/failure"}, Accelerate: on(query, ifAnswered("/errors", saysCached("miss")))},
}

// comment is what a reader that knows no texts takes for a comment in GraphQL.
var comment = regexp.MustCompile(`#[^"]*`)

// onceConsumed changes in the list the streams that somebody has consumed.
func onceConsumed(changes ...change) Defect {
	return sharing(func() Defect {
		var consumed names
		watch := on(consume, before(func(r *http.Request) { consumed.put(nameOf(r), nil) }))
		list := on(listStreams, body(edit("/data/*", func(stream any) any {
			if !consumed.has(textAt(stream, "/name")) {
				return stream
			}
			for _, c := range changes {
				stream = c(stream)
			}
			return stream
		})))
		return func(target http.RoundTripper) http.RoundTripper { return stack(target, []Defect{watch, list}) }
	})
}

// acknowledgingForAll moves the cursors of all streams to what a subscriber was sent.
func acknowledgingForAll() Defect {
	return sharing(func() Defect {
		var last lastSent
		watch := on(subscribe, events(each(func(e event) []event {
			last.set(textAt(e.data(), "/id"))
			return []event{e}
		})))
		return func(target http.RoundTripper) http.RoundTripper {
			return stack(target, []Defect{watch, last.cursors()})
		}
	})
}

// staleForGood says of what was stale once that it is stale whenever it comes from the
// cache.
func staleForGood() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var stale sync.Map
		again := stack(given, []Defect{saysCached("swr")})
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			key := question(r)
			response, err := target.RoundTrip(r)
			if err != nil {
				return response, err
			}
			if says("swr")(response) {
				stale.Store(key, true)
			}
			if _, known := stale.Load(key); known && says("ttl")(response) {
				return again.RoundTrip(withAnswer(r, response))
			}
			return response, nil
		})
	}
}

// lastTags leaves an answer the tags alone under which it was asked for last, also by who
// was answered from the cache.
func lastTags() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var mutex sync.Mutex
		carried := map[string][]string{}
		ignoring := ignoreInvalidation()(target)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			document := sentJSON(r)
			mutex.Lock()
			defer mutex.Unlock()
			if cached.match(r) {
				carried[question(r)] = textsAt(document, tagsAt)
			}
			if !invalidate.match(r) {
				return target.RoundTrip(r)
			}
			for _, tags := range carried {
				if slices.ContainsFunc(textsAt(document, "/tags"), func(tag string) bool { return slices.Contains(tags, tag) }) {
					return target.RoundTrip(r)
				}
			}
			return ignoring.RoundTrip(r)
		})
	}
}

// withoutEmptyTexts leaves out the conditions that are the empty text.
func withoutEmptyTexts(conditions any) any {
	members, ok := conditions.(map[string]any)
	if !ok {
		return conditions
	}
	for name, value := range members {
		if value == "" {
			delete(members, name)
		}
	}
	return members
}

func nullIfBlank(value any) any {
	if value == "" {
		return nil
	}
	return value
}

func lastTwice(value any) any {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return value
	}
	return append(list, list[len(list)-1])
}

package mutant

import (
	"io"
	"net/http"
	"strings"
)

// The places of the conditions that most cases of filters have.
const (
	ofCreate = "/filter/create"
	ofUpdate = "/filter/update/after"
	ofDelete = "/filter/delete"
)

// pulseFilters break what filters let through. Each changes the filter that the target
// gets, so that the target does what the broken implementation would.
var pulseFilters = []Mutant{
	{
		Name:  "without a filter there are creates alone",
		Kills: []string{"pulse-filter/none"},
		Pulse: on(createStream.where(not(sends("/filter"))), send(set("/filter", creates()))),
	},
	{
		Name:  "with an empty filter there are creates alone",
		Kills: []string{"pulse-filter/empty"},
		Pulse: on(createStream, send(edit("/filter", func(filter any) any {
			if members, is := filter.(map[string]any); is && len(members) == 0 {
				return creates()
			}
			return filter
		}))),
	},
	{
		Name:  "of the conditions of create one is enough",
		Kills: []string{"pulse-filter/create", "pulse-filter/equality"},
		Pulse: on(createStream, send(edit(ofCreate, only("b")))),
	},
	{
		Name:  "a stream's filter is forgotten by updates",
		Kills: []string{"pulse-filter/update-after"},
		Pulse: on(createStream, send(edit(ofUpdate, only("b")))),
	},
	{
		Name:  "a stream's filter is forgotten by deletes",
		Kills: []string{"pulse-filter/delete", "pulse-filter/unknown-field-of-row"},
		Pulse: on(createStream, send(edit(ofDelete, only("b")))),
	},
	{
		Name:  "of the members of a filter the first one counts",
		Kills: []string{"pulse-filter/union"},
		Pulse: on(createStream, send(edit("/filter", func(filter any) any {
			if _, there := at(filter, "/create"); !there {
				return filter
			}
			return only("create")(filter)
		}))),
	},
	{
		Name:  "events of a kind without a member pass",
		Kills: []string{"pulse-filter/create-only", "pulse-filter/delete-only", "pulse-filter/update-only"},
		Pulse: on(createStream, send(edit("/filter", everyKind))),
	},
	{
		Name:  "a member without conditions counts as absent",
		Kills: []string{"pulse-filter/empty-member", "pulse-filter/update-without-after"},
		Pulse: on(createStream, send(edit("/filter", withoutEmpty))),
	},
	{
		Name:  "the last of several conditions is not looked at",
		Kills: []string{"pulse-filter/all-conditions"},
		Pulse: on(createStream, send(remove(ofUpdate+"/active"))),
	},
	{
		Name:  "texts are equal whatever their case",
		Kills: []string{"pulse-filter/equality"},
		Pulse: on(createStream, send(edit(ofCreate+"/note", func(value any) any {
			return map[string]any{"equals": value, "mode": "insensitive"}
		}))),
	},
	{
		Name:  "a condition on a number always holds",
		Kills: []string{"pulse-filter/equality-of-types"},
		Pulse: on(createStream, send(remove(ofUpdate+"/score"))),
	},
	{
		Name:  "a condition on a boolean always holds",
		Kills: []string{"pulse-filter/equality-of-types"},
		Pulse: on(createStream, send(remove(ofUpdate+"/active"))),
	},
	{
		Name: "operators always hold",
		Kills: []string{
			"pulse-filter/and-or-not", "pulse-filter/enums", "pulse-filter/greater-and-less", "pulse-filter/in", "pulse-filter/insensitive",
			"pulse-filter/lists", "pulse-filter/moments", "pulse-filter/not", "pulse-filter/not-null", "pulse-filter/numbers-by-value",
			"pulse-filter/text-operators",
		},
		Pulse: on(createStream, send(edit(ofCreate, withoutOperators))),
	},
	{
		Name:  "gte is gt",
		Kills: []string{"pulse-filter/greater-and-less"},
		Pulse: on(createStream, send(rename(ofCreate+"/a", "gte", "gt"))),
	},
	{
		Name:  "lt is lte",
		Kills: []string{"pulse-filter/greater-and-less"},
		Pulse: on(createStream, send(rename(ofCreate+"/a", "lt", "lte"))),
	},
	{
		Name:  "gt is gte",
		Kills: []string{"pulse-filter/greater-and-less"},
		Pulse: on(createStream, send(rename(ofUpdate+"/a", "gt", "gte"))),
	},
	{
		Name:  "lte is lt",
		Kills: []string{"pulse-filter/greater-and-less"},
		Pulse: on(createStream, send(rename(ofUpdate+"/a", "lte", "lt"))),
	},
	{
		Name:  "notIn is not looked at",
		Kills: []string{"pulse-filter/in"},
		Pulse: on(createStream, send(remove(ofCreate+"/a/notIn"))),
	},
	{
		Name:  "a percent sign in contains is any text",
		Kills: []string{"pulse-filter/text-operators"},
		Pulse: on(createStream, send(editText(ofCreate+"/note/contains", func(text string) string { return strings.Trim(text, "%") }))),
	},
	{
		Name:  "mode is not looked at",
		Kills: []string{"pulse-filter/insensitive"},
		Pulse: on(createStream, send(remove(ofCreate+"/note/mode"))),
	},
	{
		Name:  "not lets null pass",
		Kills: []string{"pulse-filter/not"},
		Pulse: on(createStream, send(edit(ofCreate, func(conditions any) any {
			return map[string]any{"OR": []any{conditions, map[string]any{"b": textAt(conditions, "/b"), "note": nil}}}
		}))),
	},
	{
		Name:  "OR is AND",
		Kills: []string{"pulse-filter/and-or-not"},
		Pulse: on(createStream, send(rename(ofCreate, "OR", "AND"))),
	},
	{
		Name:  "NOT is not looked at",
		Kills: []string{"pulse-filter/and-or-not"},
		Pulse: on(createStream, send(remove(ofCreate+"/NOT"))),
	},
	{
		Name:  "null is any value",
		Kills: []string{"pulse-filter/is-null"},
		Pulse: on(createStream, send(remove(ofCreate+"/note"))),
	},
	{
		Name:  "what an event does not tell holds where it is not asked for",
		Kills: []string{"pulse-filter/unknown-field-of-row"},
		Pulse: on(createStream, send(remove(ofDelete+"/OR"))),
	},
	{
		Name:  "conditions of delete are about the key alone",
		Kills: []string{"pulse-filter/whole-row"},
		Pulse: on(createStream, send(remove(ofDelete+"/body"))),
	},
	{
		Name:  "BigInt is compared as a double",
		Kills: []string{"pulse-filter/numbers-by-value"},
		Pulse: on(createStream, send(editText(ofCreate+"/big/gt", func(string) string { return "9007199254740993" }))),
	},
	{
		Name:  "DateTime is compared without its offset",
		Kills: []string{"pulse-filter/moments"},
		Pulse: on(createStream, send(editText(ofCreate+"/dateTime/gte", func(text string) string { return text[:len("2024-02-29T04:05:06")] + "Z" }))),
	},
	{
		Name:  "enums are not looked at",
		Kills: []string{"pulse-filter/enums", "pulse-filter/mapped"},
		Pulse: on(createStream, send(remove(ofCreate+"/mood"), remove(ofUpdate+"/rank"))),
	},
	{
		Name:  "hasSome is not looked at",
		Kills: []string{"pulse-filter/lists"},
		Pulse: on(createStream, send(remove(ofCreate+"/tags/hasSome"))),
	},
	{
		Name: "a filter that cannot be judged is taken",
		Kills: []string{
			"pulse-filter/after-not-an-object", "pulse-filter/before", "pulse-filter/member-not-an-object",
			"pulse-filter/operator-of-another-type", "pulse-filter/relation", "pulse-filter/unknown-field", "pulse-filter/unknown-kind",
			"pulse-filter/unknown-operator", "pulse-filter/value-of-another-type",
		},
		Pulse: on(createStream.where(sends("/filter")).answered(http.StatusBadRequest), madeStream()),
	},
	{
		Name: "a stream is refused for its filter, and made",
		Kills: []string{
			"pulse-filter/after-not-an-object", "pulse-filter/before", "pulse-filter/member-not-an-object",
			"pulse-filter/operator-of-another-type", "pulse-filter/relation", "pulse-filter/unknown-field", "pulse-filter/unknown-kind",
			"pulse-filter/unknown-operator", "pulse-filter/value-of-another-type",
		},
		Pulse: on(createStream.where(sends("/filter")), refusedAndMade()),
	},
}

// creates is a filter that lets creates pass.
func creates() map[string]any { return map[string]any{"create": map[string]any{}} }

// everyKind gives a filter the members that it does not have, without conditions.
func everyKind(filter any) any {
	members, is := filter.(map[string]any)
	if !is {
		return filter
	}
	for _, kind := range []string{"create", "update", "delete"} {
		if _, there := members[kind]; !there {
			members[kind] = map[string]any{}
		}
	}
	return filter
}

// withoutEmpty leaves the members of a filter out that have no conditions.
func withoutEmpty(filter any) any {
	members, _ := filter.(map[string]any)
	for kind, conditions := range members {
		if after, there := at(conditions, "/after"); there {
			conditions = after
		}
		if of, is := conditions.(map[string]any); is && len(of) == 0 {
			delete(members, kind)
		}
	}
	return filter
}

// withoutOperators leaves all conditions out that are more than a value, but the OR by
// which a case finds its rows.
func withoutOperators(conditions any) any {
	of, _ := conditions.(map[string]any)
	for name, condition := range of {
		switch c := condition.(type) {
		case map[string]any:
			delete(of, name)
		case []any:
			if _, label := at(c, "/0/label"); !label {
				delete(of, name)
			}
		}
	}
	return conditions
}

// madeStream answers as if a stream had been made.
func madeStream() Defect {
	return invent(func(*http.Request) *http.Response {
		return made(http.StatusCreated, `{"name":"x","model":"Account","status":"active","createdAt":"2024-02-29T00:00:00Z"}`)
	})
}

// refusedAndMade makes a stream without a filter where the one with it is refused.
func refusedAndMade() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			without := changed(sent(r), []change{remove("/filter")})
			refusal, err := target.RoundTrip(r)
			if err != nil || refusal.StatusCode != http.StatusBadRequest {
				return refusal, err
			}
			again := r.Clone(r.Context())
			again.Body, again.ContentLength = io.NopCloser(strings.NewReader(string(without))), int64(len(without))
			answer, err := target.RoundTrip(again)
			if err != nil {
				return nil, err
			}
			return refusal, answer.Body.Close()
		})
	}
}

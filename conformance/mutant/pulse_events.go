package mutant

import (
	"encoding/base64"
	"slices"
	"strings"
)

// pulseEvents break what single events hold: their members, the fields and values of
// their rows, their ids, and the form in which they are sent.
var pulseEvents = []Mutant{
	{
		Name:  "the event is a member of the data",
		Kills: []string{"pulse-content/data", "pulse-subscribe/live"},
		Pulse: events(document(func(event any) any { return map[string]any{"event": event} })),
	},
	{
		Name:  "a stream is called JSON",
		Kills: []string{"pulse-content/data"},
		Pulse: on(consume.answered(200), header("Content-Type", "application/json")),
	},
	{
		Name:  "an event has no empty line behind it",
		Kills: []string{"pulse-content/own-id"},
		Pulse: events(garble(`\n\n$`, "\n")),
	},
	{
		Name:  "a stream breaks in the middle of an event",
		Kills: []string{"pulse-content/data", "pulse-subscribe/live"},
		Pulse: events(cut(1)),
	},
	{
		Name:  "all events have one id",
		Kills: []string{"pulse-content/growing-ids", "pulse-content/own-id"},
		Pulse: events(document(set("/id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"))),
	},
	{
		Name:  "ids are of no time",
		Kills: []string{"pulse-content/growing-ids"},
		Pulse: events(document(editText("/id", mirrored))),
	},
	{
		Name:  "id lines count events",
		Kills: []string{"pulse-resume/event-id"},
		Pulse: events(withField("id", "1")),
	},
	{
		Name:  "a create has an empty before",
		Kills: []string{"pulse-content/create-members"},
		Pulse: events(when(has("/action", "create"), document(set("/before", map[string]any{})))),
	},
	{
		Name:  "an update has a created",
		Kills: []string{"pulse-content/update-members"},
		Pulse: events(when(has("/action", "update"), document(set("/created", map[string]any{})))),
	},
	{
		Name:  "an update is called a create",
		Kills: []string{"pulse-content/update-members"},
		Pulse: events(when(has("/action", "update"), document(set("/action", "create")))),
	},
	{
		Name:  "a delete has an empty after",
		Kills: []string{"pulse-content/delete-members"},
		Pulse: events(when(has("/action", "delete"), document(set("/after", map[string]any{})))),
	},
	{
		Name:  "models are in small letters",
		Kills: []string{"pulse-content/model-name"},
		Pulse: events(document(editText("/modelName", strings.ToLower))),
	},
	{
		Name:  "an event is of another model",
		Kills: []string{"pulse-content/model-name"},
		Pulse: events(document(set("/modelName", "Other"))),
	},
	{
		Name:  "what the database filled in is not told",
		Kills: []string{"pulse-content/all-fields"},
		Pulse: events(document(remove("/created/score"), remove("/created/active"))),
	},
	{
		Name:  "an event loses its column name",
		Kills: []string{"pulse-content/all-fields"},
		Pulse: events(document(remove("/created/name"))),
	},
	{
		Name:  "an event is about another row",
		Kills: []string{"pulse-content/all-fields"},
		Pulse: events(document(edit("/created/id", func(any) any { return 0 }))),
	},
	{
		Name:  "a new row has what nobody asked for",
		Kills: []string{"pulse-content/all-fields"},
		Pulse: events(document(set("/created/xmin", 1))),
	},
	{
		Name:  "a field without a value is left out",
		Kills: []string{"pulse-content/after-null", "pulse-content/null-fields"},
		Pulse: events(document(edit("/created", withoutNulls), edit("/after", withoutNulls))),
	},
	{
		Name:  "line breaks in a text are blanks",
		Kills: []string{"pulse-content/text"},
		Pulse: events(document(editText("/created/name", strings.NewReplacer("\r\n", " ", "\n", " ").Replace))),
	},
	{
		Name:  "characters beyond sixteen bits are lost",
		Kills: []string{"pulse-content/text"},
		Pulse: events(document(editText("/created/name", func(text string) string {
			return strings.Map(func(r rune) rune { return min(r, '\uFFFD') }, text)
		}))),
	},
	{
		Name:  "a text has no blanks at its ends",
		Kills: []string{"pulse-content/text"},
		Pulse: events(document(editText("/created/name", strings.TrimSpace))),
	},
	{
		Name:  "an update tells what it changed alone",
		Kills: []string{"pulse-content/after", "pulse-content/key-change"},
		Pulse: events(document(remove("/after/score"), remove("/after/email"), remove("/after/note"))),
	},
	{
		Name:  "an update tells the old row as before and after",
		Kills: []string{"pulse-content/before"},
		Pulse: events(when(hasMember("/before"), document(remove("/after"), copied("/before", "/after")))),
	},
	{
		Name:  "an update tells the new row as before and after",
		Kills: []string{"pulse-content/before"},
		Pulse: events(when(hasMember("/before"), document(remove("/before"), copied("/after", "/before")))),
	},
	{
		Name:  "an old row is its key, whatever was kept",
		Kills: []string{"pulse-content/before"},
		Pulse: events(document(edit("/before", only("id")))),
	},
	{
		Name:  "an update tells the old key as before",
		Kills: []string{"pulse-content/index-before", "pulse-content/key-change", "pulse-content/no-before"},
		Pulse: events(when(hasMember("/after"), document(copied("/after", "/before"), edit("/before", only("id", "a", "b", "code"))))),
	},
	{
		Name:  "a change of the key is a delete and a create",
		Kills: []string{"pulse-content/key-change"},
		Both:  whereKeysChange(document(set("/action", "create"), rename("", "after", "created"))),
	},
	{
		Name:  "a long value that did not change is null",
		Kills: []string{"pulse-content/long-value"},
		Pulse: events(document(set("/after/long", nil))),
	},
	{
		Name:  "a long value that did not change is a sign for it",
		Kills: []string{"pulse-content/long-value"},
		Pulse: events(document(set("/after/long", "unchanged-toast-datum"))),
	},
	{
		Name:  "a long value that did not change is left out, also where the old row has it",
		Kills: []string{"pulse-content/long-old-value"},
		Pulse: events(when(hasMember("/before"), document(remove("/after/body")))),
	},
	{
		Name:  "a deleted row has nulls for what is not known",
		Kills: []string{"pulse-content/composite-key", "pulse-content/index-deleted", "pulse-content/key-only"},
		Pulse: events(document(set("/deleted/name", nil))),
	},
	{
		Name:  "a deleted row shows nothing",
		Kills: []string{"pulse-content/composite-key", "pulse-content/index-deleted", "pulse-content/key-only", "pulse-content/whole-deleted"},
		Pulse: events(when(has("/action", "delete"), document(set("/deleted", map[string]any{})))),
	},
	{
		Name:  "of a key of several fields the first is told",
		Kills: []string{"pulse-content/composite-key"},
		Pulse: events(document(remove("/deleted/b"))),
	},
	{
		Name:  "a deleted row is its key, whatever was kept",
		Kills: []string{"pulse-content/whole-deleted"},
		Pulse: events(when(hasMember("/deleted/title"), document(edit("/deleted", only("id"))))),
	},
	{
		Name:  "a deleted row has its id, whatever the identity",
		Kills: []string{"pulse-content/index-deleted"},
		Pulse: events(when(hasMember("/deleted/code"), document(set("/deleted/id", 1)))),
	},
	{
		Name:  "Int is a text",
		Kills: []string{"pulse-content/numbers-and-booleans"},
		Pulse: events(document(asText("/created/score"))),
	},
	{
		Name:  "Boolean is a number",
		Kills: []string{"pulse-content/numbers-and-booleans"},
		Pulse: events(document(edit("/created/active", func(v any) any { return map[any]int{true: 1}[v] }))),
	},
	{
		Name:  "BigInt is a number",
		Kills: []string{"pulse-content/big-int"},
		Pulse: events(document(edit("/created/big", number))),
	},
	{
		Name:  "Decimal is a number",
		Kills: []string{"pulse-content/decimal"},
		Pulse: events(document(edit("/created/decimal", number))),
	},
	{
		Name:  "Decimal has the zeros of its column",
		Kills: []string{"pulse-content/decimal"},
		Pulse: events(document(editText("/created/decimal", func(text string) string { return text + "00" }))),
	},
	{
		Name:  "Float is a text",
		Kills: []string{"pulse-content/float"},
		Pulse: events(document(asText("/created/float"))),
	},
	{
		Name:  "DateTime has an offset",
		Kills: []string{"pulse-content/date-time"},
		Pulse: events(document(editText("/created/dateTime", func(text string) string { return strings.Replace(text, "Z", "+00:00", 1) }))),
	},
	{
		Name:  "Bytes are hexadecimal",
		Kills: []string{"pulse-content/bytes"},
		Pulse: events(document(set("/created/bytes", `\x00ffff`))),
	},
	{
		Name:  "Bytes are base64 for URLs",
		Kills: []string{"pulse-content/bytes"},
		Pulse: events(document(editText("/created/bytes", forURL))),
	},
	{
		Name:  "Json is a text",
		Kills: []string{"pulse-content/json"},
		Pulse: events(document(asText("/created/json"))),
	},
	{
		Name:  "a member of an enum is its place",
		Kills: []string{"pulse-content/enum"},
		Pulse: events(document(set("/created/mood", 1))),
	},
	{
		Name:  "a list is the text of it",
		Kills: []string{"pulse-content/list"},
		Pulse: events(document(asText("/created/tags"))),
	},
	{
		Name:  "a list is in the order of the alphabet",
		Kills: []string{"pulse-content/list"},
		Pulse: events(document(edit("/created/tags", sorted))),
	},
	{
		Name:  "an empty list is null",
		Kills: []string{"pulse-content/empty-list"},
		Pulse: events(document(edit("/created/tags", func(any) any { return nil }))),
	},
	{
		Name:  "a model is called as its table",
		Kills: []string{"pulse-content/mapped-names"},
		Pulse: events(when(has("/modelName", "Renamed"), document(set("/modelName", "conformance_renamed")))),
	},
	{
		Name:  "fields are called as their columns",
		Kills: []string{"pulse-content/mapped-names"},
		Pulse: events(document(rename("/created", "fullName", "full_name"))),
	},
	{
		Name:  "a member of an enum is called as in the database",
		Kills: []string{"pulse-content/mapped-enum"},
		Pulse: events(document(editText("/created/rank", strings.ToLower))),
	},
}

// editText alters a text, where there is one.
func editText(pointer string, f func(string) string) change {
	return edit(pointer, func(value any) any {
		text, is := value.(string)
		if !is {
			return value
		}
		return f(text)
	})
}

// copied puts what one place has into another, which what holds it has to have room for.
func copied(from, to string) change {
	return func(document any) any {
		value, there := at(document, from)
		if !there {
			return document
		}
		return set(to, decode(encode(value)))(document)
	}
}

// only leaves of an object the members of these names.
func only(names ...string) func(any) any {
	return func(value any) any {
		object, _ := value.(map[string]any)
		for name := range object {
			if !slices.Contains(names, name) {
				delete(object, name)
			}
		}
		return value
	}
}

// withoutNulls leaves the members of an object out that are null.
func withoutNulls(value any) any {
	object, _ := value.(map[string]any)
	for name, member := range object {
		if member == nil {
			delete(object, name)
		}
	}
	return value
}

// asText makes of a value the text that it is in JSON.
func asText(pointer string) change {
	return edit(pointer, func(value any) any { return string(encode(value)) })
}

// number makes a number of a text of digits.
func number(value any) any {
	text, _ := value.(string)
	if digits := decode([]byte(text)); digits != nil {
		return digits
	}
	return value
}

// sorted puts a list of texts in the order of the alphabet.
func sorted(value any) any {
	list, _ := value.([]any)
	return slices.SortedFunc(slices.Values(list), func(a, b any) int {
		return strings.Compare(a.(string), b.(string)) // the only list of the fixture has texts
	})
}

// mirrored turns the digits of an id round, so that the greater one is the smaller.
func mirrored(id string) string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	return strings.Map(func(r rune) rune {
		if at := strings.IndexRune(digits, r); at >= 0 {
			return rune(digits[len(digits)-1-at])
		}
		return r
	}, id)
}

// forURL is base64 with the letters that a URL may have.
func forURL(text string) string {
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	return base64.URLEncoding.EncodeToString(value)
}

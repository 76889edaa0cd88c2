package jsonpath_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// decode reads JSON as the runner does, keeping every digit of numbers.
func decode(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func parse(t testing.TB, text string) *jsonpath.Query {
	t.Helper()
	query, err := jsonpath.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return query
}

const events = `{
	"data": [
		{"cursor": "01A", "count": 2, "price": 8.95, "tags": ["x", "y"]},
		{"cursor": "01B", "count": 10, "price": 12.0, "tags": []},
		{"cursor": null, "count": 2.0, "nested": {"cursor": "01C"}}
	],
	"limit": 10,
	"naïve key": {"b": 2, "a": 1, "\"": 3}
}`

func TestSelect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, query, want string }{
		{"a name and an index", `$.data[0].cursor`, `["01A"]`},
		{"a name nobody has", `$.data[0].missing`, `[]`},
		{"null is a node", `$.data[2].cursor`, `[null]`},
		{"an index from the end", `$.data[-1].count`, `[2.0]`},
		{"an index beyond the end", `$.data[3]`, `[]`},
		{"an index beyond the start", `$.data[-4]`, `[]`},
		{"an index of an object", `$.limit[0]`, `[]`},
		{"a name of an array", `$.data.length`, `[]`},
		{"a quoted name with a space", `$['naïve key'].a`, `[1]`},
		{"a quoted name with escapes", `$["na\u00efve key"]["\""]`, `[3]`},
		{"all members, sorted by name", `$['naïve key'].*`, `[3, 1, 2]`},
		{"all elements", `$.data[*].count`, `[2, 10, 2.0]`},
		{"selectors one after the other", `$.data[1, 0, 1]['count', 'cursor']`, `[10, "01B", 2, "01A", 10, "01B"]`},
		{"a slice", `$.data[1:].count`, `[10, 2.0]`},
		{"a slice backwards", `$.data[::-1].count`, `[2.0, 10, 2]`},
		{"a slice with a step", `$.data[0:3:2].count`, `[2, 2.0]`},
		{"a slice with step zero", `$.data[::0]`, `[]`},
		{"descendants, parents first", `$..cursor`, `["01A", "01B", null, "01C"]`},
		{"descendants by index", `$..[0]['cursor']`, `["01A"]`},
		{"members that exist", `$.data[?@.nested].count`, `[2.0]`},
		{"existence counts null", `$.data[?@.cursor].count`, `[2, 10, 2.0]`},
		{"not there", `$.data[?!@.price].count`, `[2.0]`},
		{"equal strings", `$.data[?@.cursor == '01B'].count`, `[10]`},
		{"strings keep their case", `$.data[?@.cursor == '01b'].count`, `[]`},
		{"numbers are compared by value", `$.data[?@.count == 2e0].count`, `[2, 2.0]`},
		{"null is not absent", `$.data[?@.nothing == null].count`, `[]`},
		{"two absent values are equal", `$.data[?@.nothing == @.neither].count`, `[2, 10, 2.0]`},
		{"absent is not less than absent", `$.data[?@.nothing < @.neither || @.nothing > @.neither]`, `[]`},
		{"absent is at most absent", `$.data[?@.nothing <= @.neither].count`, `[2, 10, 2.0]`},
		{"absent is different from a value", `$.data[?@.price != 8.95].count`, `[10, 2.0]`},
		{"order of numbers", `$.data[?@.price > 8.95].price`, `[12.0]`},
		{"order of strings", `$.data[?@.cursor <= "01A"].cursor`, `["01A"]`},
		{"order is only of one type", `$.data[?@.cursor < 5 || @.cursor > 5]`, `[]`},
		{"equal arrays", `$.data[?@.tags == $.data[0].tags].count`, `[2]`},
		{"the root inside a filter", `$.data[?@.count == $.limit].cursor`, `["01B"]`},
		{"and before or", `$.data[?@.count == 10 || @.count == 2 && @.nested].count`, `[10, 2.0]`},
		{"parentheses before and", `$.data[?(@.count == 10 || @.count == 2) && @.nested].count`, `[2.0]`},
		{"not of parentheses", `$.data[?!(@.count == 2)].count`, `[10]`},
		{"a filter in a filter", `$.data[?@.tags[?@ == 'y']].count`, `[2]`},
		{"length of an array", `$.data[?length(@.tags) == 2].count`, `[2]`},
		{"length of a string in characters", `$[?length('naïve') == 5].a`, `[1]`},
		{"length of a number is nothing", `$.data[?length(@.count) > 0]`, `[]`},
		{"count of nodes", `$.data[?count(@.*) > 3].count`, `[2, 10]`},
		{"value of one node", `$.data[?value(@..cursor) == '01A'].count`, `[2]`},
		{"value of two nodes is nothing", `$.data[?value(@..cursor) == null]`, `[]`},
		{"match the whole string", `$.data[?match(@.cursor, '0[0-9]A')].count`, `[2]`},
		{"match is not search", `$.data[?match(@.cursor, '1')]`, `[]`},
		{"search in the string", `$.data[?search(@.cursor, '1(A|B)')].count`, `[2, 10]`},
		{"blank space where it may stand", "$ .data [ ?\t@ .count\n== 10 ] .cursor", `["01B"]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(t, test.query).Select(decode(t, events))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, test.want), any(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.query, diff)
			}
		})
	}
}

func TestSelectTakesNumbersOfGo(t *testing.T) {
	t.Parallel()
	root := []any{1, int64(1), uint64(1), 1.0, json.Number("1.00"), "1", true, nil}
	got, err := parse(t, `$[?@ == 1]`).Select(root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(root[:5], got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSelectRefusesWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		root any
		want string
	}{
		{"a Go type", []any{struct{}{}}, `$[?@ == 1]: expected a JSON value to compare, found Go's struct {}`},
		{"a number that is none", []any{json.Number("1,5")}, `$[?@ == 1]: expected a JSON number to compare, found "1,5"`},
		{"an empty number", []any{json.Number("")}, `$[?@ == 1]: expected a JSON number to compare, found ""`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, `$[?@ == 1]`).Select(test.root)
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		`$`:                        true,
		`$.a['b'][0][-1]`:          true,
		`$.*`:                      false,
		`$..a`:                     false,
		`$['a', 'b']`:              false,
		`$[0:1]`:                   false,
		`$[?@.a]`:                  false,
		`$.a[?@.id == 1].b`:        false,
		"$ \n.a\t[ 'b' ]":          true,
		`$["with \"quotes\""][10]`: true,
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			if got := parse(t, query).Singular(); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

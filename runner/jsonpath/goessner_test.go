package jsonpath_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

const books = `{
	"store": {
		"book": [
			{"title": "Sayings", "price": 8.95, "tags": ["a", "b"], "in-stock": true},
			{"title": "Sword", "price": "12.99", "tags": [], "in-stock": false},
			{"title": "Moby", "price": 8.99, "isbn": "0-553", "tags": ["c"], "in-stock": null},
			{"title": "", "price": 0, "isbn": "", "in-stock": 1}
		],
		"bicycle": {"color": "red", "price": 19.95, "length": "long"}
	},
	"0": "zero", "content-type": "json", "limit": 10, "word": "naïve"
}`

// TestGoessner holds the article's examples and where its dialect differs from
// RFC 9535 (S-169).
func TestGoessner(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, query, want string }{
		{"a wildcard and a name", `$.store.book[*].title`, `["Sayings", "Sword", "Moby", ""]`},
		{"recursive descent", `$..color`, `["red"]`},
		{"recursive descent from a member", `$.store..price`, `[19.95, 8.95, "12.99", 8.99, 0]`},
		{"an index", `$..book[2].title`, `["Moby"]`},
		{"the last by a script", `$..book[(@.length-1)].title`, `[""]`},
		{"a script with more integers", `$.store.book[( @.length - 1 - 2 + 1 )].title`, `["Moby"]`},
		{"a script before the start", `$.store.book[(@.length-5)]`, `[]`},
		{"a script at the end", `$.store.book[(@.length)]`, `[]`},
		{"a script on an object", `$.store[(@.length-1)]`, `[]`},
		{"the last by a slice", `$..book[-1:].title`, `[""]`},
		{"an index from the end", `$.store.book[-2].title`, `["Moby"]`},
		{"a union of indexes", `$..book[0,1].title`, `["Sayings", "Sword"]`},
		{"a union of names", `$.store.book[0]['title','price']`, `["Sayings", 8.95]`},
		{"a union with names without quotes", `$.store.book[0][price, title]`, `[8.95, "Sayings"]`},
		{"a slice from the start", `$..book[:2].title`, `["Sayings", "Sword"]`},
		{"a slice with a step", `$..book[0:4:2].title`, `["Sayings", "Moby"]`},

		{"the length of an array", `$.store.book.length`, `[4]`},
		{"the length of a string in characters", `$.word.length`, `[5]`},
		{"a member named length", `$.store.bicycle.length`, `["long"]`},
		{"the length of an object is absent", `$.store.length`, `[]`},
		{"the length of a number is absent", `$.limit.length`, `[]`},
		{"all lengths below", `$.store..length`, `["long", 4, 2, 0, 1]`},
		{"the length in brackets", `$.store.book['length']`, `[4]`},

		{"a name with a hyphen", `$.content-type`, `["json"]`},
		{"a number as a name", `$.0`, `["zero"]`},
		{"an index as a name", `$[0]`, `["zero"]`},
		{"a name as an index", `$.store.book.1.title`, `["Sword"]`},
		{"a name in quotes as an index", `$.store.book['1'].title`, `["Sword"]`},
		{"a name that is no index", `$.store.book['01']`, `[]`},
		{"a name in brackets without quotes", `$[store][book][0][title]`, `["Sayings"]`},
		{"a name with a hyphen in brackets", `$[content-type]`, `["json"]`},

		{"a filter asks for a true value", `$..book[?(@.isbn)].title`, `["Moby"]`},
		{"zero is not true", `$..book[?(@.price)].title`, `["Sayings", "Sword", "Moby"]`},
		{"null and false are not true", `$..book[?(@['in-stock'])].title`, `["Sayings", ""]`},
		{"an array is true, even if it is empty", `$..book[?(@.tags)].title`, `["Sayings", "Sword", "Moby"]`},
		{"not true", `$..book[?(!@.isbn)].title`, `["Sayings", "Sword", ""]`},
		{"a number below another", `$..book[?(@.price<10)].title`, `["Sayings", "Moby", ""]`},
		{"a string that is a number", `$..book[?(@.price == 12.99)].title`, `["Sword"]`},
		{"a number beside a string that is one", `$..book[?(@.price == '8.95')].title`, `["Sayings"]`},
		{"a number against a string that is none", `$..book[?(@.title < 5 || @.title >= 5 || @.title == 5)]`, `[]`},
		{"an order of strings that are numbers", `$..book[?('9' > '10')].title`, `["Sayings", "Sword", "Moby", ""]`},
		{"equal strings", `$..book[?(@.title=='Moby')].price`, `[8.99]`},
		{"different strings", `$..book[?(@.title!='Moby')].price`, `[8.95, "12.99", 0]`},
		{"absent equals null", `$..book[?(@.isbn == null)].title`, `["Sayings", "Sword"]`},
		{"null is not false", `$..book[?(@['in-stock'] == false)].title`, `["Sword"]`},
		{"null is in no order", `$..book[?(@.isbn <= null || @.isbn >= @.none)]`, `[]`},
		{"at most", `$..book[?(@.price <= 8.95)].title`, `["Sayings", ""]`},
		{"at least", `$..book[?(@.price >= 8.99)].title`, `["Sword", "Moby"]`},
		{"arrays are equal to nothing, two absent values are", `$..book[?(@.tags == @.tags)].title`, `[""]`},
		{"arrays are different from everything", `$..book[?(@.tags != @.tags)].title`, `["Sayings", "Sword", "Moby"]`},
		{"the length in a filter", `$..book[?(@.tags.length > 1)].title`, `["Sayings"]`},
		{"and, or, parentheses", `$..book[?((@.price < 9 || @.isbn) && !(@.title == 'Moby'))].title`, `["Sayings", ""]`},
		{"the root in a filter", `$..book[?(@.price > $.limit)].title`, `["Sword"]`},
		{"a filter on an object looks at its members", `$.store[?(@.color)].price`, `[19.95]`},
		{"the node itself", `$.store.book[0].tags[?(@ == 'b')]`, `["b"]`},
		{"a query of several nodes in a filter", `$..book[?(@.tags[*])].title`, `["Sayings", "Moby"]`},
		{"everything", `$.store.book[0].tags.*`, `["a", "b"]`},
		{"everything below", `$.store.bicycle..*`, `["red", "long", 19.95]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			query, err := jsonpath.Goessner.Parse(test.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := query.Select(decode(t, books))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, test.want), any(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.query, diff)
			}
		})
	}
}

func TestGoessnerSingular(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		`$.a.length`: true, `$.a[(@.length-1)]`: true, `$[a].0`: true, `$.a[0,1]`: false, `$..length`: false,
	} {
		parsed, err := jsonpath.Goessner.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.Singular(); got != want {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
}

func TestGoessnerErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"another script", `$.a[(@.size())]`, `byte 4: expected the script (@.length-1), or with other integers: no other script is run`},
		{"a script with a product", `$.a[(@.length*2)]`, `byte 4: expected the script (@.length-1), or with other integers: no other script is run`},
		{"a script with a huge integer", `$.a[(@.length-9999999999999999)]`, `byte 4: expected the script (@.length-1), or with other integers: no other script is run`},
		{"a regular expression", `$..a[?(@.b =~ /x/)]`, `byte 11: expected == != < <= > >= && or ||, found the operator =~, which is of the script language around JSONPath (a name with a hyphen is written @['like-this'])`},
		{"three equals signs", `$..a[?(@.b === 1)]`, `byte 11: expected == != < <= > >= && or ||, found the operator ===, which is of the script language around JSONPath (a name with a hyphen is written @['like-this'])`},
		{"arithmetic in a filter", `$..a[?(@.b-1 > 1)]`, `byte 10: expected == != < <= > >= && or ||, found the operator -, which is of the script language around JSONPath (a name with a hyphen is written @['like-this'])`},
		{"a call in a filter", `$..a[?(@.b.indexOf('x'))]`, `byte 18: expected '&&', '||' or ')', found '('`},
		{"no root", `store.book`, `byte 0: expected '$', which starts every query, found 's'`},
		{"a dot without a name", `$.`, `byte 2: expected a name or '*' after '.'; other names are written ['like this'], found the end`},
		{"a bracket without a selector", `$[@]`, `byte 2: expected a selector: name, 'name', *, index, start:end:step, (@.length-1) or ?(filter), found '@'`},
		{"a name without quotes and more", `$[a b]`, `byte 4: expected ',' or ']', found 'b'`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := jsonpath.Goessner.Parse(test.text)
			var syntax *jsonpath.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if diff := cmp.Diff("JSONPath, "+test.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

// TestDialectsAreApart holds that what only Gössner has is no RFC 9535.
func TestDialectsAreApart(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`$.a-b`, `$.0`, `$[a]`, `$[(@.length-1)]`} {
		if _, err := jsonpath.Parse(text); err == nil {
			t.Errorf("%s was parsed as RFC 9535", text)
		}
	}
	query, length, err := jsonpath.Goessner.ParsePrefix(`$.items.length > 0`)
	if err != nil || query.String() != `$.items.length` || length != 14 {
		t.Errorf("got %v, %d, %v", query, length, err)
	}
}

package source_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestWrittenStrings is the table of how a string is written: in quotes exactly
// where YAML 1.2 or YAML 1.1 would misread it.
func TestWrittenStrings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"words", "a text", `a text`},
		{"expression", "$steps.a.outputs.b", `$steps.a.outputs.b`},
		{"pointer", "$response.body#/a", `$response.body#/a`},
		{"condition", "$statusCode == 200 && $url != 'x'", `$statusCode == 200 && $url != 'x'`},
		{"expression in braces", "{$inputs.a}", `'{$inputs.a}'`},
		{"braces inside", "Bearer {$inputs.a}", `Bearer {$inputs.a}`},
		{"apostrophe", "it's", `it's`},
		{"apostrophe first", "'tis", `'''tis'`},
		{"quote first", `"a" b`, `'"a" b'`},
		{"backslash", `a\b`, `a\b`},
		{"empty", "", `''`},
		{"null", "null", `'null'`},
		{"true", "true", `'true'`},
		{"integer", "12", `'12'`},
		{"fraction", "-1.50", `'-1.50'`},
		{"exponent", "1e5", `'1e5'`},
		{"infinity", "-.inf", `'-.inf'`},
		{"octal", "0o17", `'0o17'`},
		{"version", "1.0.1", `1.0.1`},
		{"time of day in words", "at 1:30", `at 1:30`},
		{"yes of YAML 1.1", "yes", `'yes'`},
		{"On of YAML 1.1", "On", `'On'`},
		{"y of YAML 1.1", "y", `'y'`},
		{"yEs is a string everywhere", "yEs", `yEs`},
		{"underscores of YAML 1.1", "1_000", `'1_000'`},
		{"sexagesimal of YAML 1.1", "1:30", `'1:30'`},
		{"sexagesimal fraction of YAML 1.1", "190:20:30.15", `'190:20:30.15'`},
		{"binary of YAML 1.1", "0b11", `'0b11'`},
		{"date of YAML 1.1", "2024-05-29", `'2024-05-29'`},
		{"time of YAML 1.1", "2024-05-29T10:00:00.5Z", `'2024-05-29T10:00:00.5Z'`},
		{"nearly a date", "2024-05-29-rc", `2024-05-29-rc`},
		{"merge of YAML 1.1", "<<", `'<<'`},
		{"value of YAML 1.1", "=", `'='`},
		{"colon", "a: b", `'a: b'`},
		{"colon at the end", "a:", `'a:'`},
		{"colon inside", "http://a", `http://a`},
		{"hash", "a #b", `'a #b'`},
		{"dash", "- a", `'- a'`},
		{"dash alone", "-", `'-'`},
		{"negative word", "-a", `-a`},
		{"question mark", "? a", `'? a'`},
		{"marker", "---", `'---'`},
		{"alias", "*/*", `'*/*'`},
		{"space at the start", " a", `' a'`},
		{"space at the end", "a ", `'a '`},
		{"tab", "a\tb", `"a\tb"`},
		{"carriage return", "a\r\nb", `"a\r\nb"`},
		{"control characters", "\x00\x1b\x7f", `"\u0000\u001b\u007f"`},
		{"line separators", "\u0085\u2028\u2029", `"\u0085\u2028\u2029"`},
		{"byte order mark", "\ufeff", `"\ufeff"`},
		{"beyond the basic plane", "😀", `😀`},
		{"lines", "a\nb\n", "|\n    a\n    b"},
		{"lines without the last break", "a\n  b", "|-\n    a\n      b"},
		{"lines with more breaks", "a\n\n\n", "|+\n    a\n\n"},
		{"lines with quotes", "\"a\"\n\\b", "|-\n    \"a\"\n    \\b"},
		{"lines that begin with space", " a\nb", `" a\nb"`},
		{"a break alone", "\n", `"\n"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := &source.Value{Kind: source.Object, Members: []source.Member{{
				Key: "k", Value: &source.Value{Kind: source.Array, Items: []*source.Value{{Kind: source.String, Scalar: test.text}}},
			}}}
			written := v.YAML()
			if diff := cmp.Diff("k:\n  - "+test.want+"\n", written); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(v.Data(), parse(t, written).Data()); diff != "" {
				t.Errorf("it reads back otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWrittenDocument shows a document as a whole in both languages.
func TestWrittenDocument(t *testing.T) {
	t.Parallel()
	root := parse(t, `{z: [1.50, [], {}, [a, [b]], {x: 1, y: [~]}], "200": {"a\tb": 0x1F, <<k: true}, t: "é\n<b>\n", e: {}}`)
	wantYAML := `z:
  - 1.50
  - []
  - {}
  - - a
    - - b
  - x: 1
    'y':
      - null
'200':
  "a\tb": 31
  <<k: true
t: |
  é
  <b>
e: {}
`
	wantJSON := `{
  "z": [
    1.50,
    [],
    {},
    [
      "a",
      [
        "b"
      ]
    ],
    {
      "x": 1,
      "y": [
        null
      ]
    }
  ],
  "200": {
    "a\tb": 31,
    "<<k": true
  },
  "t": "é\n<b>\n",
  "e": {}
}
`
	if diff := cmp.Diff(wantYAML, root.YAML()); diff != "" {
		t.Errorf("YAML (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantJSON, root.JSON()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	scalar := &source.Value{Kind: source.Number, Scalar: json.Number("12345678901234567890.10")}
	if got := scalar.YAML() + scalar.JSON(); got != "12345678901234567890.10\n12345678901234567890.10\n" {
		t.Errorf("the number is written %q", got)
	}
}

// TestWrittenLongKeys holds that keys longer than YAML reads before a colon are
// written in the way that it has for them.
func TestWrittenLongKeys(t *testing.T) {
	t.Parallel()
	scalar := &source.Value{Kind: source.String, Scalar: "a\nb\n"}
	inner := &source.Value{Kind: source.Object, Members: []source.Member{{Key: strings.Repeat("y", 1100), Value: scalar}, {Key: "z", Value: scalar}}}
	root := &source.Value{Kind: source.Object, Members: []source.Member{{Key: strings.Repeat("x: ", 400), Value: inner}}}
	root.Members = append(root.Members, source.Member{Key: "list", Value: &source.Value{Kind: source.Array, Items: []*source.Value{inner}}})
	roundTrip(t, root)
}

package source_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

func parse(t *testing.T, text string) *source.Value {
	t.Helper()
	v, err := source.Parse(&source.File{Name: "doc.yml", Text: text})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return v
}

// TestScalars is the table of YAML 1.2's core schema, limited to JSON's types
// (S-004).
func TestScalars(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
	}{
		{"no value", ``, nil},
		{"null", `null`, nil},
		{"tilde", `~`, nil},
		{"Null", `Null`, nil},
		{"nuLL is text", `nuLL`, "nuLL"},
		{"true", `true`, true},
		{"FALSE", `FALSE`, false},
		{"yes is text", `yes`, "yes"},
		{"on is text", `on`, "on"},
		{"no is text", `no`, "no"},
		{"y is text", `y`, "y"},
		{"off is text", `off`, "off"},
		{"Yes is text", `Yes`, "Yes"},
		{"tRUE is text", `tRUE`, "tRUE"},
		{"integer", `12`, json.Number("12")},
		{"negative zero", `-0`, json.Number("-0")},
		{"plus sign", `+12`, json.Number("12")},
		{"leading zero is decimal", `012`, json.Number("12")},
		{"octal", `0o17`, json.Number("15")},
		{"hexadecimal", `0x1F`, json.Number("31")},
		{"hexadecimal with a sign is text", `-0x1F`, "-0x1F"},
		{"hexadecimal beyond 64 bits", `0xFFFFFFFFFFFFFFFFFF`, json.Number("4722366482869645213695")},
		{"binary is text", `0b11`, "0b11"},
		{"underscores are text", `1_000`, "1_000"},
		{"sexagesimal is text", `12:30:45`, "12:30:45"},
		{"minutes are text", `1:30`, "1:30"},
		{"octal of YAML 1.1 is decimal", `010`, json.Number("10")},
		{"octal of YAML 1.2", `0o10`, json.Number("8")},
		{"octal with a wrong digit is text", `0o8`, "0o8"},
		{"hundreds of digits", strings.Repeat("9", 400), json.Number(strings.Repeat("9", 400))},
		{"integer beyond 64 bits", `123456789012345678901234567890`, json.Number("123456789012345678901234567890")},
		{"fraction with every digit", `0.10000000000000000000001`, json.Number("0.10000000000000000000001")},
		{"fraction without whole", `-.5`, json.Number("-0.5")},
		{"fraction alone", `.5`, json.Number("0.5")},
		{"one", `+1`, json.Number("1")},
		{"signs alone are text", `+-1`, "+-1"},
		{"a dot is text", `.`, "."},
		{"quoted infinity is text", `".inf"`, ".inf"},
		{"infinity without its dot is text", `inf`, "inf"},
		{"point without fraction", `5.`, json.Number("5")},
		{"exponent", `1e3`, json.Number("1e3")},
		{"exponent beyond floats", `1.5E+400`, json.Number("1.5E+400")},
		{"version is text", `1.0.1`, "1.0.1"},
		{"date is text", `2024-05-29`, "2024-05-29"},
		{"time is text", `2024-05-29T10:00:00Z`, "2024-05-29T10:00:00Z"},
		{"single quotes", `'12'`, "12"},
		{"double quotes with escapes", `"a\tbé\x41"`, "a\tbéA"},
		{"literal block", "|\n    a\n     b\n", "a\n b\n"},
		{"folded block", ">-\n    a\n    b\n", "a b"},
		{"plain over lines", "a\n  b\n\n  c", "a b\nc"},
		{"folded block keeps deeper lines", ">\n  a\n    b\n  c\n", "a\n  b\nc\n"},
		{"literal block with every break", "|+\n  a\n\n", "a\n\n"},
		{"literal block with an indicator", "|2-\n    a\n   b\n", "  a\n b"},
		{"double quotes over lines", "\"a\n  b\\\n  \\ c\"", "a b c"},
		{"tab before the value", "\ta", "a"},
		{"tab inside", "a\tb", "a\tb"},
		{"tab before a comment", "a\t# b", "a"},
		{"line separators of YAML 1.1 are text", "a\u2028b\u2029c\u0085d", "a\u2028b\u2029c\u0085d"},
		{"expression", `$response.body#/data/0`, "$response.body#/data/0"},
		{"hash in text", `a#b`, "a#b"},
		{"comment", `a #b`, "a"},
		{"tag str", `!!str 12`, "12"},
		{"tag int on a string", `!!int "12"`, json.Number("12")},
		{"tag float on an integer", `!!float 1`, json.Number("1")},
		{"tag bool", `!!bool "true"`, true},
		{"tag null", `!!null ""`, nil},
		{"tag map", `!!map {a: b}`, map[string]any{"a": "b"}},
		{"tag seq", `!!seq [a]`, []any{"a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := parse(t, "v: "+test.text).Get("v").Data()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
	}{
		{"keys are strings", "200: a\nyes: b\nnull: c\n1.0: d\n2024-01-01: e\non: f\n0x1F: g\n~: h\n1:30: i\n", map[string]any{
			"200": "a", "yes": "b", "null": "c", "1.0": "d", "2024-01-01": "e", "on": "f", "0x1F": "g", "~": "h", "1:30": "i",
		}},
		{"an empty key", "'': a\n", map[string]any{"": "a"}},
		{"alias", "a: &x {n: 1}\nb: *x\n", map[string]any{"a": map[string]any{"n": json.Number("1")}, "b": map[string]any{"n": json.Number("1")}}},
		{"alias as a key", "a: &x b\n*x : 1\n", map[string]any{"a": "b", "b": json.Number("1")}},
		{"quoted merge key", `"<<": {a: 1}`, map[string]any{"<<": map[string]any{"a": json.Number("1")}}},
		{"byte order mark", "\ufeffa: 1\n", map[string]any{"a": json.Number("1")}},
		{"carriage returns", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", map[string]any{"a": json.Number("1"), "b": "x\ny\n"}},
		{"document markers", "---\na: 1\n...\n", map[string]any{"a": json.Number("1")}},
		{"YAML 1.1 directive", "%YAML 1.1\n---\na: yes\n", map[string]any{"a": "yes"}},
		{"YAML 1.2 directive", "# c\n\n%YAML 1.2 # d\n---\na: yes\n", map[string]any{"a": "yes"}},
		{"YAML 1.2 directive behind a tag's", "%TAG ! !x\r\n%YAML 1.2\r\n---\r\na: 1\r\n", map[string]any{"a": json.Number("1")}},
		{"text like a directive", "a: |\n  %YAML 1.2\n", map[string]any{"a": "%YAML 1.2\n"}},
		{"carriage returns alone", "a: 1\rb: 2\r", map[string]any{"a": json.Number("1"), "b": json.Number("2")}},
		{"line separators and what stands for them", "a: \ue000\u2028\ue001\u0085\n", map[string]any{"a": "\ue000\u2028\ue001\u0085"}},
		{"anchors are each their last", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n", map[string]any{
			"a": json.Number("1"), "b": json.Number("1"), "c": json.Number("2"), "d": json.Number("2"),
		}},
		{"flow style", "{a: [1, yes], 'b': ~}", map[string]any{"a": []any{json.Number("1"), "yes"}, "b": nil}},
		{"scalar root", "a", "a"},
		{"JSON", "{\n\t\"a\": [1e2, -0.0, true, null],\r\n \"b\": {} }\n", map[string]any{
			"a": []any{json.Number("1e2"), json.Number("-0.0"), true, nil}, "b": map[string]any{},
		}},
		{"a JSON list", `["\ud83d\ude00", {}]`, []any{"😀", map[string]any{}}},
		{"a JSON string", `"\/"`, "/"},
		{"JSON escapes", "\ufeff" + `{"a": "\ud83d\ude00\/\u0041", "b": "yes"}`, map[string]any{"a": "😀/A", "b": "yes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, parse(t, test.text).Data()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       any
		wantErr    string
	}{
		{"object with every digit", ` {"n": 12345678901234567890.10} `, map[string]any{"n": json.Number("12345678901234567890.10")}, ""},
		{"string", `"a"`, "a", ""},
		{"nothing", ``, nil, "EOF"},
		{"half an object", `{"a": 1`, nil, "unexpected EOF"},
		{"a brace too many", `{"a": 1}}`, nil, "there is more after the JSON value"},
		{"a bracket too many", `[1]]`, nil, "there is more after the JSON value"},
		{"two values", `1 2`, nil, "there is more after the JSON value"},
		{"text after a value", `1 x`, nil, "there is more after the JSON value"},
		{"bytes that are not UTF-8", "\"caf\xe9\"", nil, "it holds bytes that are not UTF-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := source.DecodeJSON(test.text)
			if test.wantErr != "" {
				if err == nil || err.Error() != test.wantErr {
					t.Errorf("the error is %v, want %s", err, test.wantErr)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestTabs holds that tabs on lines of white space and comments mean nothing, and
// move nothing (S-003).
func TestTabs(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"a comment", "a: 1\n\t# c\nb: x\n", `{"a":1,"b":"x"}`},
		{"a comment behind spaces and a tab", "a:\n  b: 1\n  \t# c\n  b2: x\n", `{"a":{"b":1,"b2":"x"}}`},
		{"a comment before the first member", "a:\n\t# c\n  b: 1\n", `{"a":{"b":1}}`},
		{"a comment at the start", "\t# c\na: 1\n", `{"a":1}`},
		{"a comment at the end", "a: 1\n\t# c", `{"a":1}`},
		{"lines of tabs", "a: 'x'\n\t\r\n \t\t \nb:\n- y\n\t\n- z\n\t", `{"a":"x","b":["y","z"]}`},
		{"a line of tabs in a text", "a: x\n\t\n  y\nb: 1\n", `{"a":"x\ny","b":1}`},
		{"tabs in texts stay", "a: |\n  x\n  \t# y\n  \t\nb: \"x\ty\"\n\t# c\nc: 'x\ty'\n", `{"a":"x\n\t# y\n\t\n","b":"x\ty","c":"x\ty"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(parse(t, test.text).Data())
			if diff := cmp.Diff(test.want, string(got)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	b := parse(t, "a: 1\n\t# c\n\t\nb: x\n").Get("b")
	if got := b.Position.String(); got != "doc.yml:4:4" {
		t.Errorf("the value stands at %s", got)
	}
}

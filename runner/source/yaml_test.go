package source_test

import (
	"encoding/json"
	"fmt"
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

// TestScalars is the table of YAML 1.2's core schema, limited to JSON's types.
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
		{"integer beyond 64 bits", `123456789012345678901234567890`, json.Number("123456789012345678901234567890")},
		{"fraction with every digit", `0.10000000000000000000001`, json.Number("0.10000000000000000000001")},
		{"fraction without whole", `-.5`, json.Number("-0.5")},
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
		{"keys are strings", "200: a\nyes: b\nnull: c\n1.5: d\n2024-01-01: e\n", map[string]any{
			"200": "a", "yes": "b", "null": "c", "1.5": "d", "2024-01-01": "e",
		}},
		{"alias", "a: &x {n: 1}\nb: *x\n", map[string]any{"a": map[string]any{"n": json.Number("1")}, "b": map[string]any{"n": json.Number("1")}}},
		{"alias as a key", "a: &x b\n*x : 1\n", map[string]any{"a": "b", "b": json.Number("1")}},
		{"quoted merge key", `"<<": {a: 1}`, map[string]any{"<<": map[string]any{"a": json.Number("1")}}},
		{"byte order mark", "\ufeffa: 1\n", map[string]any{"a": json.Number("1")}},
		{"carriage returns", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", map[string]any{"a": json.Number("1"), "b": "x\ny\n"}},
		{"document markers", "---\na: 1\n...\n", map[string]any{"a": json.Number("1")}},
		{"YAML 1.1 directive", "%YAML 1.1\n---\na: yes\n", map[string]any{"a": "yes"}},
		{"flow style", "{a: [1, yes], 'b': ~}", map[string]any{"a": []any{json.Number("1"), "yes"}, "b": nil}},
		{"scalar root", "a", "a"},
		{"JSON", "{\n\t\"a\": [1e2, -0.0, true, null],\r\n \"b\": {} }\n", map[string]any{
			"a": []any{json.Number("1e2"), json.Number("-0.0"), true, nil}, "b": map[string]any{},
		}},
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

func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	laughs := "a0: &a0 [lol, lol]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "doc.yml: error[arazzo/empty-document]: the document is empty"},
		{"comments alone", "# a\n", "doc.yml: error[arazzo/empty-document]: the document is empty"},
		{"two documents", "a: 1\n---\nb: 2\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: a second document begins here"},
		{"damage in a second document", "a: 1\n---\nb: [\n", "doc.yml:3:1: error[arazzo/yaml-syntax]: did not find expected node content"},
		{"wrong indentation", "a:\n  - b\n c: 1\nd: 2\n", "doc.yml:3:2: error[arazzo/yaml-syntax]: did not find expected key"},
		{"list and mapping", "- a\nb: c\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: did not find expected '-' indicator"},
		{"missing colon", "a: 1\nb\nc: 2\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: could not find expected ':'"},
		{"colon in a value", "a: 1\n  b: c: d\n", "doc.yml:2:3: error[arazzo/yaml-syntax]: mapping values are not allowed in this context"},
		{"open quote", "a: 1\nb: \"x\nc: 2\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: found unexpected end of stream"},
		{"open bracket", "a: 1\nb: [1, 2\nc: 3\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: did not find expected ',' or ']'"},
		{"tab as indentation", "a:\n\tb: 1\n", "doc.yml:2:2: error[arazzo/yaml-syntax]: found character that cannot start any token"},
		{"control character", "a: 1\nb: \x01\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: control characters are not allowed"},
		{"not UTF-8", "a: 1\nb: \xff\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: invalid leading UTF-8 octet"},
		{"unknown anchor", "a: 1\nb: *x\n", "doc.yml:2:1: error[arazzo/yaml-syntax]: unknown anchor 'x' referenced"},
		{"broken JSON", "{\"a\": 1,\n \"b\" 2}", "doc.yml:2:2: error[arazzo/yaml-syntax]: did not find expected ',' or '}'"},
		{"duplicate key", "a:\n  b: 1\n  'b': 2\n", `doc.yml:3:3: error[arazzo/duplicate-key]: the key "b" stands twice in this object`},
		{"duplicate key of JSON", `{"a": 1, "é": 2, "a": 3}`, `doc.yml:1:18: error[arazzo/duplicate-key]: the key "a" stands twice in this object`},
		{"duplicate key by alias", "a: &x b\nb: 1\n*x : 2\n", `doc.yml:3:1: error[arazzo/duplicate-key]: the key "b" stands twice in this object`},
		{"list as a key", "? [a]\n: 1\n", "doc.yml:1:3: error[arazzo/yaml-key]: a key of this object is not a scalar"},
		{"merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "doc.yml:3:3: error[arazzo/yaml-merge]: YAML 1.2 has no merge key <<"},
		{"infinity", "a: .inf\n", "doc.yml:1:4: error[arazzo/yaml-number]: .inf is not a JSON number"},
		{"not a number", "a: [.NaN]\n", "doc.yml:1:5: error[arazzo/yaml-number]: .NaN is not a JSON number"},
		{"custom tag", "a: !secret x\n", "doc.yml:1:4: error[arazzo/yaml-tag]: the tag !secret is not allowed here"},
		{"custom tag on an object", "a: !secret {b: 1}\n", "doc.yml:1:4: error[arazzo/yaml-tag]: the tag !secret is not allowed here"},
		{"binary", "a: !!binary aGVsbG8=\n", "doc.yml:1:4: error[arazzo/yaml-tag]: the tag !!binary is not allowed here"},
		{"set", "a: !!set {b, c}\n", "doc.yml:1:4: error[arazzo/yaml-tag]: the tag !!set is not allowed here"},
		{"text tagged as a number", "a: !!int abc\n", `doc.yml:1:4: error[arazzo/yaml-tag]: "abc" is not of the type that its tag !!int says`},
		{"fraction tagged as an integer", "a: !!int 1.5\n", `doc.yml:1:4: error[arazzo/yaml-tag]: "1.5" is not of the type that its tag !!int says`},
		{"alias of itself", "a: &x [*x]\n", "doc.yml:1:4: error[arazzo/document-too-deep]: the document nests too deep or its aliases expand to too much"},
		{"alias of itself as a member", "&x a: &y {b: *y}\n", "doc.yml:1:7: error[arazzo/document-too-deep]: the document nests too deep or its aliases expand to too much"},
		{"billion laughs", laughs, "doc.yml:1:5: error[arazzo/document-too-deep]: the document nests too deep or its aliases expand to too much"},
		{"nested too deep", strings.Repeat("[", 600) + strings.Repeat("]", 600), "doc.yml:1:502: error[arazzo/document-too-deep]: the document nests too deep or its aliases expand to too much"},
		{"JSON nested too deep", `{"a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, "doc.yml:1:506: error[arazzo/document-too-deep]: the document nests too deep or its aliases expand to too much"},
		{"too large", strings.Repeat("#", source.MaxBytes+1), "doc.yml: error[arazzo/document-too-large]: the document has 67108865 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, err := source.Parse(&source.File{Name: "doc.yml", Text: test.text})
			if err == nil {
				t.Fatalf("Parse took it for %v", v.Data())
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
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

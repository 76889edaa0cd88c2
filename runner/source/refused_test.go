package source_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestRefusedDocuments is the table of what has no meaning as JSON, or would
// exhaust a reader (S-003, S-004). What is not YAML at all is in [TestSyntax].
func TestRefusedDocuments(t *testing.T) {
	t.Parallel()
	laughs := "a0: &a0 [lol, lol]\n"
	for i := range 30 {
		laughs += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", "doc.yml: error[arazzo/empty-document]: the document is empty"},
		{"comments alone", "# a\n", "doc.yml: error[arazzo/empty-document]: the document is empty"},
		{"not UTF-8", "é: 1\nü: \xff\n", "doc.yml:2:4: error[arazzo/not-utf8]: the byte 0xFF begins no character of UTF-8"},
		{"not UTF-8 in JSON", `{"a": "` + "\xe9" + `"}`, "doc.yml:1:8: error[arazzo/not-utf8]: the byte 0xE9 begins no character of UTF-8"},
		{"UTF-16 with its mark", "\xff\xfea\x00:\x00", "doc.yml: error[arazzo/not-utf8]: the document is written in UTF-16 or UTF-32"},
		{"UTF-16 with its mark, the other way round", "\xfe\xff\x00a\x00:", "doc.yml: error[arazzo/not-utf8]: the document is written in UTF-16 or UTF-32"},
		{"UTF-16 without a mark", "a\x00:\x00 \x001\x00", "doc.yml: error[arazzo/not-utf8]: the document is written in UTF-16 or UTF-32"},
		{"zero byte", "a: \x00\n", "doc.yml:1:4: error[arazzo/yaml-syntax]: found the control character U+0000"},
		{"control character", "a: 1\nb: \x01\n", "doc.yml:2:4: error[arazzo/yaml-syntax]: found the control character U+0001"},
		{"delete", "a: é\x7f\n", "doc.yml:1:5: error[arazzo/yaml-syntax]: found the control character U+007F"},
		{"duplicate key", "a:\n  b: 1\n  'b': 2\n", `doc.yml:3:3: error[arazzo/duplicate-key]: the key "b" stands twice in this object`},
		{"duplicate key of many", "{a, b, c, d, e, f, g, h, i, j, b}", `doc.yml:1:32: error[arazzo/duplicate-key]: the key "b" stands twice in this object`},
		{"duplicate key of JSON", `{"a": 1, "é": 2, "a": 3}`, `doc.yml:1:18: error[arazzo/duplicate-key]: the key "a" stands twice in this object`},
		{"duplicate key by alias", "a: &x b\nb: 1\n*x : 2\n", `doc.yml:3:1: error[arazzo/duplicate-key]: the key "b" stands twice in this object`},
		{"list as a key", "? [a]\n: 1\n", "doc.yml:1:3: error[arazzo/yaml-key]: a key of this object is not a scalar"},
		{"merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "doc.yml:3:3: error[arazzo/yaml-merge]: YAML 1.2 has no merge key <<"},
		{"infinity", "a: .inf\n", "doc.yml:1:4: error[arazzo/yaml-number]: .inf is not a JSON number"},
		{"negative infinity", "a: -.INF\n", "doc.yml:1:4: error[arazzo/yaml-number]: -.INF is not a JSON number"},
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

// TestNamedJSON holds that a file whose name promises JSON is read as nothing else
// (S-003).
func TestNamedJSON(t *testing.T) {
	t.Parallel()
	const refused = "error[arazzo/json-syntax]: found "
	tests := []struct{ name, file, text, want string }{
		{"JSON", "doc.json", "\ufeff {\"a\": 1}\n", ""},
		{"a comma too many", "doc.json", `{"a": 1,}`, "doc.json:1:9: " + refused + `'}'`},
		{"keys without quotes", "doc.json", "{a: 1}", "doc.json:1:2: " + refused + "'a'"},
		{"block style", "doc.json", "a: 1\n", "doc.json:1:1: " + refused + "'a'"},
		{"a comment", "doc.json", "# a\n{}", "doc.json:1:1: " + refused + "'#'"},
		{"a name in capitals", "DOC.JSON", "a: 1\n", "DOC.JSON:1:1: " + refused + "'a'"},
		{"a URL with a query", "https://example.com/doc.json?v=1#x", "a: 1\n", "https://example.com/doc.json?v=1#x:1:1: " + refused + "'a'"},
		{"a URL whose query ends so", "https://example.com/doc?file=a.json", "a: 1\n", ""},
		{"a file with a question mark", "doc?a.json", "a: 1\n", "doc?a.json:1:1: " + refused + "'a'"},
		{"another name", "doc.json.yml", "{a: 1,}", ""},
		{"nothing in it", "doc.json", " \n", "doc.json: error[arazzo/empty-document]: the document is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if _, err := source.Parse(&source.File{Name: test.file, Text: test.text}); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

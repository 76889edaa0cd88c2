package openapi_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// The values of OpenAPI's own style table (3.1.1, section 4.8.12.4).
var (
	colors = []any{"blue", "black", "brown"}
	rgb    = map[string]any{"R": json.Number("100"), "G": json.Number("200"), "B": json.Number("150")}
)

const hostile = "a b/c?d#e%f"

// parameter is one named color, in a style of a place; "*" after the style
// explodes it.
func parameter(in, style string) *openapi.Parameter {
	style, exploded := strings.CutSuffix(style, "*")
	return &openapi.Parameter{Name: "color", In: in, Style: style, Explode: exploded}
}

// TestEncode writes values in every style of every place (S-084).
func TestEncode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, style string
		value     any
		want      string
	}{
		{"path", "simple", "blue", "blue"},
		{"path", "simple", colors, "blue,black,brown"},
		{"path", "simple*", colors, "blue,black,brown"},
		{"path", "simple", rgb, "B,150,G,200,R,100"},
		{"path", "simple*", rgb, "B=150,G=200,R=100"},
		{"path", "simple", hostile, "a%20b%2Fc%3Fd%23e%25f"},
		{"path", "simple", "a%20b", "a%2520b"},
		{"path", "simple", "日本;ü", "%E6%97%A5%E6%9C%AC%3B%C3%BC"},
		{"path", "simple", "\x00\xff", "%00%FF"},
		{"path", "simple", "...", "..."},
		{"path", "simple", json.Number("12345678901234567890.10"), "12345678901234567890.10"},
		{"path", "simple", json.Number("1e+21"), "1e%2B21"},
		{"path", "simple", true, "true"},
		{"path", "simple", 200, "200"},
		{"path", "simple", 0.5, "0.5"},
		{"path", "simple", []any{"a,b", nil, "c"}, "a%2Cb,c"},
		{"path", "label", "blue", ".blue"},
		{"path", "label", colors, ".blue,black,brown"},
		{"path", "label*", colors, ".blue.black.brown"},
		{"path", "label", rgb, ".B,150,G,200,R,100"},
		{"path", "label*", rgb, ".B=150.G=200.R=100"},
		{"path", "matrix", "blue", ";color=blue"},
		{"path", "matrix", "", ";color"},
		{"path", "matrix", colors, ";color=blue,black,brown"},
		{"path", "matrix*", colors, ";color=blue;color=black;color=brown"},
		{"path", "matrix", rgb, ";color=B,150,G,200,R,100"},
		{"path", "matrix*", rgb, ";B=150;G=200;R=100"},
		{"path", "matrix*", map[string]any{"a": "", "b": "1"}, ";a;b=1"},

		{"query", "form*", "blue", "color=blue"},
		{"query", "form*", "", "color="},
		{"query", "form*", hostile, "color=a%20b%2Fc%3Fd%23e%25f"},
		{"query", "form*", "a&b=c+d", "color=a%26b%3Dc%2Bd"},
		{"query", "form*", false, "color=false"},
		{"query", "form", colors, "color=blue,black,brown"},
		{"query", "form*", colors, "color=blue&color=black&color=brown"},
		{"query", "form*", []any{"", "a"}, "color=&color=a"},
		{"query", "form", rgb, "color=B,150,G,200,R,100"},
		{"query", "form*", rgb, "B=150&G=200&R=100"},
		{"query", "form*", map[string]any{"a b": "", "c": nil}, "a%20b="},
		{"query", "spaceDelimited", colors, "color=blue%20black%20brown"},
		{"query", "spaceDelimited", rgb, "color=B%20150%20G%20200%20R%20100"},
		{"query", "spaceDelimited*", colors, "color=blue&color=black&color=brown"},
		{"query", "pipeDelimited", colors, "color=blue%7Cblack%7Cbrown"},
		{"query", "pipeDelimited", rgb, "color=B%7C150%7CG%7C200%7CR%7C100"},
		{"query", "deepObject*", rgb, "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100"},
		{"query", "deepObject", map[string]any{"a&b": "c d"}, "color%5Ba%26b%5D=c%20d"},
		{"query", "deepObject*", map[string]any{"a": map[string]any{"b": "", "c": nil}, "d": []any{true, "e"}}, "color%5Ba%5D%5Bb%5D=&color%5Bd%5D=true&color%5Bd%5D=e"},
		{"query", "deepObject", map[string]any{"a": []any{nil, map[string]any{"b": "c"}, "d", []any{"e"}}}, "color%5Ba%5D%5B0%5D%5Bb%5D=c&color%5Ba%5D%5B1%5D=d&color%5Ba%5D%5B2%5D=e"},
		{"query", "deepObject*", []any{"a", nil, "b&c"}, "color%5B0%5D=a&color%5B1%5D=b%26c"},
		{"query", "deepObject", []any{map[string]any{"b": "c", "d": []any{1, 2}}, "e"}, "color%5B0%5D%5Bb%5D=c&color%5B0%5D%5Bd%5D=1&color%5B0%5D%5Bd%5D=2&color%5B1%5D=e"},
		{"formData", "deepObject*", colors, "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown"},
		{"formData", "brackets", hostile, "color=a%20b%2Fc%3Fd%23e%25f"},
		{"formData", "brackets", colors, "color=blue&color=black&color=brown"},
		{"formData", "brackets", map[string]any{"a": rgb, "b": []any{}}, "color%5Ba%5D%5BB%5D=150&color%5Ba%5D%5BG%5D=200&color%5Ba%5D%5BR%5D=100"},

		{"header", "simple", "blue", "blue"},
		{"header", "simple", "", ""},
		{"header", "simple", "Bearer a+b/c=, ü", "Bearer a+b/c=, ü"},
		{"header", "simple", colors, "blue,black,brown"},
		{"header", "simple*", rgb, "B=150,G=200,R=100"},

		{"cookie", "form*", "a+b/c==%20", "color=a+b/c==%20"},
		{"cookie", "form*", "a; b%", "color=a%3B%20b%25"},
		{"cookie", "form*", []any{"a", "b"}, "color=a; color=b"},
		{"cookie", "form", []any{"a", "b,c"}, "color=a,b%2Cc"},
	}
	for _, test := range tests {
		got, present, err := parameter(test.in, test.style).Encode(test.value)
		if err != nil || !present || got != test.want {
			t.Errorf("%s in %s %s: got %q, present %t, error %v; want %q",
				jsonText(test.value), test.style, test.in, got, present, err, test.want)
		}
	}
}

func TestEncodeReservedAndContent(t *testing.T) {
	t.Parallel()
	value := map[string]any{"b": []any{json.Number("1.50"), nil}, "a": "<ü>"}
	tests := []struct {
		name      string
		parameter openapi.Parameter
		value     any
		want      string
	}{
		{
			"reserved characters stay, what ends or divides a query does not",
			openapi.Parameter{In: "query", Style: "form", AllowReserved: true},
			"a:/?@!$'()*,;=b&c+d#e[f]%20%2 ü",
			"p%20q=a:/?@!$'()*,;=b%26c%2Bd%23e%5Bf%5D%20%252%20%C3%BC",
		},
		{"JSON in a query", openapi.Parameter{In: "query", Style: "form", ContentType: "application/json"}, value, "p%20q=%7B%22a%22%3A%22%3C%C3%BC%3E%22%2C%22b%22%3A%5B1.50%2Cnull%5D%7D"},
		{"JSON in a header", openapi.Parameter{In: "header", Style: "simple", ContentType: "application/x+json; charset=utf-8"}, value, `{"a":"<ü>","b":[1.50,null]}`},
		{"JSON in a path", openapi.Parameter{In: "path", Style: "simple", ContentType: "application/json"}, "", "%22%22"},
		{"text in a query", openapi.Parameter{In: "query", Style: "form", ContentType: "text/plain"}, "a b", "p%20q=a%20b"},
		{"a cookie's name, as it is", openapi.Parameter{Name: "a!b", In: "cookie", Style: "form"}, "c", "a!b=c"},
	}
	for _, test := range tests {
		if test.parameter.Name == "" {
			test.parameter.Name = "p q"
		}
		got, present, err := test.parameter.Encode(test.value)
		if err != nil || !present || got != test.want {
			t.Errorf("%s: got %q, present %t, error %v; want %q", test.name, got, present, err, test.want)
		}
	}
}

func TestEncodeNothing(t *testing.T) {
	t.Parallel()
	for _, value := range []any{nil, []any{}, []any{nil}, map[string]any{}, map[string]any{"a": nil}} {
		for _, p := range []*openapi.Parameter{
			openapi.DefaultParameter("a", "query"), openapi.DefaultParameter("a", "header"), openapi.DefaultParameter("a", "cookie"),
			parameter("query", "form"), parameter("query", "deepObject"),
		} {
			got, present, err := p.Encode(value)
			if got != "" || present || err != nil {
				t.Errorf("%s in %s %s: got %q, present %t, error %v; want nothing", jsonText(value), p.Style, p.In, got, present, err)
			}
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	const absent = `path parameter "color": there is no value, and a path cannot do without; expected a string, a number or a boolean`
	tests := []struct {
		in, style string
		value     any
		want      string
	}{
		{"path", "simple", nil, absent},
		{"path", "simple", []any{}, absent},
		{"path", "label", nil, absent},
		{"path", "simple", "", `path parameter "color": the value is the empty string, which would make it the path of another resource`},
		{"path", "simple", []any{[]any{}}, `path parameter "color": style simple takes no array here; expected a string, a number or a boolean`},
		{"query", "form*", map[string]any{"a": rgb}, `query parameter "color": member "a": style form takes no object here; expected a string, a number or a boolean`},
		{"query", "deepObject", "a", `query parameter "color": style deepObject takes an object or an array, found string`},
		{"query", "form", struct{}{}, `query parameter "color": the Go type struct {} holds no JSON value`},
		{"query", "form", math.Inf(1), `query parameter "color": json: unsupported value: +Inf`},
		{"header", "simple", "a\r\nb", `header parameter "color": a header cannot carry the control character 0x0D, at byte 1 of the value`},
		{"header", "simple", strings.Repeat("a", 65537), `header parameter "color": a header of 65537 bytes is more than servers take; expected at most 65536`},
		{"query", "deepObject", map[string]any{"a": []any{struct{}{}}}, `query parameter "color": member "a": item 0: the Go type struct {} holds no JSON value`},
		{"header", "simple", " a", `header parameter "color": a header cannot carry blank space at the start or the end of its value`},
		{"header", "simple*", map[string]any{"a\n": "b"}, `header parameter "color": a header cannot carry the control character 0x0A, at byte 1 of the value`},
	}
	for _, test := range tests {
		got, present, err := parameter(test.in, test.style).Encode(test.value)
		if err == nil || err.Error() != test.want || got != "" || present {
			t.Errorf("%s in %s %s: got %q, present %t, error %v; want error %s",
				jsonText(test.value), test.style, test.in, got, present, err, test.want)
		}
	}
	text := openapi.Parameter{Name: "color", In: "query", Style: "form", ContentType: "text/csv"}
	const want = `query parameter "color": as text/csv: style form takes no array here; expected a string, a number or a boolean`
	if _, _, err := text.Encode(colors); err == nil || err.Error() != want {
		t.Errorf("a list as text/csv: got error %v, want %s", err, want)
	}
}

// FuzzEncode checks that no text can leave its place in the request.
func FuzzEncode(f *testing.F) {
	f.Add(hostile)
	f.Add("..")
	f.Add("\r\n; a=b")
	f.Fuzz(func(t *testing.T, text string) {
		forbidden := map[string]string{
			"path simple": "/?#\r\n ", "query form": "&#?\r\n /", "query deepObject": "&#?\r\n /",
			"header simple": "\r\n\x00", "cookie form": ";\r\n ",
		}
		for place, characters := range forbidden {
			in, style, _ := strings.Cut(place, " ")
			var value any = text
			if style == "deepObject" {
				value = map[string]any{text: text}
			}
			wire, _, err := parameter(in, style).Encode(value)
			if err == nil && strings.ContainsAny(wire, characters) {
				t.Errorf("%q in %s: %q", text, place, wire)
			}
		}
	})
}

func jsonText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

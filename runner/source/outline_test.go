package source

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// unfoldAll makes every node that an outline left out.
func unfoldAll(n *yaml.Node) {
	unfold(n, 1, 0)
	for _, child := range n.Content {
		unfoldAll(child)
	}
}

// sameAsWhole holds that an outline of so many levels, unfolded, is what reading
// all of it at once makes: the same nodes at the same places, or the same error.
func sameAsWhole(t *testing.T, text string, levels int) {
	t.Helper()
	want, refused := jsonNodes(text)
	got, err := jsonOutline(text, levels)
	if (err == nil) != (refused == nil) || err != nil && *err != *refused {
		t.Fatalf("%q with %d levels: got the error %v, want %v", text, levels, err, refused)
	}
	if err != nil {
		return
	}
	unfoldAll(got)
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%q with %d levels: the nodes differ", text, levels)
	}
}

func TestOutline(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a": {"b": {"c": [1, {"d": "é\n"}, []]}}, "a": {"b": 2}, "é": {"é": {"é": 1}}}`,
		"[\r\n[\r[\n\n[ 1 ]\r\n,\"\u2028\"], {}]\r,{\t\"a\"\n:\r\n[]}]",
		`{"a": {"b": {"c": [1,]}}}`, `{"a": {"b": {"c": [1 2]}}}`, `{"a": {"b": ["\x"]}}`, `{"a": {"b": {"c": ` + "\"\n\"}}}", `[[[["`, `[[[[`, `[[[nul]]]`, `[[[1]]`, `[[1]]]`,
		strings.Repeat("[", 500) + strings.Repeat("]", 500), strings.Repeat("[", 501), `[[[[-]]]]`, `[[[[01]]]]`, `{"a": [[{1: 2}]]}`, `[{"a":{"b" 1}}]`,
	} {
		for levels := range 5 {
			sameAsWhole(t, text, levels)
		}
	}
}

// TestOutlineIsFolded: below its levels an outline has the text alone.
func TestOutlineIsFolded(t *testing.T) {
	t.Parallel()
	n, err := jsonOutline(`{"a": {"b": [1, {"c": 2}]}}`, 2)
	if err != nil {
		t.Fatal(err)
	}
	list := n.Content[1].Content[1]
	if list.Kind != yaml.SequenceNode || list.Value != `[1, {"c": 2}]` || list.Content != nil {
		t.Fatalf("got %+v, want a folded list", list)
	}
	unfold(list, 1, 0)
	if object := list.Content[1]; list.Value != "" || object.Value != `{"c": 2}` {
		t.Errorf("got %+v with %+v, want a list with a folded object", list, object)
	}
	Unfold(list.Content[1])
	Unfold(list.Content[1]) // a second time does nothing
	Unfold(nil)
	Unfold(list.Content[0])
	if got := list.Content[1].Content[1].Value; got != "2" || list.Content[0].Value != "1" {
		t.Errorf("got %q and %q, want 2 and 1", got, list.Content[0].Value)
	}
}

// TestOutlineOfRandomJSON unfolds documents that were made at random, of every kind
// of value and white space, some with a damaged byte.
func TestOutlineOfRandomJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := randomJSON(random, 6)
		if random.IntN(4) == 0 {
			at := random.IntN(len(text))
			text = text[:at] + string(rune(random.IntN(128))) + text[at+1:]
		}
		sameAsWhole(t, strings.ToValidUTF8(text, "?"), 1+random.IntN(4))
	}
}

func randomJSON(random *rand.Rand, depth int) string {
	gap := func() string { return []string{"", "", " ", "\n", "\r\n\t", "\r"}[random.IntN(6)] }
	kind := random.IntN(8)
	if depth == 0 {
		kind %= 4
	}
	switch kind {
	case 0:
		return []string{"null", "true", "false"}[random.IntN(3)]
	case 1:
		return []string{"0", "-1.5", "2e+3", "10"}[random.IntN(4)]
	case 2, 3:
		return []string{`""`, `"a"`, `"é日"`, `"\"\\\u00e9\ud83d\ude00"`, `"{[,:]}"`}[random.IntN(5)]
	}
	var entries []string
	for i := range random.IntN(4) {
		value := gap() + randomJSON(random, depth-1) + gap()
		if kind < 6 {
			value = fmt.Sprintf(`%s"k%d"%s:%s`, gap(), i%2, gap(), value)
		}
		entries = append(entries, value)
	}
	if kind < 6 {
		return "{" + gap() + strings.Join(entries, ",") + "}"
	}
	return "[" + gap() + strings.Join(entries, ",") + "]"
}

// FuzzOutline holds the same of any text.
func FuzzOutline(f *testing.F) {
	for _, seed := range []string{
		`{"a": {"b": {"c": [1, {"d": "é\n"}, []]}}}`, "[\r\n[\r[\n\n[ 1 ]\r\n]]]", `[[[1,]]]`, `{"a":[{"b":"\u00e9"}]} x`,
	} {
		f.Add(seed, 1)
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, text string, levels int) {
		sameAsWhole(t, text, 1+(levels&3))
	})
}

// BenchmarkOutline sets the outline of a long description beside what anyone would
// do with it first: look whether it is JSON at all.
func BenchmarkOutline(b *testing.B) {
	var operations []string
	for i := range 3000 {
		operations = append(operations, fmt.Sprintf("    \"/things/%d\": {\n      \"get\": {\n        \"operationId\": \"get%d\",\n"+
			"        \"responses\": {\n          \"200\": {\n            \"description\": \"A thing as it is now.\",\n"+
			"            \"content\": {\n              \"application/json\": {\n                \"schema\": {\n                  \"$ref\": \"#/components/schemas/thing\"\n"+
			"                }\n              }\n            }\n          }\n        }\n      }\n    }", i, i))
	}
	text := "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {\n" + strings.Join(operations, ",\n") + "\n  }\n}\n"
	for _, run := range []struct {
		name string
		read func() error
	}{
		{"yardstick, encoding/json Valid", func() error {
			if !json.Valid([]byte(text)) {
				return fmt.Errorf("not JSON")
			}
			return nil
		}},
		{"yardstick, encoding/json into any", func() error {
			var value any
			return json.Unmarshal([]byte(text), &value)
		}},
		{"outline", func() error { _, err := Outline(&File{Name: "api.json", Text: text}); return err }},
		{"all nodes", func() error { _, err := Nodes(&File{Name: "api.json", Text: text}); return err }},
	} {
		b.Run(run.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := run.read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

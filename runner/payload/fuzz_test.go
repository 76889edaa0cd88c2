package payload_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// FuzzForm holds that a form reads back as it was written, by net/url.
func FuzzForm(f *testing.F) {
	f.Add("a", "b c&d=+%20", "é\x00")
	f.Add("a[b]", "", "[")
	f.Fuzz(func(t *testing.T, name, first, second string) {
		b, err := content(form, nil, nil).Write(map[string]any{name: []any{first, second}, name + "[": map[string]any{first: second}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.ParseQuery(string(b.Text))
		if err != nil {
			t.Fatalf("%s: %v", b.Text, err)
		}
		want := url.Values{name: {first, second}, name + "[[" + first + "]": {second}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %q, want %q", b.Text, got, want)
		}
	})
}

// FuzzFormText holds that no value in a text of a form becomes another field.
func FuzzFormText(f *testing.F) {
	f.Add("b&c=d")
	f.Fuzz(func(t *testing.T, value string) {
		text, err := payload.Escape(form, value, "a=")
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.ParseQuery("a=" + text + "&z=1")
		if want := (url.Values{"a": {value}, "z": {"1"}}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %q, error %v", text, got, err)
		}
	})
}

// FuzzMultipart holds that parts read back as they were written, by mime/multipart.
func FuzzMultipart(f *testing.F) {
	f.Add("a", "b", "c.png")
	f.Add("a\"\\", "\r\n--arazzo-", "\\\"")
	f.Fuzz(func(t *testing.T, name, text, filename string) {
		if strings.ContainsFunc(name+filename, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(name+filename) {
			t.Skip("no name of a part")
		}
		value := map[string]any{name + "1": text, name + "2": &payload.File{Bytes: []byte(text), Name: filename}}
		b, err := content(parts, nil, nil).Write(value)
		if err != nil {
			t.Fatal(err)
		}
		_, parameters, err := mime.ParseMediaType(b.ContentType)
		if err != nil {
			t.Fatal(err)
		}
		reader := multipart.NewReader(bytes.NewReader(b.Text), parameters["boundary"])
		for _, want := range []string{name + "1", name + "2"} {
			p, err := reader.NextRawPart()
			if err != nil {
				t.Fatalf("%q: %v", b.Text, err)
			}
			got, err := io.ReadAll(p)
			if err != nil || string(got) != text || p.FormName() != want {
				t.Errorf("%q: got part %q with %q, error %v", b.Text, p.FormName(), got, err)
			}
		}
		if _, err := reader.NextRawPart(); err != io.EOF {
			t.Errorf("%q has another part: %v", b.Text, err)
		}
	})
}

// FuzzReplace holds that a value is where a pointer put it, and nothing else changed.
func FuzzReplace(f *testing.F) {
	f.Add(`{"a":[1,{"b":2}]}`, "/a/1/b")
	f.Add(`[]`, "/-")
	f.Fuzz(func(t *testing.T, text, target string) {
		value, err := source.DecodeJSON(text)
		if err != nil || value == nil {
			t.Skip()
		}
		s, err := selector.Parse(selector.Language{Name: selector.JSONPointer}, target)
		if err != nil {
			t.Skip()
		}
		marked := json.Number("7")
		replaced, err := s.Replace(value, marked)
		if untouched, _ := source.DecodeJSON(text); !reflect.DeepEqual(untouched, value) {
			t.Fatalf("%s was changed to %v", text, value)
		}
		if err != nil || strings.HasSuffix(target, "/-") {
			return
		}
		pointer, _ := expression.ParsePointer(target)
		if _, isText := value.(string); isText {
			return
		}
		if got, err := pointer.Lookup(replaced); err != nil || got != any(marked) {
			t.Errorf("%s of %s: got %v, error %v", target, text, got, err)
		}
	})
}

// FuzzXML holds that a value in a text of XML, and one that replaces something in it,
// reads back as it is.
func FuzzXML(f *testing.F) {
	f.Add("<&>\"'\r\n\t]]>")
	f.Fuzz(func(t *testing.T, value string) {
		inContent, err := payload.Escape("application/xml", value, "<r><a b='")
		if err != nil {
			t.Skip("XML cannot carry it")
		}
		text := "<r><a b='" + inContent + "' c=\"\">" + inContent + "</a></r>"
		for _, target := range []string{"//a/@c", "//a"} {
			s, err := selector.Parse(selector.Language{Name: selector.XPath}, target)
			if err != nil {
				t.Fatal(err)
			}
			replaced, err := s.Replace(text, value)
			if err != nil {
				t.Fatal(err)
			}
			text = replaced.(string)
		}
		var read struct {
			A struct {
				B string `xml:"b,attr"`
				C string `xml:"c,attr"`
				D string `xml:",chardata"`
			} `xml:"a"`
		}
		if err := xml.Unmarshal([]byte(text), &read); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if read.A.B != value || read.A.C != value || read.A.D != value {
			t.Errorf("%q is read as %q", value, read)
		}
	})
}

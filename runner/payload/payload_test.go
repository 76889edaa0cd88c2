package payload_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/selector"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// object reads a value of a document, whose order of members counts.
func object(t testing.TB, text string) *source.Value {
	t.Helper()
	v, err := source.Parse(&source.File{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// body is the request body of an operation, in a version of OpenAPI 3.
func body(t testing.TB, version, content string) *openapi.RequestBody {
	t.Helper()
	return operation(t, "openapi: "+version+"\npaths: {/a: {post: {operationId: a, requestBody: {content: {"+content+"}}}}}\n")
}

func operation(t testing.TB, text string) *openapi.RequestBody {
	t.Helper()
	d, found := openapi.Load(&source.File{Name: "api.yml", Text: text}, nil)
	if len(found) > 0 {
		t.Fatal(found[0].Render())
	}
	op, found := d.Operation("a")
	if len(found) > 0 {
		t.Fatal(found[0].Render())
	}
	return op.RequestBody
}

// content writes a document's value, and reads files from a map.
func content(mediaType string, declared *openapi.RequestBody, like *source.Value) payload.Content {
	c := payload.Of(mediaType, declared)
	c.Like = like
	c.Read = func(path string) ([]byte, error) {
		if text, ok := map[string]string{"cat.png": "\x89PNG\xff", "notes": "n"}[path]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such file")
	}
	return c
}

const form = "application/x-www-form-urlencoded"

// TestForm writes forms by the Encoding Object of each version, and without one
// (S-094, D17).
func TestForm(t *testing.T) {
	t.Parallel()
	encoded := func(encoding string) string { return form + ": {schema: {type: object}, encoding: {" + encoding + "}}" }
	tests := []struct{ name, declared, value, want string }{
		{"the order of the document", "", `{b: 1, a: "x y&z=é+/?#%", c: ""}`, "b=1&a=x%20y%26z%3D%C3%A9%2B%2F%3F%23%25&c="},
		{"numbers keep their digits", "", `{a: 12345678901234567890.10, b: true, "c d": 1.50}`, "a=12345678901234567890.10&b=true&c%20d=1.50"},
		{
			"brackets, and keys that repeat", "", `{card: {exp: {month: 1, year: 2}, "a]": x}, expand: [a, b], items: [{price: p, tags: [x, y]}, {price: q}], m: [[1, 2]]}`,
			"card%5Bexp%5D%5Bmonth%5D=1&card%5Bexp%5D%5Byear%5D=2&card%5Ba%5D%5D=x&expand=a&expand=b" +
				"&items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Btags%5D=x&items%5B0%5D%5Btags%5D=y&items%5B1%5D%5Bprice%5D=q&m%5B0%5D=1&m%5B0%5D=2",
		},
		{"null and what is empty is left out", "", `{a: null, b: [], c: {}, d: [null, {e: null}], f: 0}`, "f=0 omitted a b c d"},
		{
			"styles", encoded("a: {style: deepObject}, b: {explode: false}, c: {style: pipeDelimited}, d: {allowReserved: true}, e: {style: form}"),
			`{a: {x: 1}, b: [1, 2], c: [1, 2], d: "/a?b&c", e: {f: 1, g: 2}}`, "a%5Bx%5D=1&b=1,2&c=1%7C2&d=/a?b%26c&f=1&g=2",
		},
		{
			"a style of objects, and none to write", encoded("a: {style: deepObject, explode: true}, b: {style: deepObject}, c: {style: deepObject}"),
			`{a: text, b: 1, c: null}`, "a=text&b=1 omitted c",
		},
		{
			"a style of objects for lists", encoded("expand: {style: deepObject, explode: true}, items: {style: deepObject, explode: true}, none: {style: deepObject}"),
			`{expand: [a, b], items: [{price: p, tags: [x, y]}], none: [null]}`,
			"expand%5B0%5D=a&expand%5B1%5D=b&items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Btags%5D=x&items%5B0%5D%5Btags%5D=y omitted none",
		},
		{
			"content types", encoded("a: {contentType: application/json}, b: {contentType: text/plain}, c: {contentType: text/plain}, d: {contentType: 'a/b, c/d'}, e: {contentType: application/json}"),
			`{a: {x: [1, null]}, b: t, c: [1, 2], d: 1, e: s}`, "a=%7B%22x%22%3A%5B1%2Cnull%5D%7D&b=t&c=1&c=2&d=1&e=%22s%22",
		},
	}
	for _, test := range tests {
		var declared *openapi.RequestBody
		if test.declared != "" {
			declared = body(t, "3.1.0", test.declared)
		}
		v := object(t, test.value)
		b, err := content(form, declared, v).Write(v.Data())
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := string(b.Text)
		if len(b.Omitted) > 0 {
			got += " omitted " + strings.Join(b.Omitted, " ")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// swagger is a form of OpenAPI 2.0 with every collectionFormat.
const swagger = `swagger: '2.0'
paths:
  /a:
    post:
      operationId: a
      consumes: [MEDIA]
      parameters:
      - {name: csv, in: formData, type: array, items: {type: string}}
      - {name: ssv, in: formData, type: array, items: {type: string}, collectionFormat: ssv}
      - {name: tsv, in: formData, type: array, items: {type: string}, collectionFormat: tsv}
      - {name: pipes, in: formData, type: array, items: {type: string}, collectionFormat: pipes}
      - {name: multi, in: formData, type: array, items: {type: string}, collectionFormat: multi}
      - {name: text, in: formData, type: string}
      - {name: deep, in: formData, type: string}
FILE      responses: {200: {description: ok}}
`

// The fields that are declared as lists and scalars, and one that is given an object.
const lists = `{csv: ["a,b", c], ssv: [a, b], tsv: [a, b], pipes: [a, b], multi: [a, b], text: "a b", other: {x: [1]}, deep: {y: z}}`

func TestSwaggerForm(t *testing.T) {
	t.Parallel()
	declared := operation(t, strings.NewReplacer("MEDIA", form, "FILE", "").Replace(swagger))
	v := object(t, lists)
	b, err := content(form, declared, v).Write(v.Data())
	if err != nil {
		t.Fatal(err)
	}
	const want = "csv=a%2Cb,c&ssv=a%20b&tsv=a%09b&pipes=a%7Cb&multi=a&multi=b&text=a%20b&other%5Bx%5D=1&deep%5By%5D=z"
	if diff := cmp.Diff(want, string(b.Text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// shown is a body with its boundary as B and its line ends as they are read.
func shown(b *payload.Body) string {
	_, boundary, _ := strings.Cut(b.ContentType, "boundary=")
	return strings.NewReplacer("--"+boundary, "--B", "\r\n", "\n").Replace(string(b.Text))
}

const parts = "multipart/form-data"

// file is a file as link makes it of a document's object.
func file(t testing.TB, members map[string]any) *payload.File {
	t.Helper()
	f, err := payload.NewFile(members)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestMultipart writes parts by the Encoding Object, by the schema, and by the value
// alone (S-095).
func TestMultipart(t *testing.T) {
	t.Parallel()
	png := file(t, map[string]any{"x-file": "cat.png"})
	tests := []struct {
		name, version, declared string
		value                   any
		want                    string
	}{
		{"by the value", "3.1.0", "application/json: {}", map[string]any{
			"text": "é", "number": json.Number("1.50"), "object": map[string]any{"a": json.Number("1")}, "list": []any{"a", nil, true}, "none": nil, "name \"x\"\\\r\n": "",
		}, `--B
Content-Disposition: form-data; name="list"
Content-Type: text/plain

a
--B
Content-Disposition: form-data; name="list"
Content-Type: text/plain

true
--B
Content-Disposition: form-data; name="name \"x\"\\%0D%0A"
Content-Type: text/plain


--B
Content-Disposition: form-data; name="number"
Content-Type: text/plain

1.50
--B
Content-Disposition: form-data; name="object"
Content-Type: application/json

{"a":1}
--B
Content-Disposition: form-data; name="text"
Content-Type: text/plain; charset=utf-8

é
--B--
`},
		{"files", "3.1.0", "application/json: {}", map[string]any{
			"a": png, "b": file(t, map[string]any{"x-file": "notes", "x-filename": "n \"1\".txt"}),
			"c": []any{file(t, map[string]any{"x-base64": "AP8=", "x-content-type": "a/b"}), file(t, map[string]any{"x-file": "notes"})},
		}, `--B
Content-Disposition: form-data; name="a"; filename="cat.png"
Content-Type: image/png

` + "\x89PNG\xff" + `
--B
Content-Disposition: form-data; name="b"; filename="n \"1\".txt"
Content-Type: text/plain

n
--B
Content-Disposition: form-data; name="c"; filename="c"
Content-Type: a/b

` + "\x00\xff" + `
--B
Content-Disposition: form-data; name="c"; filename="notes"
Content-Type: application/octet-stream

n
--B--
`},
		{"by encoding and schema", "3.1.0", parts + `: {schema: {properties: {bytes: {format: binary}, xml: {contentMediaType: application/xml}, raw: {contentEncoding: base64}, quoted: {type: string}}},
			encoding: {image: {contentType: 'image/png, image/gif', headers: {X-A: {required: true, schema: {const: 1}}, X-B: {schema: {type: string}}, Content-Disposition: {schema: {const: x}}}},
			json: {contentType: application/json}, text: {contentType: application/json}, plain: {contentType: application/json}, quoted: {contentType: application/json}, styled: {style: pipeDelimited}, reserved: {allowReserved: true}, deep: {style: deepObject}, flat: {style: deepObject}, many: {contentType: text/csv}}}`, map[string]any{
			"flat":  "no object",
			"image": png, "json": map[string]any{"a": "b"}, "text": "t", "styled": []any{"a b", "c&d"}, "reserved": "%41/", "deep": map[string]any{"k": "v"}, "many": []any{"1,2", "3"},
			"bytes": "\xff", "xml": "<a/>", "raw": "AP8=", "plain": "5", "quoted": "5",
		}, `--B
Content-Disposition: form-data; name="bytes"; filename="bytes"
Content-Type: application/octet-stream

` + "\xff" + `
--B
Content-Disposition: form-data; name="deep[k]"
Content-Type: text/plain

v
--B
Content-Disposition: form-data; name="flat"
Content-Type: text/plain

no object
--B
Content-Disposition: form-data; name="image"; filename="cat.png"
Content-Type: image/png
X-A: 1

` + "\x89PNG\xff" + `
--B
Content-Disposition: form-data; name="json"
Content-Type: application/json

{"a":"b"}
--B
Content-Disposition: form-data; name="many"
Content-Type: text/csv

1,2
--B
Content-Disposition: form-data; name="many"
Content-Type: text/csv

3
--B
Content-Disposition: form-data; name="plain"
Content-Type: application/json

5
--B
Content-Disposition: form-data; name="quoted"
Content-Type: application/json

"5"
--B
Content-Disposition: form-data; name="raw"; filename="raw"
Content-Type: application/octet-stream

AP8=
--B
Content-Disposition: form-data; name="reserved"
Content-Type: text/plain

%41/
--B
Content-Disposition: form-data; name="styled"
Content-Type: text/plain

a b|c&d
--B
Content-Disposition: form-data; name="text"
Content-Type: application/json

"t"
--B
Content-Disposition: form-data; name="xml"; filename="xml"
Content-Type: application/xml

<a/>
--B--
`},
	}
	for _, test := range tests {
		b, err := content(parts, body(t, test.version, test.declared), nil).Write(test.value)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, shown(b)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestMultipartKinds(t *testing.T) {
	t.Parallel()
	declared := operation(t, strings.NewReplacer("MEDIA", parts, "FILE", "      - {name: photo, in: formData, type: file}\n").Replace(swagger))
	v := object(t, lists)
	value := v.Data().(map[string]any)
	value["photo"] = "\xff"
	b, err := content(parts, declared, v).Write(value)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range strings.Split(shown(b), "--B\n")[1:] {
		lines := strings.Split(one, "\n")
		got = append(got, strings.TrimPrefix(lines[0], "Content-Disposition: form-data; ")+" "+lines[3])
	}
	want := []string{
		`name="csv" a,b,c`, `name="ssv" a b`, "name=\"tsv\" a\tb", `name="pipes" a|b`, `name="multi" a`, `name="multi" b`, `name="text" a b`,
		`name="other" {"x":[1]}`, `name="deep" {"y":"z"}`, "name=\"photo\"; filename=\"photo\" \xff",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("OpenAPI 2.0 (-want +got):\n%s", diff)
	}
	mixed, err := content("multipart/mixed; boundary=x", nil, nil).Write([]any{"a", file(t, map[string]any{"x-file": "cat.png"})})
	if err != nil {
		t.Fatal(err)
	}
	const wanted = "--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x\r\nContent-Disposition: attachment; filename=\"cat.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\xff\r\n--x--\r\n"
	if diff := cmp.Diff(wanted, string(mixed.Text)); diff != "" || mixed.ContentType != "multipart/mixed; boundary=x" {
		t.Errorf("a list of parts as %s (-want +got):\n%s", mixed.ContentType, diff)
	}
	wantValue := []any{"a", map[string]any{"x-file": "cat.png"}}
	if diff := cmp.Diff(any(wantValue), mixed.Value); diff != "" {
		t.Errorf("what expressions see (-want +got):\n%s", diff)
	}
}

// TestOrder writes members in the order of the document at every depth, and what it
// does not have behind them.
func TestOrder(t *testing.T) {
	t.Parallel()
	v := object(t, `{z: {d: 1, c: {y: 1, x: 2}}, a: [{f: 1, e: 2}, null, {h: 1, g: 2}], j: {b: 1, a: 2}}`)
	value := v.Data().(map[string]any)
	value["z"].(map[string]any)["a"] = true
	encoded := body(t, "3.1.0", form+": {encoding: {j: {contentType: application/json}}}, "+parts+": {}")
	for _, test := range []struct{ mediaType, want string }{
		{"application/json", `{"z":{"d":1,"c":{"y":1,"x":2},"a":true},"a":[{"f":1,"e":2},null,{"h":1,"g":2}],"j":{"b":1,"a":2}}`},
		{form, "z[d]=1&z[c][y]=1&z[c][x]=2&z[a]=true&a[0][f]=1&a[0][e]=2&a[1][h]=1&a[1][g]=2&j={\"b\":1,\"a\":2}"},
		{parts + "; boundary=B", `{"d":1,"c":{"y":1,"x":2},"a":true} {"f":1,"e":2} {"h":1,"g":2} {"b":1,"a":2}`},
	} {
		b, err := content(test.mediaType, encoded, v).Write(value)
		if err != nil {
			t.Fatal(err)
		}
		got := string(b.Text)
		switch {
		case test.mediaType == form:
			if got, err = url.QueryUnescape(got); err != nil {
				t.Fatal(err)
			}
		case payload.IsMultipart(test.mediaType):
			got = strings.Join(regexp.MustCompile(`{.*}`).FindAllString(got, -1), " ")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.mediaType, diff)
		}
	}
}

// TestReplaceInText keeps the order of a text of JSON.
func TestReplaceInText(t *testing.T) {
	t.Parallel()
	b, err := content("application/json", nil, object(t, "'{}'")).WriteText(`{"z": {"d": 2, "c": 1.0}, "a": 0}`, replacement(t, selector.JSONPointer, "/a", "x"))
	const want = `{"z":{"d":2,"c":1.0},"a":"x"}`
	if err != nil || string(b.Text) != want {
		t.Errorf("got %+q, error %v; want %s", b, err, want)
	}
}

// TestBoundary never lets a boundary occur in a part.
func TestBoundary(t *testing.T) {
	t.Parallel()
	c := content(parts, nil, nil)
	first, err := c.Write(map[string]any{"a": "b"})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := c.Write(map[string]any{"a": "b"})
	other, _ := c.Write(map[string]any{"a": "c"})
	if first.ContentType != again.ContentType || first.ContentType == other.ContentType {
		t.Errorf("got the content types %s, %s, and of another body %s", first.ContentType, again.ContentType, other.ContentType)
	}
	if _, err := content(parts+"; boundary=x", nil, nil).Write(map[string]any{"a": "--x"}); err == nil || err.Error() != `the boundary "x" occurs in a part; expected another, or none in the content type` {
		t.Errorf("a boundary that occurs: %v", err)
	}
}

// TestLimit refuses a body that is too large, before all of its files are read.
func TestLimit(t *testing.T) {
	t.Parallel()
	const want = "the body has more than 67108864 bytes"
	read := 0
	c := content(parts, nil, nil)
	chunk := make([]byte, payload.MaxBytes/4)
	c.Read = func(string) ([]byte, error) { read++; return chunk, nil }
	var files []any
	for range 50 {
		files = append(files, &payload.File{Path: "a"})
	}
	if _, err := c.Write(map[string]any{"a": files}); err == nil || err.Error() != `the part "a": `+want || read != 5 {
		t.Errorf("files: error %v, after %d of them", err, read)
	}
	large := strings.Repeat("a", payload.MaxBytes+1)
	if _, err := content("text/plain", nil, nil).Write(large); err == nil || err.Error() != want {
		t.Errorf("a text: error %v", err)
	}
	if _, err := content(parts, nil, nil).Write(map[string]any{"a": large}); err == nil || err.Error() != want {
		t.Errorf("a part: error %v", err)
	}
}

// TestTexts writes texts and bytes, and what of a file is the whole body.
func TestTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		mediaType string
		value     any
		want      string
	}{
		{"text/plain", "é", "é"},
		{"text/plain; charset=UTF-8", "é€", "é€"},
		{"text/plain; charset=iso-8859-1", "é", "\xe9"},
		{"text/plain; charset=us-ascii", "e", "e"},
		{"text/plain", json.Number("1.50"), "1.50"},
		{"text/csv", true, "true"},
		{"application/octet-stream", "\x00\xff", "\x00\xff"},
		{"image/png", &payload.File{Path: "cat.png"}, "\x89PNG\xff"},
		{"application/octet-stream", &payload.File{Bytes: []byte{0, 1}}, "\x00\x01"},
		{"application/xml", `<?xml version="1.0" encoding="UTF-8"?><a/>`, `<?xml version="1.0" encoding="UTF-8"?><a/>`},
		{"application/xml; charset=iso-8859-1", `<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>`, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>"},
		{"application/xml", `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`, `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`},
		{form, "a=b&c\n", "a=b&c"},
		{"application/x-ndjson", []any{map[string]any{"a": "<"}, "b", nil}, "{\"a\":\"<\"}\n\"b\"\nnull\n"},
		{"application/x-ndjson", "{}\n{}\n", "{}\n{}\n"},
		{parts + "; boundary=x", "--x\n\na\n--x--\n", "--x\r\n\r\na\r\n--x--\r\n"},
		{parts + "; boundary=x", "--x\r\n\r\na\r\n--x--", "--x\r\n\r\na\r\n--x--"},
		{parts + "; boundary=x", "--x\n\na\r\nb\n--x--\n", "--x\r\n\r\na\r\nb\r\n--x--\r\n"},
		{parts + "; boundary=x", "--x\r\n\r\na\nb\r\n--x--", "--x\r\n\r\na\nb\r\n--x--"},
		{"application/vnd.a+json", map[string]any{"b": "<&>", "a": []any{nil, json.Number("1.0")}}, `{"a":[null,1.0],"b":"<&>"}`},
		{"application/json; charset=utf-8", nil, "null"},
	}
	for _, test := range tests {
		b, err := content(test.mediaType, nil, nil).Write(test.value)
		if err != nil || string(b.Text) != test.want || b.ContentType != test.mediaType {
			t.Errorf("%v as %s: got %+q, error %v; want %+q", test.value, test.mediaType, b, err, test.want)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	const noBoundary = "the payload is a text, and the content type multipart/form-data does not say by which boundary it is divided; expected multipart/form-data; boundary=…, or an object of parts"
	required := parts + ": {encoding: {a: {headers: {X-A: {required: true}}}, b: {contentType: image/*}, c: {contentType: \"a/b;\\r\\n c=d\"}, d: {headers: {\"X-A\\r\\nX-B\": {schema: {const: 1}}}}}}"
	tests := []struct {
		mediaType string
		value     any
		want      string
	}{
		{"application/xml", map[string]any{}, "the payload is of type object and cannot be written as application/xml"},
		{"application/jsonl", map[string]any{}, "the payload is of type object and cannot be written as application/jsonl"},
		{"text/plain", nil, "the payload is of type null and cannot be written as text/plain"},
		{form, []any{}, "the payload is of type array and cannot be written as application/x-www-form-urlencoded"},
		{form, &payload.File{Path: "a"}, "a file cannot be written as application/x-www-form-urlencoded"},
		{parts, &payload.File{Path: "a"}, "a file cannot be written as multipart/form-data"},
		{parts, "a", noBoundary},
		{parts + "; boundary=x", "a", "the payload does not end with its boundary, --x--"},
		{parts + `; boundary="a b"`, map[string]any{}, `"a b" cannot be a boundary; expected up to 70 letters, digits and hyphens`},
		{"application/json", map[string]any{"a": &payload.File{Path: "a"}}, "the Go type *payload.File holds no JSON value"},
		{"application/json", []any{"\xff"}, "it holds bytes that are not UTF-8, which JSON cannot carry"},
		{"application/json", map[string]any{"\xff": 1}, "it holds bytes that are not UTF-8, which JSON cannot carry"},
		{"application/json; charset=utf-16", 1, "JSON is UTF-8, and the content type asks for utf-16"},
		{"text/plain; charset=utf-16", "a", "this version of the runner writes no text in utf-16; expected utf-8, us-ascii or iso-8859-1"},
		{"text/plain; charset=us-ascii", "é", `the character 'é' cannot be written in us-ascii`},
		{"text/plain; charset=utf-8", "\xff", "it holds bytes that are no text, and the content type asks for utf-8"},
		{"application/xml", "<a>", "the payload is not XML after its expressions are put in: XML syntax error on line 1: unexpected EOF"},
		{"application/xml", "<a/><b/>", "the payload is not XML after its expressions are put in: it has 2 document elements"},
		{"application/xml", "a", "the payload is not XML after its expressions are put in: there is text outside of the document element"},
		{"application/xml", `<?xml version="1.0" encoding="latin1"?><a>é</a>`, `the payload is not XML after its expressions are put in: xml: opening charset "latin1": it says that it is latin1, and is sent as UTF-8`},
		{"image/png", &payload.File{Path: "../a"}, `x-file "../a" leads out of the folder of --files; expected a path within it, such as images/a.png`},
		{"image/png", &payload.File{Path: "nope"}, "no such file"},
		{parts, map[string]any{"a": "x"}, `the part "a": its encoding requires the header X-A, and does not say its value; expected a const`},
		{parts, map[string]any{"b": &payload.File{Path: "notes"}}, `the part "b": its encoding allows image/*, and the name "notes" says none of them; expected an x-content-type`},
		{parts, map[string]any{"c": "x"}, `the part "c": "a/b;\r\n c=d" is no media type`},
		{parts, map[string]any{"d": "x"}, `the part "d": its encoding has the header "X-A\r\nX-B", which is no name of one`},
		{parts, map[string]any{"b": "x"}, `the part "b": its encoding allows image/*; expected one media type, or an object with x-base64 and x-content-type`},
		{form, map[string]any{"a": []any{struct{}{}}}, `formData parameter "a": item 0: the Go type struct {} holds no JSON value`},
	}
	for _, test := range tests {
		b, err := content(test.mediaType, body(t, "3.1.0", required), nil).Write(test.value)
		if err == nil || err.Error() != test.want {
			t.Errorf("%v as %s: got %+v, error %v; want %s", test.value, test.mediaType, b, err, test.want)
		}
	}
	for _, members := range []map[string]any{
		{"x-file": "a", "x-base64": ""},
		{"x-file": json.Number("1")},
		{"x-file": ""},
		{"x-file": "../a"},
		{"x-file": "a", "y": "z"},
		{"x-base64": "!"},
		{"x-file": "a", "x-filename": "\x00"},
		{"x-file": "a", "x-content-type": "image/*"},
		{"x-base64": "", "x-content-type": "image/png;\r\n\r\nforged=1"},
		{"x-base64": "", "x-filename": "a\nb"},
	} {
		if f, err := payload.NewFile(members); err == nil {
			t.Errorf("%v: got the file %+v", members, f)
		}
	}
}

// TestEscape writes values into texts, where they can never become syntax (S-092).
func TestEscape(t *testing.T) {
	t.Parallel()
	const evil = `"'<&>]]>-- ` + "\n"
	tests := []struct {
		mediaType, before string
		value             any
		want              string
	}{
		{"application/json", `{"a":`, evil, `"\"'<&>]]>-- \n"`},
		{"application/json", `{"a":"`, evil, `\"'<&>]]>-- \n`},
		{"application/json", `{"a\"":`, json.Number("1.0"), "1.0"},
		{"application/x-ndjson", `{"a":"`, evil, `\"'<&>]]>-- \n`},
		{form, "a=", "b&c=d +é", "b%26c%3Dd%20%2B%C3%A9"},
		{"application/xml", "<a>", evil, "&#34;&#39;&lt;&amp;&gt;]]&gt;-- &#xA;"},
		{"application/xml", `<a b="`, evil, "&#34;&#39;&lt;&amp;&gt;]]&gt;-- &#xA;"},
		{"application/xml", `<a b='>'>`, "<", "&lt;"},
		{"application/xml", "<", "a:b", "a:b"},
		{"application/xml", "<a><![CDATA[", "<&>", "<&>"},
		{"application/xml", "<a><!-- > -->", "<", "&lt;"},
		{"application/xml", "<a><!-- ", "<a", "<a"},
		{"text/plain", "a ", evil, evil},
		{parts + "; boundary=x", "--x", "-x", "-x"},
	}
	for _, test := range tests {
		got, err := payload.Escape(test.mediaType, test.value, test.before)
		if err != nil || got != test.want {
			t.Errorf("%v behind %s in %s: got %q, error %v; want %q", test.value, test.before, test.mediaType, got, err, test.want)
		}
	}
	refused := []struct{ mediaType, before, value, want string }{
		{"application/xml", "<", "a b='", `the text "a b='" stands in a tag outside of quotes, and is no name`},
		{"application/xml", "<a><![CDATA[", "]]>", `the text "]]>" has the ]]> that ends a CDATA section, and XML has no escape for it there`},
		{"application/xml", "<!-- ", "-", `the text "-" has the -- that ends a comment, and XML has no escape for it there`},
		{"application/xml", "<?a ", "?>", `the text "?>" has the ?> that ends a processing instruction, and XML has no escape for it there`},
		{"application/xml", "<a>", "\x00", `the text "\x00" has a character that XML cannot carry`},
		{"application/xml", "<a>", "\xff", `the text "\xff" has a character that XML cannot carry`},
		{parts + "; boundary=x", "", "--x", `the text "--x" has the boundary "x" in it`},
		{"application/json", "", "\xff", "it holds bytes that are not UTF-8, which JSON cannot carry"},
	}
	for _, test := range refused {
		if got, err := payload.Escape(test.mediaType, test.value, test.before); err == nil || err.Error() != test.want {
			t.Errorf("%q behind %s in %s: got %q, error %v; want %s", test.value, test.before, test.mediaType, got, err, test.want)
		}
	}
}

// replacement is TARGET of a language in a version, and a value.
func replacement(t testing.TB, language, target string, value any) payload.Replacement {
	t.Helper()
	name, version, _ := strings.Cut(language, " ")
	s, err := selector.Parse(selector.Language{Name: name, Version: version}, target)
	if err != nil {
		t.Fatal(err)
	}
	return payload.Replacement{Target: s, Value: value}
}

// TestReplace puts values into payloads, in order (S-097, S-098, S-099, S-100, S-101).
func TestReplace(t *testing.T) {
	t.Parallel()
	const pointer, path, xpath = selector.JSONPointer, selector.JSONPath, selector.XPath
	one := json.Number("1")
	tests := []struct {
		name, mediaType string
		value           any
		with            []payload.Replacement
		want            string
	}{
		{"in order, each on what the one before gave", "application/json", map[string]any{}, []payload.Replacement{
			replacement(t, pointer, "/a", map[string]any{"b": []any{}}), replacement(t, pointer, "/a/b/-", one), replacement(t, pointer, "/a/b/1", "two"), replacement(t, pointer, "/a/b/0", nil),
		}, `{"a":{"b":[null,"two"]}}`},
		{"the whole", "application/json", map[string]any{"a": one}, []payload.Replacement{replacement(t, pointer, "", []any{one})}, `[1]`},
		{"all matches", "application/json", map[string]any{"a": map[string]any{"a": one}, "b": []any{map[string]any{"a": one}}}, []payload.Replacement{replacement(t, path, "$..a", "x")}, `{"a":"x","b":[{"a":"x"}]}`},
		{"a filter and an index from the end", "application/json", map[string]any{"a": []any{map[string]any{"n": one}, map[string]any{"n": "x"}}}, []payload.Replacement{
			replacement(t, path, "$.a[?@.n == 1].n", "y"), replacement(t, path, "$['a'][-1]", false),
		}, `{"a":[{"n":"y"},false]}`},
		{"the older dialect", "application/json", map[string]any{"a": []any{one, one}}, []payload.Replacement{replacement(t, path+" draft-goessner-dispatch-jsonpath-00", "$.a[(@.length-1)]", "x")}, `{"a":[1,"x"]}`},
		{"a form", form, map[string]any{"a": one}, []payload.Replacement{replacement(t, pointer, "/b", "c d")}, `a=1&b=c%20d`},
		{"a text of JSON", "text/plain", `{"z": {"d": 2, "c": 1.0}, "a": 1.0}`, []payload.Replacement{replacement(t, pointer, "/b", "x")}, `{"z":{"d":2,"c":1.0},"a":1.0,"b":"x"}`},
		{"elements and attributes", "application/xml", `<a x='1' y = "2"><b>1<c/></b> <b/><!-- b --><b z=">"></b></a>`, []payload.Replacement{
			replacement(t, xpath, "//b", "<&>"), replacement(t, xpath, "/a/@y", "\"q'"), replacement(t, xpath, "/a/@x", json.Number("1.50")), replacement(t, xpath, "//b[2]/text()", "t"),
		}, `<a x='1.50' y = "&#34;q&#39;"><b>&lt;&amp;&gt;</b> <b>t</b><!-- b --><b z=">">&lt;&amp;&gt;</b></a>`},
		{"an element with one inside of it", "application/xml", `<a><b>1<c d="2"/></b><c/></a>`, []payload.Replacement{replacement(t, xpath, "//b | //c | //c/@d", "x")}, `<a><b>x</b><c>x</c></a>`},
		{"elements and the texts that they begin with", "application/xml", "<r>" + strings.Repeat("<a>x<b/>y</a>", 20) + "</r>", []payload.Replacement{replacement(t, xpath, "//a | //a/text()", "z")}, "<r>" + strings.Repeat("<a>z</a>", 20) + "</r>"},
		{"a name in a namespace", "application/soap+xml", `<s:a xmlns:s="urn:s" s:n="1"/>`, []payload.Replacement{replacement(t, xpath, "/s:a", "x"), replacement(t, xpath, "/s:a/@s:n", true)}, `<s:a xmlns:s="urn:s" s:n="true">x</s:a>`},
	}
	for _, test := range tests {
		before := fmt.Sprint(test.value)
		b, err := content(test.mediaType, nil, nil).Write(test.value, test.with...)
		if err != nil || string(b.Text) != test.want {
			t.Errorf("%s: got %v, error %v; want %s", test.name, b, err, test.want)
		}
		if after := fmt.Sprint(test.value); after != before {
			t.Errorf("%s: the payload was changed to %s", test.name, after)
		}
	}
}

func TestReplaceRefuses(t *testing.T) {
	t.Parallel()
	const pointer, path, xpath = selector.JSONPointer, selector.JSONPath, selector.XPath
	object := map[string]any{"a": []any{}, "b": "x"}
	tests := []struct {
		value            any
		language, target string
		with             any
		want             string
	}{
		{object, pointer, "/c/d", 1, `the replacement of /c/d: there is no "c" in {"a":[],"b":"x"}, and nothing is made up on the way`},
		{object, pointer, "/b/d", 1, `the replacement of /b/d: there is no "d" in "x"`},
		{object, pointer, "/a/1", 1, `the replacement of /a/1: there is no item "1" in an array of 0`},
		{object, pointer, "/a/00", 1, `the replacement of /a/00: there is no item "00" in an array of 0`},
		{object, pointer, "/a/-/b", 1, `the replacement of /a/-/b: there is no item "-" in an array of 0`},
		{object, path, "$.c", 1, `the replacement of $.c: it finds nothing that could be replaced`},
		{object, path, "$.a[*]", 1, `the replacement of $.a[*]: it finds nothing that could be replaced`},
		{object, xpath, "//a", "x", `the replacement of //a: the context is no text of XML, but {"a":[],"b":"x"}`},
		{"a=b", pointer, "/a", 1, `the replacement of /a: the context is a text that is not JSON: invalid character 'a' looking for beginning of value`},
		{"<a/>", xpath, "//b", "x", `the replacement of //b: it finds nothing that could be replaced`},
		{"<a xmlns='urn:a'/>", xpath, "//a", "x", `the replacement of //a: it finds nothing that could be replaced: `},
		{"<a/>", xpath, "count(//a)", "x", `the replacement of count(//a): it comes to a value, and not to nodes that could be replaced`},
		{"<a/>", xpath, "//a", nil, `the replacement of //a: null cannot be written into XML: only text, numbers, true and false can`},
		{"<a/>", xpath, "//a", "\x00", `the replacement of //a: the text "\x00" has a character that XML cannot carry`},
		{"<a/>", xpath, "/", "x", `the replacement of /: the whole document has no content that a text could replace; expected elements, attributes or texts`},
		{&payload.File{Path: "a"}, pointer, "/a", "x", `a file has no parts that could be replaced`},
		{nil, path, "$", "x", `the replacement of $: the context is null or absent`},
	}
	for _, test := range tests {
		b, err := content("text/plain", nil, nil).Write(test.value, replacement(t, test.language, test.target, test.with))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s in %v: got %v, error %v; want %s", test.target, test.value, b, err, test.want)
		}
	}
}

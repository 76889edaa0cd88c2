package payload

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// MaxBytes bounds a body, and a file within one: as much as the runner takes of a
// response.
const MaxBytes = 64 << 20

var errTooLarge = fmt.Errorf("the body has more than %d bytes", MaxBytes)

const urlEncoded = "application/x-www-form-urlencoded"

// Content is what a body is written as.
type Content struct {
	// MediaType is the content type, with its parameters.
	MediaType string
	// Declared is what OpenAPI says of it, nil where that is nothing; Fields what
	// OpenAPI 2.0 says of a form.
	Declared *openapi.MediaType
	Fields   []*openapi.FormField
	// Raw has a text sent as it stands, whatever the media type asks of one; Bytes has
	// each of its characters sent as one byte, where else it is UTF-8.
	Raw, Bytes bool
	// Like is the document's value, whose order of members is kept; it may be nil.
	Like *source.Value
	// Read reads a file by its path; nil where no file can be read.
	Read func(path string) ([]byte, error)
}

// Body is a body that is written.
type Body struct {
	// Text is the bytes, never nil; ContentType the header's value.
	Text        []byte
	ContentType string
	// Value is the body as expressions see it: a text, or the value that was written.
	Value any
	// Received is the value as the other side can read it, for who compares it with a
	// schema: without what was left out, and of a file or a JSON part the content.
	Received any
	// Omitted are the members of a form of which nothing can be sent, such as null.
	Omitted []string
}

// Of is the content of a media type in an operation's body, which may be nil.
func Of(mediaType string, declared *openapi.RequestBody) Content {
	c := Content{MediaType: mediaType}
	if declared == nil {
		return c
	}
	c.Fields = declared.Fields
	base, _, _ := mime.ParseMediaType(mediaType)
	for _, m := range declared.Content {
		if name, _, err := mime.ParseMediaType(m.Name); err == nil && name == base {
			c.Declared = m
			return c
		}
	}
	return c
}

// IsMultipart tells whether a media type is that of a body in parts.
func IsMultipart(mediaType string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(mediaType)), "multipart/")
}

// IsForm tells whether a media type is that of a form in one text.
func IsForm(mediaType string) bool {
	return openapi.BaseType(mediaType) == urlEncoded
}

// isLines tells the media types of JSON values on a line each.
func isLines(mediaType string) bool {
	return slices.Contains([]string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}, openapi.BaseType(mediaType))
}

// TakesFiles tells whether a body of this media type, or a part of it, may be a
// file. In JSON and in a form an object is data, whatever its members are called.
func TakesFiles(mediaType string) bool { return !openapi.IsJSON(mediaType) && !IsForm(mediaType) }

// Takes tells whether a payload of this kind can be written.
func (c Content) Takes(kind source.Kind) bool {
	switch {
	case openapi.IsJSON(c.MediaType):
		return true
	case IsForm(c.MediaType):
		return kind == source.Object || kind == source.String
	case IsMultipart(c.MediaType):
		return kind == source.Object || kind == source.Array || kind == source.String
	case isLines(c.MediaType):
		return kind == source.Array || kind == source.String
	default:
		return kind == source.String || kind == source.Number || kind == source.Boolean
	}
}

// WriteText writes a text that is the body's own, with what replaces parts of it.
// For JSON it has to be JSON.
func (c Content) WriteText(text string, with ...Replacement) (*Body, error) {
	if c.Raw || !openapi.IsJSON(c.MediaType) {
		return c.Write(text, with...)
	}
	value, err := source.DecodeJSON(text)
	if err != nil {
		return nil, fmt.Errorf("the payload is not JSON after its expressions are put in: %w", err)
	}
	if len(with) > 0 {
		c.Like = likeText(text)
		return c.Write(value, with...)
	}
	if !utf8.ValidString(text) {
		return nil, source.ErrNotUnicode
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	return c.finish(&Body{Text: []byte(text), Value: value})
}

// Write writes a value, with what replaces parts of it. The error says what of it
// the media type cannot carry.
func (c Content) Write(value any, with ...Replacement) (*Body, error) {
	if c.Raw {
		return c.raw(value)
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	value, err := replace(value, with)
	if err != nil {
		return nil, err
	}
	body := &Body{Value: plain(value)}
	file, isFile := value.(*File)
	switch {
	case openapi.IsJSON(c.MediaType):
		body.Text, err = source.EncodeJSON(value, c.Like)
	case isFile && TakesFiles(c.MediaType) && !IsMultipart(c.MediaType):
		body.Text, err = c.content(file)
		body.Received = string(body.Text)
	case !c.Takes(source.KindOf(value)):
		err = c.refusal(value)
	case IsForm(c.MediaType):
		err = c.form(body, value)
	case IsMultipart(c.MediaType):
		err = c.multipart(body, value)
	case source.KindOf(value) == source.Array:
		body.Text, err = lines(value.([]any), c.Like)
	default:
		body.Value = expression.Text(value)
		body.Text, err = c.text(expression.Text(value))
	}
	if err != nil {
		return nil, err
	}
	return c.finish(body)
}

// raw writes a text as it stands, in UTF-8 or as bytes. Of one that is JSON the value is
// what the other side receives.
func (c Content) raw(value any) (*Body, error) {
	text, isText := value.(string)
	if !isText {
		return nil, fmt.Errorf("x-raw sends a text as it stands, and the payload is of type %s", source.KindOf(value))
	}
	if c.Bytes {
		encoded, err := InBytes(text)
		if err != nil {
			return nil, err
		}
		text = string(encoded)
	}
	body := &Body{Text: []byte(text), Value: text}
	if received, err := source.DecodeJSON(text); openapi.IsJSON(c.MediaType) && err == nil {
		body.Received = received
	}
	return c.finish(body)
}

func (c Content) refusal(value any) error {
	if _, isFile := value.(*File); isFile {
		return fmt.Errorf("a file cannot be written as %s", c.MediaType)
	}
	return fmt.Errorf("the payload is of type %s and cannot be written as %s", source.KindOf(value), c.MediaType)
}

// finish settles the content type, and holds the limit.
func (c Content) finish(body *Body) (*Body, error) {
	if len(body.Text) > MaxBytes {
		return nil, errTooLarge
	}
	if body.Text == nil {
		body.Text = []byte{}
	}
	if body.ContentType == "" {
		body.ContentType = c.MediaType
	}
	if body.Received == nil {
		body.Received = body.Value
	}
	return body, nil
}

// charsets are those that a text can be written in, with the last character of each.
var charsets = map[string]rune{
	"utf-8": utf8.MaxRune, "utf8": utf8.MaxRune, "us-ascii": 0x7f, "ascii": 0x7f, "iso-8859-1": 0xff, "latin1": 0xff,
}

// Check says what of the content type no payload can be written in: a charset that is
// not known here, a boundary that is none.
func (c Content) Check() error {
	charset := c.charset()
	_, known := charsets[charset]
	_, parameters, _ := mime.ParseMediaType(c.MediaType)
	boundary, given := parameters["boundary"]
	switch {
	case openapi.IsJSON(c.MediaType) && charset != "" && charsets[charset] != utf8.MaxRune:
		return fmt.Errorf("JSON is UTF-8, and the content type asks for %s", charset)
	case charset != "" && !known && !IsMultipart(c.MediaType):
		return fmt.Errorf("this version of the runner writes no text in %s; expected utf-8, us-ascii or iso-8859-1", charset)
	case given && IsMultipart(c.MediaType) && !isBoundary(boundary):
		return fmt.Errorf("%q cannot be a boundary; expected up to 70 letters, digits and hyphens", boundary)
	}
	return nil
}

// charset is the one that the content type asks for, in lower case.
func (c Content) charset() string {
	_, parameters, _ := mime.ParseMediaType(c.MediaType)
	return strings.ToLower(parameters["charset"])
}

// text writes a text in the charset of the content type. Without one its bytes are
// sent as they are. XML has to be well-formed.
func (c Content) text(text string) ([]byte, error) {
	if openapi.IsXML(c.MediaType) {
		if err := checkXML(text, c.charset()); err != nil {
			return nil, fmt.Errorf("the payload is not XML after its expressions are put in: %w", err)
		}
	}
	charset := c.charset()
	if charset == "" {
		return []byte(text), nil
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("it holds bytes that are no text, and the content type asks for %s", charset)
	}
	most := charsets[charset] // of which Check makes sure
	if at := strings.IndexFunc(text, func(r rune) bool { return r > most }); at >= 0 {
		r, _ := utf8.DecodeRuneInString(text[at:])
		return nil, fmt.Errorf("the character %q cannot be written in %s", r, charset)
	}
	if most == charsets["latin1"] {
		return InBytes(text)
	}
	return []byte(text), nil
}

// InBytes writes each character of a text as the byte of its number, U+0000 to U+00FF.
func InBytes(text string) ([]byte, error) {
	encoded := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil, fmt.Errorf("x-raw: bytes sends each character as one byte, and the number of %q is above U+00FF", r)
		}
		encoded = append(encoded, byte(r))
	}
	return encoded, nil
}

// checkXML wants a text to be one XML document. What a document type declares is
// not read, so that with one the references to it cannot be checked.
func checkXML(text, charset string) error {
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict = !strings.Contains(text, "<!DOCTYPE")
	decoder.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if !strings.EqualFold(label, charset) && strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return nil, fmt.Errorf("it says that it is %s, and is sent as %s", label, strings.ToUpper(orUTF8(charset)))
		}
		return in, nil
	}
	elements := 0
	for depth := 0; ; {
		token, err := decoder.Token()
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				elements++
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(token)) != "" {
				return errors.New("there is text outside of the document element")
			}
		}
		switch {
		case errors.Is(err, io.EOF) && elements == 1:
			return nil
		case errors.Is(err, io.EOF):
			return fmt.Errorf("it has %d document elements", elements)
		case err != nil:
			return err
		}
	}
}

// lines writes values as JSON, each on a line of its own.
func lines(list []any, like *source.Value) ([]byte, error) {
	var text []byte
	for i, item := range list {
		line, err := source.EncodeJSON(item, like.Item(i))
		if err != nil {
			return nil, err
		}
		text = append(append(text, line...), '\n')
	}
	return text, nil
}

func orUTF8(charset string) string {
	if charset == "" {
		return "utf-8"
	}
	return charset
}

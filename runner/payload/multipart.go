package payload

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// multipart writes a body in parts: of an object one for each member, with its
// name (RFC 7578, section 4.2), of a list one for each item, without. A text is the
// body as it is sent, for which the content type has to name the boundary.
func (c Content) multipart(body *Body, value any) error {
	if text, isText := value.(string); isText {
		return c.multipartText(body, text)
	}
	c.Read = c.bounded()
	var parts []part
	switch v := value.(type) {
	case map[string]any:
		received := map[string]any{}
		for _, name := range c.Like.Order(v) {
			more, read, err := c.like(c.Like.Get(name)).parts(name, v[name])
			if err != nil {
				return fmt.Errorf("the part %q: %w", name, err)
			}
			if len(more) == 0 {
				body.Omitted = append(body.Omitted, name)
				continue
			}
			parts = append(parts, more...)
			received[name] = read
		}
		body.Received = received
	case []any:
		for i, item := range v {
			p, err := c.like(c.Like.Item(i)).part("", item, nil, nil)
			if err != nil {
				return fmt.Errorf("the part %d: %w", i, err)
			}
			parts = append(parts, p)
		}
	}
	return c.join(body, parts)
}

// bounded reads files until they have more bytes together than a body may have.
func (c Content) bounded() func(path string) ([]byte, error) {
	if c.Read == nil {
		return nil
	}
	left := MaxBytes
	return func(path string) ([]byte, error) {
		content, err := c.Read(path)
		if left -= len(content); err == nil && left < 0 {
			err = errTooLarge
		}
		return content, err
	}
}

func (c Content) multipartText(body *Body, text string) error {
	_, parameters, _ := mime.ParseMediaType(c.MediaType)
	boundary := parameters["boundary"]
	if boundary == "" {
		return fmt.Errorf("the payload is a text, and the content type %s does not say by which boundary it is divided; expected %[1]s; boundary=…, or an object of parts", c.MediaType)
	}
	if !strings.Contains(text, "--"+boundary+"--") {
		return fmt.Errorf("the payload does not end with its boundary, --%s--", boundary)
	}
	// The first line end is that of a boundary. Where it is LF the text is not as it is
	// sent: YAML has no CRLF, which a value that was put in may have.
	if line, _, _ := strings.Cut(text, "\n"); !strings.HasSuffix(line, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	body.Text = []byte(text)
	return nil
}

// like is the content of a part of the value.
func (c Content) like(part *source.Value) Content {
	c.Like = part
	return c
}

// part is one part, with its header's lines.
type part struct {
	header  []string
	content []byte
	// received is the value that the content stands for.
	received any
}

// parts writes one member: in the style of its encoding where that has one, a list
// by a part for each item, anything else as one part. Received is the member as the
// other side reads it.
func (c Content) parts(name string, value any) (parts []part, received any, err error) {
	e := c.Declared.EncodingOf(name)
	var schema *openapi.Schema
	if c.Declared != nil {
		schema, _ = c.Declared.Schema.Property(name)
	}
	if styled := c.styled(name, value, e); styled != nil {
		parts, err = c.styledParts(styled, value, e)
		return parts, carried(value), err
	}
	list, isList := value.([]any)
	switch {
	case value == nil:
		return nil, nil, nil
	case !isList:
		p, err := c.part(name, value, schema, e)
		return []part{p}, p.received, err
	}
	var read []any
	for i, item := range list {
		if item == nil {
			continue
		}
		p, err := c.like(c.Like.Item(i)).part(name, item, schema.Items(), e)
		if err != nil {
			return nil, nil, err
		}
		parts, read = append(parts, p), append(read, p.received)
	}
	return parts, read, nil
}

// styled is how a member is written that is written in the way of a query, or nil.
func (c Content) styled(name string, value any, e *openapi.Encoding) *openapi.Parameter {
	list, isList := value.([]any)
	if _, isFile := value.(*File); isFile || isList && slices.ContainsFunc(list, func(item any) bool { _, isFile := item.(*File); return isFile }) {
		return nil
	}
	if f := c.declared(name); f != nil {
		if f.File || nested(value) {
			return nil
		}
		return f.Parameter
	}
	if e == nil || e.Field == nil || e.Field.Style == "deepObject" && !source.IsComposite(value) {
		return nil
	}
	unreserved := *e.Field
	unreserved.AllowReserved = false // nothing is escaped in a part
	return &unreserved
}

// styledParts are the name=value pairs of a style, each as a part.
func (c Content) styledParts(p *openapi.Parameter, value any, e *openapi.Encoding) ([]part, error) {
	wire, present, err := p.EncodeLike(value, c.Like)
	if err != nil || !present {
		return nil, err
	}
	var parts []part
	for pair := range strings.SplitSeq(wire, "&") {
		name, text, _ := strings.Cut(pair, "=")
		if name, err = url.PathUnescape(name); err != nil {
			return nil, err
		}
		if text, err = url.PathUnescape(text); err != nil {
			return nil, err
		}
		one, err := c.part(name, text, nil, e)
		if err != nil {
			return nil, err
		}
		parts = append(parts, one)
	}
	return parts, nil
}

// part writes one part. A name it has in a form, and in other multipart types where
// the payload is an object; a list has none.
func (c Content) part(name string, value any, schema *openapi.Schema, e *openapi.Encoding) (p part, err error) {
	contentType, filename := "", ""
	if p.content, contentType, err = c.partContent(value, schema, e); err != nil {
		return part{}, err
	}
	if strings.ContainsFunc(contentType, isControl) { // which may come from a description
		return part{}, fmt.Errorf("%q is no media type", contentType)
	}
	p.received = read(value, contentType, p.content)
	file, isFile := value.(*File)
	field := c.declared(name)
	switch _, isText := value.(string); {
	case isFile:
		filename = file.filename(name)
	case isText && (field != nil && field.File || schema.ContentMediaType() != "" || contentType == bytesType):
		filename = name // servers tell a file from a text by its having one
	}
	switch {
	case name != "":
		p.header = append(p.header, disposition("form-data", "name", name, "filename", filename))
	case isFile:
		p.header = append(p.header, disposition("attachment", "filename", filename))
	}
	p.header = append(p.header, "Content-Type: "+contentType)
	if e == nil {
		return p, nil
	}
	more, err := constantHeaders(e.Headers)
	p.header = append(p.header, more...)
	return p, err
}

// read is the value that the content of a part stands for.
func read(value any, contentType string, content []byte) any {
	_, isFile := value.(*File)
	_, isText := value.(string)
	if openapi.IsJSON(contentType) && (isFile || isText) {
		if data, err := source.DecodeJSON(string(content)); err == nil {
			return data
		}
	}
	if isFile {
		return string(content)
	}
	return value
}

func disposition(kind string, parameters ...string) string {
	line := "Content-Disposition: " + kind
	for i := 0; i < len(parameters); i += 2 {
		if text := parameters[i+1]; text != "" {
			line += "; " + parameters[i] + `="` + quoter.Replace(text) + `"`
		}
	}
	return line
}

// quoter writes a text into a quoted string of a part's header. A line break, which
// has no escape there, is percent-encoded, as browsers do it.
var quoter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A")

// constantHeaders are the headers of which the description says the one value that
// they can have. Content-Disposition is written already.
func constantHeaders(declared []*openapi.Header) ([]string, error) {
	var lines []string
	for _, h := range declared {
		values := h.Schema.Enum()
		switch {
		case strings.EqualFold(h.Name, "Content-Disposition"):
		case !isHeaderName(h.Name):
			return nil, fmt.Errorf("its encoding has the header %q, which is no name of one", h.Name)
		case len(values) == 1:
			text, _, err := openapi.DefaultParameter(h.Name, "header").Encode(values[0])
			if err != nil {
				return nil, err
			}
			lines = append(lines, h.Name+": "+text)
		case h.Required:
			return nil, fmt.Errorf("its encoding requires the header %s, and does not say its value; expected a const", h.Name)
		}
	}
	return lines, nil
}

const (
	bytesType = "application/octet-stream"
	jsonType  = "application/json"
	textType  = "text/plain"
)

// partContent is what a part holds, and its media type.
func (c Content) partContent(value any, schema *openapi.Schema, e *openapi.Encoding) (content []byte, contentType string, err error) {
	declared := ""
	if e != nil {
		declared = e.ContentType
	}
	if f, isFile := value.(*File); isFile {
		if contentType, err = f.mediaType(declared); err != nil {
			return nil, "", err
		}
		content, err = c.content(f)
		return content, contentType, err
	}
	text, isText := value.(string)
	if contentType, err = defaultType(value, schema, declared); err != nil {
		return nil, "", err
	}
	switch {
	case openapi.IsJSON(contentType) && isText && !slices.Contains(schema.Types(), "string"):
		text, err = escapeJSON(text, "") // which may be JSON already
		content = []byte(text)
	case openapi.IsJSON(contentType):
		content, err = source.EncodeJSON(value, c.Like)
	case source.IsComposite(value):
		err = fmt.Errorf("an object or a list of lists cannot be written as %s", contentType)
	default:
		content = []byte(expression.Text(value))
	}
	if contentType == textType && strings.ContainsFunc(string(content), func(r rune) bool { return r >= utf8.RuneSelf }) {
		contentType += "; charset=utf-8"
	}
	return content, contentType, err
}

// defaultType is the media type of a part that is no file (OpenAPI 3.1.1, section
// 4.8.15.1): its encoding's, else that of its schema or value.
func defaultType(value any, schema *openapi.Schema, declared string) (string, error) {
	text, isText := value.(string)
	switch {
	case concrete(declared) != "":
		return concrete(declared), nil
	case declared != "" && isText && !inRanges(textType, declared):
		return "", fmt.Errorf("its encoding allows %s; expected one media type, or an object with x-base64 and x-content-type", declared)
	case source.IsComposite(value):
		return jsonType, nil
	case isText && schema.ContentMediaType() != "":
		return schema.ContentMediaType(), nil
	case isText && !utf8.ValidString(text):
		return bytesType, nil
	default:
		return textType, nil
	}
}

// mediaType is the file's own, else the one of its encoding, of several the one that
// its name's extension says.
func (f *File) mediaType(declared string) (string, error) {
	byName := extensions[strings.ToLower(path.Ext(f.filename("")))]
	switch {
	case f.ContentType != "":
		return f.ContentType, nil
	case concrete(declared) != "":
		return declared, nil
	case declared == "" && byName == "":
		return bytesType, nil
	case declared == "" || byName != "" && inRanges(byName, declared):
		return byName, nil
	case inRanges(bytesType, declared):
		return bytesType, nil
	default:
		return "", fmt.Errorf("its encoding allows %s, and the name %q says none of them; expected an x-content-type", declared, f.filename(""))
	}
}

// inRanges tells whether a media type is one of a list of types and ranges.
func inRanges(mediaType, list string) bool {
	kind, _, _ := strings.Cut(mediaType, "/")
	for one := range strings.SplitSeq(list, ",") {
		one, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(one)), ";")
		if one == mediaType || one == "*/*" || one == kind+"/*" {
			return true
		}
	}
	return false
}

// isHeaderName tells a token of RFC 9110, section 5.6.2.
func isHeaderName(text string) bool {
	const allowed = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return text != "" && strings.Trim(text, allowed) == ""
}

// isBoundary tells what RFC 2046, section 5.1.1, allows, without a space.
func isBoundary(text string) bool {
	const allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,./:=?-"
	return text != "" && len(text) <= 70 && strings.Trim(text, allowed) == ""
}

// join writes the parts with a boundary between them.
func (c Content) join(body *Body, parts []part) error {
	_, parameters, _ := mime.ParseMediaType(c.MediaType)
	boundary := parameters["boundary"]
	switch {
	case boundary == "":
		boundary = boundaryOf(parts)
		body.ContentType = c.MediaType + "; boundary=" + boundary
	case occurs(boundary, parts):
		return fmt.Errorf("the boundary %q occurs in a part; expected another, or none in the content type", boundary)
	}
	var b bytes.Buffer
	for _, p := range parts {
		if b.Len()+len(p.content) > MaxBytes {
			return errTooLarge
		}
		b.WriteString("--" + boundary + "\r\n" + strings.Join(p.header, "\r\n") + "\r\n\r\n")
		b.Write(p.content)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	body.Text = b.Bytes()
	return nil
}

// boundaryOf is a boundary that does not occur in the parts: a hash of them, taken
// again as often as needed.
func boundaryOf(parts []part) string {
	hash := sha256.New()
	for _, p := range parts {
		hash.Write([]byte(strings.Join(p.header, "\n")))
		hash.Write(p.content)
	}
	for {
		boundary := "arazzo-" + hex.EncodeToString(hash.Sum(nil)[:12])
		if !occurs(boundary, parts) {
			return boundary
		}
		hash.Write([]byte(boundary))
	}
}

func occurs(boundary string, parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return bytes.Contains(p.content, []byte("--"+boundary)) })
}

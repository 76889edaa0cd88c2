package openapi

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// escape makes a text safe for the parameter's place.
func (p *Parameter) escape(text string) (string, error) {
	switch {
	case p.In == "header":
		return text, checkHeader(text)
	case p.In == "cookie" && p.Style == "cookie":
		return text, checkCookie(text)
	case p.AllowReserved:
		return encode(text, reserved[p.In]), nil
	case p.In == "cookie":
		return escapeCookie(text), nil
	}
	return percentEncode(text), nil
}

// checkCookie refuses what would end a cookie. Its style sends all else as it is
// given (OpenAPI 3.2.0, appendix D).
func checkCookie(text string) error {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == 0x7f || c == ';' {
			return fmt.Errorf("a cookie cannot carry the character 0x%02X, at byte %d of the value; escape it as the API asks for", c, i)
		}
	}
	return nil
}

// maxHeaderBytes bounds a header's value: eight times what servers commonly take
// of all headers together (RFC 9110, section 5.4, sets no limit).
const maxHeaderBytes = 64 << 10

// checkHeader refuses what a field value cannot carry unchanged (RFC 9110,
// section 5.5); there is no escape for it.
func checkHeader(text string) error {
	if len(text) > maxHeaderBytes {
		return fmt.Errorf("a header of %d bytes is more than servers take; expected at most %d", len(text), maxHeaderBytes)
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\t' || c == 0x7f {
			return fmt.Errorf("a header cannot carry the control character 0x%02X, at byte %d of the value", c, i)
		}
	}
	if text != strings.Trim(text, " \t") {
		return errors.New("a header cannot carry blank space at the start or the end of its value")
	}
	return nil
}

// escapeCookie keeps a text that may stand in a cookie as it is (RFC 6265,
// section 4.1.1), because cookies often carry encoded text already, and
// percent-encodes any other.
func escapeCookie(text string) string {
	for i := range len(text) {
		c := text[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`",;\`, c) >= 0 {
			return percentEncode(text)
		}
	}
	return text
}

// reserved are the reserved characters of RFC 3986 that may stand in a place as
// they are: those that neither end it, nor divide it, nor are illegal there, nor
// mean a space in a query ('+').
var reserved = map[string]string{
	"query":    ":/?@!$'()*,;=",
	"formData": ":/?@!$'()*,;=",
	"path":     ":@!$&'()*+,;=",
	"cookie":   ":/?#[]@!$&'()*+=",
}

// writtenQuery are the reserved characters of a query that is written already.
const writtenQuery = ":/?@!$'()*,;=&+"

// written is what a path or URL that is written already may have beside unreserved
// characters (RFC 3986, sections 3.3 and 2.2).
const (
	writtenPath = ":/@!$&'()*+,;="
	writtenURL  = ":/?#[]@!$&'()*+,;="
)

// variable is a place of a path template.
var variable = regexp.MustCompile(`\{[^{}]+\}`)

// EscapedPath is the path template as it stands in a URL: with what no path can hold
// percent-encoded, such as a space, and with the places of its parameters. What is put
// there has to be encoded by itself: of a URL with one character that is not, net/url
// keeps no escape.
func (op *Operation) EscapedPath() string {
	var b strings.Builder
	at := 0
	for _, place := range variable.FindAllStringIndex(op.Path, -1) {
		b.WriteString(encode(op.Path[at:place[0]], writtenPath))
		b.WriteString(op.Path[place[0]:place[1]])
		at = place[1]
	}
	b.WriteString(encode(op.Path[at:], writtenPath))
	return b.String()
}

// EscapedURL percent-encodes what no URL can hold, and nothing else.
func EscapedURL(location string) string { return encode(location, writtenURL) }

const hexDigits = "0123456789ABCDEF"

// percentEncode leaves only the unreserved characters of RFC 3986 as they are.
func percentEncode(text string) string { return encode(text, "") }

// encode percent-encodes all but unreserved characters and those of keep. With
// characters to keep it also keeps escapes that are there already: the reserved
// expansion of RFC 6570, section 3.2.3.
func encode(text, keep string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if isUnreserved(c) || strings.IndexByte(keep, c) >= 0 || keep != "" && isEscape(text[i:]) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// isEscape tells whether the text starts with '%' and two hexadecimal digits.
func isEscape(text string) bool {
	return len(text) >= 3 && text[0] == '%' && isHex(text[1]) && isHex(text[2])
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

package exchange

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Text is a body's text in UTF-8. Its encoding is what its byte order mark says,
// else the charset of its media type, else the declaration of XML, else UTF-8. What
// is of a media type without characters, such as an image, is returned as it is, and
// so is, with an error, what is not in the encoding that it should be in. In XML
// that was in another encoding, the declaration then says UTF-8.
func Text(contentType string, body []byte) (string, error) {
	media, parameters, _ := mime.ParseMediaType(contentType)
	charset := strings.ToLower(strings.TrimSpace(parameters["charset"]))
	if charset == "" && !hasCharacters(media) {
		return string(body), nil
	}
	text, err := decoded(media, charset, body)
	if err != nil {
		return string(body), err
	}
	return text, nil
}

// hasCharacters tells whether bodies of a media type are text.
func hasCharacters(media string) bool {
	switch media {
	case "application/json", "application/xml", "application/x-www-form-urlencoded", "application/javascript",
		"application/yaml", "application/x-yaml", "application/graphql":
		return true
	default:
		return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "+json") || isXML(media) || strings.HasSuffix(media, "+yaml")
	}
}

func isXML(media string) bool {
	return media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml")
}

func decoded(media, charset string, body []byte) (string, error) {
	if text, ok := bytes.CutPrefix(body, []byte("\xef\xbb\xbf")); ok {
		return valid(text)
	}
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		charset, body = "utf-16le", body[2:]
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		charset, body = "utf-16be", body[2:]
	case charset == "" && isXML(media):
		charset = declared(body)
	}
	text, err := from(charset, body)
	if err == nil && isXML(media) {
		text = redeclared(text)
	}
	return text, err
}

// from decodes one encoding, and refuses what is not in it.
func from(charset string, body []byte) (string, error) {
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return valid(body)
	case "utf-16be", "utf-16": // without a mark it is big-endian (RFC 2781, section 4.3)
		return utf16Text(binary.BigEndian, body)
	case "utf-16le":
		return utf16Text(binary.LittleEndian, body)
	}
	e, err := htmlindex.Get(charset)
	if err != nil || e == encoding.Replacement {
		return "", fmt.Errorf("its charset %q is not known", charset)
	}
	text, err := e.NewDecoder().Bytes(body)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", fmt.Errorf("it is not in the charset %q that it is said to be in", charset)
	}
	return string(text), nil
}

func valid(body []byte) (string, error) {
	if utf8.Valid(body) {
		return string(body), nil
	}
	at := 0
	for at < len(body) {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return "", fmt.Errorf("its byte no. %d, %#02x, is no UTF-8", at+1, body[at])
}

func utf16Text(order binary.ByteOrder, body []byte) (string, error) {
	if len(body)%2 != 0 {
		return "", errors.New("it is UTF-16 and has half a character at its end")
	}
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = order.Uint16(body[2*i:])
	}
	runes := utf16.Decode(units)
	if back := utf16.Encode(runes); !slices.Equal(back, units) {
		return "", errors.New("it is UTF-16 and has half of a pair of surrogates")
	}
	return string(runes), nil
}

// declaration is an XML declaration with an encoding (XML 1.0, section 2.8).
var declaration = regexp.MustCompile(`^(<\?xml[^>]*?\sencoding\s*=\s*["'])([A-Za-z][A-Za-z0-9._-]*)(["'])`)

// declared is the encoding that the declaration of XML names.
func declared(body []byte) string {
	if m := declaration.FindSubmatch(body[:min(len(body), 200)]); m != nil {
		return strings.ToLower(string(m[2]))
	}
	return ""
}

// redeclared makes the declaration say what is now true.
func redeclared(text string) string {
	if m := declaration.FindStringSubmatchIndex(text[:min(len(text), 200)]); m != nil && !strings.EqualFold(text[m[4]:m[5]], "utf-8") {
		return text[:m[4]] + "UTF-8" + text[m[5]:]
	}
	return text
}

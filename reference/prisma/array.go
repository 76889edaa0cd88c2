package prisma

import (
	"errors"
	"strings"
)

var (
	errArraySyntax = errors.New("expected an array such as {1,2}")
	errArrayNested = errors.New("expected a list, found a list of lists, which Prisma has no type for")
)

// splitArray cuts the text of a one-dimensional array into the text of its
// elements, nil for NULL. It follows the chapter "Arrays" of the Postgres
// manual, section "Array Input and Output Syntax", as far as output goes: no
// white space around elements, and bounds such as [0:1]= only where the array
// does not start at 1.
func splitArray(text string) ([][]byte, error) {
	if strings.HasPrefix(text, "[") {
		_, text, _ = strings.Cut(text, "=")
	}
	body, ok := strings.CutPrefix(text, "{")
	if !ok {
		return nil, errArraySyntax
	}
	if body == "}" {
		return nil, nil
	}
	var elements [][]byte
	for {
		element, rest, err := cutElement(body)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
		if rest == "}" {
			return elements, nil
		}
		if body, ok = strings.CutPrefix(rest, ","); !ok {
			return nil, errArraySyntax
		}
	}
}

// cutElement takes the first element off text and returns what follows it.
func cutElement(text string) (element []byte, rest string, err error) {
	switch {
	case strings.HasPrefix(text, "{"):
		return nil, "", errArrayNested
	case strings.HasPrefix(text, `"`):
		return cutQuoted(text[1:])
	}
	end := strings.IndexAny(text, `,{}"\`)
	// Postgres quotes whatever holds one of these, and the empty string.
	if end < 1 || (text[end] != ',' && text[end] != '}') {
		return nil, "", errArraySyntax
	}
	if text[:end] == "NULL" {
		return nil, text[end:], nil
	}
	return []byte(text[:end]), text[end:], nil
}

// cutQuoted reads up to the closing quote; a backslash takes the byte after it
// as it is.
func cutQuoted(text string) (element []byte, rest string, err error) {
	element = []byte{}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return element, text[i+1:], nil
		case '\\':
			if i++; i == len(text) {
				return nil, "", errArraySyntax
			}
		}
		element = append(element, text[i])
	}
	return nil, "", errArraySyntax
}

// joinArray is the reverse of splitArray. It quotes every element, so that none
// can be taken for NULL or for syntax.
func joinArray(elements []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var text strings.Builder
	text.WriteByte('{')
	for i, element := range elements {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(`"` + escape.Replace(element) + `"`)
	}
	text.WriteByte('}')
	return text.String()
}

package jsonhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Object reads a JSON object member by member, under exact names, which
// encoding/json does not insist on for structs. What encoding/json would silently
// replace is refused: bytes that are not UTF-8, escapes that are half a character,
// and, at any depth, the first of two members of one name. The error is a phrase
// for the end of a sentence.
func Object(data []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("expected UTF-8, found other bytes")
	}
	var members map[string]json.RawMessage
	err := json.Unmarshal(data, &members)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("expected JSON, found at %s: %w", place(data, int(syntax.Offset)-1), err)
	case err != nil, members == nil:
		return nil, fmt.Errorf("expected a JSON object, found %s", Kind(data))
	}
	if at := halfCharacter(data); at >= 0 {
		return nil, fmt.Errorf("expected text, found at %s: the escape %s is half of a surrogate pair", place(data, at), data[at:at+6])
	}
	if name, at := duplicate(data); at >= 0 {
		return nil, fmt.Errorf("expected members with names of their own, found at %s: %s again", place(data, at), name)
	}
	return members, nil
}

// duplicate is the first member of valid JSON that has the name of an earlier one
// of its object, and where that name begins; -1 for none.
func duplicate(data []byte) (name string, at int) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	// A number of any size is a number.
	decoder.UseNumber()
	// Of each open object the names so far, of each open list nil.
	var open []map[string]bool
	isName := false
	for {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if err != nil {
			return "", -1
		}
		if delim, ok := token.(json.Delim); ok {
			open = nest(open, delim)
		} else if isName {
			names, name := open[len(open)-1], token.(string)
			if names[name] {
				return strconv.Quote(shortened(name)), before + bytes.IndexByte(data[before:], '"')
			}
			names[name] = true
			isName = false
			continue
		}
		isName = len(open) > 0 && open[len(open)-1] != nil
	}
}

func nest(open []map[string]bool, delim json.Delim) []map[string]bool {
	switch delim {
	case '{':
		return append(open, map[string]bool{})
	case '[':
		return append(open, nil)
	}
	return open[:len(open)-1]
}

// shortened is the beginning of a name that may be as long as the body.
func shortened(name string) string {
	const shown = 60
	if len(name) <= shown {
		return name
	}
	return strings.ToValidUTF8(name[:shown], "") + "..."
}

// place is the line and column of a byte.
func place(data []byte, offset int) string {
	before := data[:min(max(offset, 0), len(data))]
	line, column := bytes.Count(before, []byte{'\n'})+1, len(before)-bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}

// halfCharacter is where valid JSON has a \u escape of one surrogate without the
// other, -1 for nowhere.
func halfCharacter(data []byte) int {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		first := escaped(data[i:])
		switch {
		case !utf16.IsSurrogate(first):
			i++ // A backslash takes the byte after it along, be it a backslash.
		case utf16.DecodeRune(first, escaped(data[i+6:])) == utf8.RuneError:
			return i
		default:
			i += 11
		}
	}
	return -1
}

// escaped is the code unit of the \u escape that data begins with, 0 for none.
func escaped(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0
	}
	// The digits of valid JSON are digits.
	unit, _ := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(unit)
}

// Kind names the type of a valid JSON value, in JSON's word.
func Kind(data []byte) string {
	first := bytes.TrimLeft(data, " \t\r\n")
	if len(first) == 0 {
		return "nothing"
	}
	switch first[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

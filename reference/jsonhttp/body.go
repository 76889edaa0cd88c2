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
	if !json.Valid(data) {
		return nil, invalid(data)
	}
	if kind := Kind(data); kind != "an object" {
		return nil, fmt.Errorf("expected a JSON object, found %s", kind)
	}
	if at := halfCharacter(data); at >= 0 {
		return nil, fmt.Errorf("expected text, found at %s: the escape %s is half of a surrogate pair", place(data, at), data[at:at+6])
	}
	members, again := membersOf(data)
	if again >= 0 {
		name := shortened(unquoted(data[again:stringEnd(data, again)]))
		return nil, fmt.Errorf("expected members with names of their own, found at %s: %q again", place(data, again), name)
	}
	return members, nil
}

// invalid is what is wrong with data that is no JSON.
func invalid(data []byte) error {
	var value any
	err := json.Unmarshal(data, &value)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("expected JSON, found at %s: %w", place(data, int(syntax.Offset)-1), err)
	}
	return fmt.Errorf("expected JSON: %w", err)
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

package filter

import (
	"bytes"
	"encoding/json"
)

// field is a member's name, plain and as JSON writes it between its quotes.
type field struct{ name, written string }

func newField(name string) field {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	// A string can always be written.
	_ = encoder.Encode(name)
	written := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	return field{name: name, written: string(written[1 : len(written)-1])}
}

// is reports whether key, which stands in JSON between its quotes, is the field's
// name: mostly as we write it, else by what it means.
func (f *field) is(key []byte) bool {
	if string(key) == f.written {
		return true
	}
	if bytes.IndexByte(key, '\\') < 0 {
		return false
	}
	return unescaped(key) == f.name
}

// pick finds the members of a JSON object that have the names of fields and puts
// their values into row, in the order of fields. The rest is skipped, not decoded:
// an event is asked about by every reader. A member that is not there, also because
// the object is none or breaks off, leaves nil.
func pick(object []byte, fields []field, row [][]byte) {
	rest, ok := enter(object, '{')
	for missing := len(fields); ok && missing > 0; {
		var key, value []byte
		if key, value, rest, ok = cutMember(rest); !ok {
			return
		}
		for i := range fields {
			if row[i] == nil && fields[i].is(key) {
				row[i] = value
				missing--
				break
			}
		}
		rest, ok = after(rest)
	}
}

// enter skips the bracket that opens an object or a list.
func enter(data []byte, bracket byte) ([]byte, bool) {
	data = skipSpace(data)
	if len(data) == 0 || data[0] != bracket {
		return nil, false
	}
	return data[1:], true
}

// after skips the comma between two members or elements; not ok behind the last.
func after(data []byte) ([]byte, bool) {
	data = skipSpace(data)
	if len(data) == 0 || data[0] != ',' {
		return nil, false
	}
	return data[1:], true
}

// cutMember takes the first member off what follows an object's opening bracket
// or a comma.
func cutMember(data []byte) (key, value, rest []byte, ok bool) {
	key, rest, ok = cutValue(data)
	if !ok || len(key) < 2 || key[0] != '"' {
		return nil, nil, nil, false
	}
	rest = skipSpace(rest)
	if len(rest) == 0 || rest[0] != ':' {
		return nil, nil, nil, false
	}
	value, rest, ok = cutValue(rest[1:])
	return key[1 : len(key)-1], value, rest, ok
}

// cutValue takes the first value off data. It finds the end of valid JSON and does
// not insist on it.
func cutValue(data []byte) (value, rest []byte, ok bool) {
	data = skipSpace(data)
	if len(data) == 0 {
		return nil, nil, false
	}
	end := 0
	switch data[0] {
	case '"':
		end = endOfString(data)
	case '{', '[':
		end = endOfContainer(data)
	default:
		for end < len(data) && !endsLiteral(data[end]) {
			end++
		}
	}
	if end <= 0 {
		return nil, nil, false
	}
	return data[:end], data[end:], true
}

// endOfString is where the string that data begins with ends, -1 for nowhere.
func endOfString(data []byte) int {
	for i := 1; i < len(data); i++ {
		quote := bytes.IndexByte(data[i:], '"')
		if quote < 0 {
			return -1
		}
		i += quote
		backslashes := 0
		for data[i-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return i + 1
		}
	}
	return -1
}

// endOfContainer is where the object or list that data begins with ends, -1 for
// nowhere.
func endOfContainer(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			end := endOfString(data[i:])
			if end < 0 {
				return -1
			}
			i += end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

func endsLiteral(b byte) bool {
	switch b {
	case ',', ':', '}', ']', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

func skipSpace(data []byte) []byte {
	for len(data) > 0 && (data[0] == ' ' || data[0] == '\t' || data[0] == '\n' || data[0] == '\r') {
		data = data[1:]
	}
	return data
}

// unescaped is what the inside of a JSON string means.
func unescaped(inside []byte) string {
	var text string
	whole := append(append([]byte{'"'}, inside...), '"')
	if json.Unmarshal(whole, &text) != nil {
		return ""
	}
	return text
}

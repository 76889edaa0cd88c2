package jsonhttp

import (
	"bytes"
	"encoding/json"
)

// membersOf are the members of a JSON object, which data has to be, and where the name
// of a member begins that an earlier one of its object has, at any depth; -1 for none.
// It goes once over a body that may be large.
func membersOf(data []byte) (map[string]json.RawMessage, int) {
	members := map[string]json.RawMessage{}
	var open levels
	// value is where that of the outermost object's last member begins.
	name, value := "", 0
	finish := func(end int) {
		if value > 0 {
			members[name] = bytes.Trim(data[value:end], " \t\r\n")
		}
	}
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			open.open(data[i] == '{')
		case '}', ']':
			if len(open.levels) == 1 {
				finish(i)
			}
			open.close()
		case ',':
			if len(open.levels) == 1 {
				finish(i)
			}
			open.awaitName()
		case '"':
			end := stringEnd(data, i)
			if open.awaitsName() {
				if !open.take(data[i:end]) {
					return nil, i
				}
				if len(open.levels) == 1 {
					name = unquoted(data[i:end])
					value = end + bytes.IndexByte(data[end:], ':') + 1
				}
			}
			i = end - 1
		}
	}
	return members, -1
}

// levels are the objects and lists that are open at a place, outermost first.
type levels struct {
	levels []level
	// names are those of all open objects so far, without quotes and escapes.
	names [][]byte
}

type level struct {
	isObject, awaitsName bool
	// first is the object's first name among all, and many has all of them once they
	// are more than can be looked through.
	first int
	many  map[string]bool
}

// few is how many names are looked through one by one.
const few = 16

func (l *levels) open(isObject bool) {
	l.levels = append(l.levels, level{isObject: isObject, awaitsName: isObject, first: len(l.names)})
}

func (l *levels) close() {
	last := len(l.levels) - 1
	l.names = l.names[:l.levels[last].first]
	l.levels = l.levels[:last]
}

// awaitName is for the comma, after which an object has a name.
func (l *levels) awaitName() {
	last := &l.levels[len(l.levels)-1]
	last.awaitsName = last.isObject
}

func (l *levels) awaitsName() bool { return len(l.levels) > 0 && l.levels[len(l.levels)-1].awaitsName }

// take adds a name, and is false where the object has it.
func (l *levels) take(quoted []byte) bool {
	last := &l.levels[len(l.levels)-1]
	last.awaitsName = false
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(unquoted(quoted))
	}
	if last.many[string(name)] {
		return false
	}
	if last.many == nil {
		for _, other := range l.names[last.first:] {
			if bytes.Equal(other, name) {
				return false
			}
		}
	}
	l.names = append(l.names, name)
	switch n := len(l.names) - last.first; {
	case n == few:
		last.many = map[string]bool{}
		for _, other := range l.names[last.first:] {
			last.many[string(other)] = true
		}
	case n > few:
		last.many[string(name)] = true
	}
	return true
}

// stringEnd is where a string of valid JSON ends that begins at a place.
func stringEnd(data []byte, start int) int {
	for i := start + 1; ; i++ {
		switch data[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
}

// unquoted is what a string of valid JSON stands for.
func unquoted(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var text string
	_ = json.Unmarshal(quoted, &text) // it is valid
	return text
}

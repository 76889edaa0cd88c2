package mutant

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// change alters a JSON document and gives what it became.
type change func(document any) any

// set gives the place a value. The member may be new, what holds it has to be there.
func set(pointer string, value any) change {
	return walk(pointer, func(any, bool) (any, bool) { return value, true })
}

// remove takes a member or an element away.
func remove(pointer string) change {
	return walk(pointer, func(any, bool) (any, bool) { return nil, false })
}

// edit alters the value, where there is one.
func edit(pointer string, f func(value any) any) change {
	return walk(pointer, func(value any, there bool) (any, bool) {
		if !there {
			return nil, false
		}
		return f(value), true
	})
}

// rename gives a member of the object at the pointer another name.
func rename(pointer, from, to string) change {
	return edit(pointer, func(value any) any {
		object, _ := value.(map[string]any)
		if member, there := object[from]; there {
			delete(object, from)
			object[to] = member
		}
		return value
	})
}

// visit says what becomes of a value, which may not be there: its new value, and
// whether it stays.
type visit func(value any, there bool) (any, bool)

// walk visits each place that the pointer leads to; * is each member or element.
func walk(pointer string, f visit) change {
	path := split(pointer)
	return func(document any) any { return along(document, path, f) }
}

func split(pointer string) []string {
	path := strings.Split(pointer, "/")[1:]
	for i, name := range path {
		path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
	}
	return path
}

func along(document any, path []string, f visit) any {
	if len(path) == 0 {
		value, _ := f(document, true)
		return value
	}
	switch d := document.(type) {
	case map[string]any:
		names := []string{path[0]}
		if path[0] == "*" {
			names = slices.Sorted(maps.Keys(d))
		}
		for _, name := range names {
			alongMember(d, name, path[1:], f)
		}
	case []any:
		return alongElements(d, path, f)
	}
	return document
}

func alongMember(object map[string]any, name string, rest []string, f visit) {
	value, there := object[name]
	switch {
	case len(rest) > 0 && there:
		object[name] = along(value, rest, f)
	case len(rest) == 0:
		if value, stays := f(value, there); stays {
			object[name] = value
		} else {
			delete(object, name)
		}
	}
}

func alongElements(list []any, path []string, f visit) any {
	became := []any{}
	for i, value := range list {
		stays := true
		if path[0] == "*" || path[0] == strconv.Itoa(i) {
			if len(path) > 1 {
				value = along(value, path[1:], f)
			} else {
				value, stays = f(value, true)
			}
		}
		if stays {
			became = append(became, value)
		}
	}
	return became
}

// at is the first value that the pointer leads to.
func at(document any, pointer string) (value any, there bool) {
	walk(pointer, func(v any, is bool) (any, bool) {
		if is && !there {
			value, there = v, true
		}
		return v, is
	})(document)
	return value, there
}

// textAt is the string that the pointer leads to, else empty.
func textAt(document any, pointer string) string {
	value, _ := at(document, pointer)
	text, _ := value.(string)
	return text
}

// decode reads a JSON text, numbers with their digits. What is none is nil.
func decode(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var document any
	if decoder.Decode(&document) != nil {
		return nil
	}
	return document
}

// encode writes a document as text, each character as itself.
func encode(document any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(document) != nil {
		return nil
	}
	return bytes.TrimSpace(text.Bytes())
}

// changed alters a JSON text; what is none stays as it is.
func changed(text []byte, changes []change) []byte {
	document := decode(text)
	if document == nil {
		return text
	}
	for _, c := range changes {
		document = c(document)
	}
	return encode(document)
}

package xpath

import (
	"math"
	"strings"
	"unicode/utf8"
)

// The functions of XPath 1.0, section 4.2. Characters are Unicode characters, not
// bytes.

func toString(e *evaluation, _ focus, a []Value) Value { return String(e.string(a[0])) }

func concat(e *evaluation, _ focus, a []Value) Value {
	var b strings.Builder
	for _, v := range a {
		text := e.string(v)
		if !e.read(text) {
			break
		}
		b.WriteString(text)
	}
	return String(b.String())
}

// read pays for going over a text.
func (e *evaluation) read(text string) bool { return e.spend(1 + len(text)/bytesPerStep) }

// texts are the first two arguments as strings, read.
func (e *evaluation) texts(a []Value) (first, second string) {
	first, second = e.string(a[0]), e.string(a[1])
	e.read(first)
	e.read(second)
	return first, second
}

func startsWith(e *evaluation, _ focus, a []Value) Value {
	text, prefix := e.texts(a)
	return Boolean(strings.HasPrefix(text, prefix))
}

func contains(e *evaluation, _ focus, a []Value) Value {
	text, part := e.texts(a)
	return Boolean(strings.Contains(text, part))
}

func substringBefore(e *evaluation, _ focus, a []Value) Value {
	text, separator := e.texts(a)
	before, _, found := strings.Cut(text, separator)
	if !found {
		return String("")
	}
	return String(before)
}

func substringAfter(e *evaluation, _ focus, a []Value) Value {
	text, separator := e.texts(a)
	_, after, _ := strings.Cut(text, separator)
	return String(after)
}

// substring takes the characters from a position, counted from 1 and rounded, as
// many as asked for; with NaN it takes none.
func substring(e *evaluation, _ focus, a []Value) Value {
	text := e.string(a[0])
	e.read(text)
	from, to := round(e.number(a[1])), math.Inf(1)
	if len(a) == 3 {
		to = from + round(e.number(a[2]))
	}
	start, end, position := len(text), len(text), 0.0
	for at := range text {
		position++
		if position >= from && position < to {
			start = min(start, at)
		} else if start < at {
			end = at
			break
		}
	}
	return String(text[start:end])
}

func stringLength(e *evaluation, _ focus, a []Value) Value {
	text := e.string(a[0])
	e.read(text)
	return Number(utf8.RuneCountInString(text))
}

// normalizeSpace knows only the white space of XML: a no-break space stays.
func normalizeSpace(e *evaluation, _ focus, a []Value) Value {
	text := e.string(a[0])
	e.read(text)
	isSpace := func(r rune) bool { return strings.ContainsRune(whiteSpace, r) }
	return String(strings.Join(strings.FieldsFunc(text, isSpace), " "))
}

// translate replaces characters by those at the same place, and removes those
// that have none there.
func translate(e *evaluation, _ focus, a []Value) Value {
	text, from := e.texts(a)
	to := []rune(e.string(a[2]))
	e.spend(len(to))
	place := map[rune]int{}
	for i, r := range []rune(from) {
		if _, known := place[r]; !known {
			place[r] = i
		}
	}
	return String(strings.Map(func(r rune) rune {
		i, replaced := place[r]
		switch {
		case !replaced:
			return r
		case i < len(to):
			return to[i]
		default:
			return -1
		}
	}, text))
}

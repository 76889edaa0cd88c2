package jsonpath

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translation reads an I-Regexp by the grammar of RFC 9485, 3 and writes it as
// Go's regexp, which matches in linear time. Each method reads one rule and
// gives the size of what it read. "^" and "$" outside of classes keep the
// meaning of anchors, as in the translations of RFC 9485, 5.
type translation struct {
	scanner
	out     strings.Builder
	nesting int
}

func (t *translation) alternatives() (size int, err error) {
	for {
		for t.offset < len(t.text) && t.peek() != '|' && t.peek() != ')' {
			piece, err := t.piece()
			if err != nil {
				return 0, err
			}
			if size += piece; size > maxPatternSize {
				return 0, patternLimit(t.text, fmt.Sprintf("quantifiers make it longer than %d", maxPatternSize))
			}
		}
		size++
		if !t.take("|") {
			return size, nil
		}
		t.out.WriteByte('|')
	}
}

func (t *translation) piece() (int, error) {
	size, err := t.atom()
	if err != nil {
		return 0, err
	}
	times, err := t.quantifier()
	return size * times, err
}

func (t *translation) atom() (int, error) {
	r, width := utf8.DecodeRuneInString(t.text[t.offset:])
	switch {
	case r == utf8.RuneError && width <= 1, strings.ContainsRune("*+?{}]", r):
		return 0, errNotIRegexp
	case r == '(':
		return t.group()
	case r == '[':
		return 1, t.class()
	case r == '\\':
		_, err := t.escaped()
		return 1, err
	}
	t.offset += width
	switch r {
	case '.':
		t.out.WriteString(`[^\n\r]`)
	case '^', '$':
		t.out.WriteRune(r)
	default:
		t.out.WriteString(regexp.QuoteMeta(string(r)))
	}
	return 1, nil
}

func (t *translation) group() (int, error) {
	t.nesting++
	if t.nesting > maxPatternNesting {
		return 0, patternLimit(t.text, fmt.Sprintf("more than %d groups inside one another", maxPatternNesting))
	}
	t.take("(")
	t.out.WriteString("(?:")
	size, err := t.alternatives()
	if err != nil {
		return 0, err
	}
	if !t.take(")") {
		return 0, errNotIRegexp
	}
	t.out.WriteByte(')')
	t.nesting--
	return size, nil
}

// quantifier reads an optional quantifier and gives how often it can write out
// what stands before it.
func (t *translation) quantifier() (times int, err error) {
	switch b := t.peek(); b {
	case '*', '+', '?':
		t.offset++
		t.out.WriteByte(b)
		return 2, nil
	case '{':
		t.offset++
		return t.counted()
	default:
		return 1, nil
	}
}

// counted reads a quantifier after its "{".
func (t *translation) counted() (times int, err error) {
	least, err := t.times()
	if err != nil {
		return 0, err
	}
	most, bounds := least, strconv.Itoa(least)
	if t.take(",") {
		bounds += ","
		most = least + 1
		if t.peek() != '}' {
			if most, err = t.times(); err != nil {
				return 0, err
			}
			bounds += strconv.Itoa(most)
		}
	}
	if !t.take("}") || most < least {
		return 0, errNotIRegexp
	}
	t.out.WriteString("{" + bounds + "}")
	return max(most, 1), nil
}

// times reads the digits of a quantifier.
func (t *translation) times() (int, error) {
	start := t.offset
	for isDigit(t.peek()) {
		t.offset++
	}
	if t.offset == start {
		return 0, errNotIRegexp
	}
	n, err := strconv.Atoi(t.text[start:t.offset])
	if err != nil || n > maxQuantifier {
		return 0, patternLimit(t.text, fmt.Sprintf("a quantifier beyond %d", maxQuantifier))
	}
	return n, nil
}

package jsonpath

import (
	"strings"
	"unicode/utf8"
)

// class reads "[...]". A "-" stands for itself only at either end.
func (t *translation) class() error {
	t.take("[")
	t.out.WriteByte('[')
	if t.take("^") {
		t.out.WriteByte('^')
	}
	start := t.offset
	if t.take("-") {
		t.out.WriteString(`\-`)
	}
	for {
		switch {
		case t.take("-]"):
			t.out.WriteString(`\-]`)
			return nil
		case t.offset > start && t.take("]"):
			t.out.WriteByte(']')
			return nil
		}
		if err := t.classItem(); err != nil {
			return err
		}
	}
}

// classItem reads one character, a range of them, or a category.
func (t *translation) classItem() error {
	low, err := t.classCharacter()
	if err != nil || low == category {
		return err
	}
	if t.peek() != '-' || strings.HasPrefix(t.text[t.offset:], "-]") {
		return nil
	}
	t.offset++
	t.out.WriteByte('-')
	high, err := t.classCharacter()
	if err == nil && high < low {
		return errNotIRegexp
	}
	return err
}

// category stands for the rune of what is no single character. It is below all
// of them, so that a category never ends a range.
const category = -1

func (t *translation) classCharacter() (rune, error) {
	r, width := utf8.DecodeRuneInString(t.text[t.offset:])
	switch {
	case r == utf8.RuneError && width <= 1, r == '[', r == ']', r == '-':
		return 0, errNotIRegexp
	case r == '\\':
		return t.escaped()
	}
	t.offset += width
	t.writeInClass(r)
	return r, nil
}

// writeInClass escapes everything that could mean more than itself.
func (t *translation) writeInClass(r rune) {
	if r < utf8.RuneSelf && !isDigit(byte(r)) && !isLower(byte(r)|0x20) {
		t.out.WriteByte('\\')
	}
	t.out.WriteRune(r)
}

// escaped reads an escape, whose backslash stands next: of a single character,
// or of a category.
func (t *translation) escaped() (rune, error) {
	if strings.HasPrefix(t.text[t.offset:], `\p{`) || strings.HasPrefix(t.text[t.offset:], `\P{`) {
		return category, t.categoryEscape()
	}
	t.offset++
	b := t.peek()
	if b == 0 || !strings.Contains(`()*+-.?[\]^nrt{|}`, string(b)) {
		return 0, errNotIRegexp
	}
	t.offset++
	t.out.WriteString(`\` + string(b))
	switch b {
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	default:
		return rune(b), nil
	}
}

// categories are the general categories of Unicode: a letter, and the second
// letters that may follow it.
var categories = map[byte]string{
	'L': "lmotu", 'M': "cen", 'N': "dlo", 'P': "cdefios", 'Z': "lps", 'S': "ckmo", 'C': "cfno",
}

// categoryEscape reads \p{..} or \P{..}.
func (t *translation) categoryEscape() error {
	start := t.offset
	end := strings.IndexByte(t.text[start:], '}')
	if end < 0 {
		return errNotIRegexp
	}
	name := t.text[start+len(`\p{`) : start+end]
	if len(name) == 0 || len(name) > 2 {
		return errNotIRegexp
	}
	seconds, ok := categories[name[0]]
	if !ok || len(name) == 2 && strings.IndexByte(seconds, name[1]) < 0 {
		return errNotIRegexp
	}
	t.offset += end + 1
	t.out.WriteString(t.text[start:t.offset])
	return nil
}

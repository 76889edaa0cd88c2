package source

import (
	"strings"
	"unicode/utf8"
)

// Offset is the place of the n-th byte of a string's text: exact in plain and
// quoted scalars and in literal blocks, also over several lines and behind
// escapes. Where it is not certain, as in a folded block or behind a tag, it is
// the place where the value begins.
func (v *Value) Offset(n int) Position {
	if offset, ok := v.offset(n); ok {
		return v.Position.File.position(offset)
	}
	return v.Position
}

// offset is the byte of the file at which the n-th byte of the text is written.
func (v *Value) offset(n int) (int, bool) {
	text, isText := v.Text()
	if !isText || n < 0 || n > len(text) {
		return 0, false
	}
	start, ok := v.Position.offset()
	if !ok {
		return 0, false
	}
	written := v.Position.File.Text[start:]
	first, _ := utf8.DecodeRuneInString(written)
	switch first {
	case '>', '&', '!', '*': // a folded block, an anchor, a tag, an alias
		return 0, false
	case '|':
		n, ok = literalOffset(written, text, n)
	case '"', '\'':
		n, ok = flowOffset(written[1:], text, n, first)
		n++
	default:
		n, ok = flowOffset(written, text, n, 0)
	}
	return start + n, ok
}

// flowOffset passes a plain or quoted scalar (YAML 1.2.2, section 7.3) and its
// text side by side, until n bytes of the text.
func flowOffset(written, text string, n int, quote rune) (int, bool) {
	i, at := 0, 0
	for {
		if quote == '"' {
			i += escapedBreak(written[i:])
		}
		if at >= n {
			return i, at == n
		}
		passed, size := flowStep(written[i:], text[at:], quote)
		if passed == 0 {
			return 0, false
		}
		i += passed
		at += size
	}
}

// flowStep tells how much of the scalar makes how much of its text; nothing when
// the two do not go together.
func flowStep(written, text string, quote rune) (passed, size int) {
	if length, folded := fold(written); length > 0 {
		if !strings.HasPrefix(text, folded) {
			return 0, 0
		}
		return length, len(folded)
	}
	switch {
	case quote == '"' && strings.HasPrefix(written, `\`):
		_, size = utf8.DecodeRuneInString(text)
		return escapeLength(written), size
	case written == "" || written[0] != text[0]:
		return 0, 0
	case quote == '\'' && strings.HasPrefix(written, "''"):
		return 2, 1
	default:
		return 1, 1
	}
}

// escapedBreak is the length of a line break behind a backslash, with the white
// space after it: they are nothing in the text.
func escapedBreak(written string) int {
	rest, ok := strings.CutPrefix(written, `\`)
	if !ok || rest == "" || rest[0] != '\n' && rest[0] != '\r' {
		return 0
	}
	return len(written) - len(strings.TrimLeft(afterBreak(rest), " \t"))
}

// fold measures the line breaks that a text begins with, with the white space
// around them, and tells what they are folded into (YAML 1.2.2, section 6.5).
func fold(text string) (length int, folded string) {
	rest := strings.TrimLeft(text, " \t")
	breaks := 0
	for rest != "" && (rest[0] == '\n' || rest[0] == '\r') {
		breaks++
		rest = strings.TrimLeft(afterBreak(rest), " \t")
	}
	switch breaks {
	case 0:
		return 0, ""
	case 1:
		return len(text) - len(rest), " "
	default:
		return len(text) - len(rest), strings.Repeat("\n", breaks-1)
	}
}

// afterBreak passes the line break that a text begins with.
func afterBreak(text string) string {
	if strings.HasPrefix(text, "\r\n") {
		return text[2:]
	}
	return text[1:]
}

// escapeLength is the length of an escape that is one character (YAML 1.2.2,
// section 5.7), 0 for one that is none.
func escapeLength(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case 'x':
		return min(4, len(text))
	case 'U':
		return min(10, len(text))
	case 'u':
		if _, size := unescape(text); size > 0 {
			return size
		}
	}
	return 2
}

// literalOffset finds the n-th byte of a literal block (YAML 1.2.2, section
// 8.1.2): its lines are those of the text, indented.
func literalOffset(written, text string, n int) (int, bool) {
	rest := written
	for range strings.Count(text[:n], "\n") + 1 {
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			return 0, false
		}
		rest = afterBreak(rest[end:])
	}
	start := strings.LastIndexByte(text[:n], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	indented := rest
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		indented = rest[:end]
	}
	indentation, ok := strings.CutSuffix(indented, line)
	if !ok || strings.Trim(indentation, " ") != "" {
		return 0, false
	}
	return len(written) - len(rest) + len(indentation) + n - start, true
}

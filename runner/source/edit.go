package source

import (
	"strings"
	"unicode/utf8"
)

// Edit replaces a part of a file's text: the bytes Old, which stand at At, by
// New. The zero Edit replaces nothing. Edits can be compared with ==.
type Edit struct {
	At       Position
	Old, New string
}

// EditAt is the edit that puts replacement in the place of old, which stands at
// the byte offset of the string's text. Both are texts as the value has them:
// quotes and escapes are written as the scalar's style asks. It is the zero Edit
// where it is not certain to change this text and nothing else: when old does not
// stand there, when [Value.Offset] is not exact there, or when the replacement
// cannot stand there, as a brace cannot at the start of a text without quotes, nor
// what is not UTF-8 anywhere.
func (v *Value) EditAt(offset int, old, replacement string) Edit {
	text, ok := v.Text()
	if !ok || !utf8.ValidString(replacement) || old == "" || old == replacement || offset < 0 || offset > len(text) || !strings.HasPrefix(text[offset:], old) {
		return Edit{}
	}
	start, exact := v.offset(offset)
	end, exactEnd := v.offset(offset + len(old))
	if !exact || !exactEnd {
		return Edit{}
	}
	file := v.Position.File
	begin, _ := v.Position.offset()
	style := file.Text[begin]
	edit := Edit{At: file.position(start), Old: file.Text[start:end], New: spell(replacement, style)}
	if strings.ContainsAny(edit.Old+edit.New, "\r\n") {
		return Edit{}
	}
	if style == '|' {
		// White space at an end could become indentation, or leave no line.
		if strings.TrimSpace(replacement) != replacement || replacement == "" || strings.ContainsFunc(replacement, unprintable) {
			return Edit{}
		}
		return edit
	}
	last, ok := v.offset(len(text))
	if style == '\'' || style == '"' {
		last++
	}
	written := file.Text[begin:start] + edit.New + file.Text[end:max(last, end)]
	if !ok || !v.reads(written, text[:offset]+replacement+text[offset+len(old):]) {
		return Edit{}
	}
	return edit
}

// spell writes a text as a part of a scalar that begins with style.
func spell(text string, style byte) string {
	switch style {
	case '\'':
		return strings.ReplaceAll(text, "'", "''")
	case '"':
		return escape(text)
	default:
		return text
	}
}

// reads tells whether a scalar that is written so, where the value stands, is the
// string of this text.
func (v *Value) reads(written, text string) bool {
	before, after := "k: ", "\n"
	if v.Flow {
		before, after = "[", "]"
	}
	root, err := Parse(&File{Text: before + written + after})
	if err != nil {
		return false
	}
	got := root.Get("k")
	if v.Flow && len(root.Items) == 1 {
		got = root.Items[0]
	}
	found, ok := got.Text()
	return ok && found == text
}

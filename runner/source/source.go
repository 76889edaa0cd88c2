package source

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// File is one document as it was read. Its text is kept, because every
// diagnostic shows the line it complains about.
type File struct {
	// Name is how the user knows the file: the path or URL as it was given.
	Name string
	// URI is the absolute URI it was retrieved from (RFC 3986, section 5.1.3),
	// after redirects: file, http or https. It is empty for text that has none.
	URI string
	// Text is the whole content, unchanged.
	Text string
}

// Position is a place in a file. Line and Column count from 1, Column in
// characters; a zero Line means "the file as a whole".
type Position struct {
	File   *File
	Line   int
	Column int
}

// String is the form that editors and terminals open: file:line:column.
func (p Position) String() string {
	switch {
	case p.File == nil:
		return ""
	case p.Line == 0:
		return p.File.Name
	default:
		return fmt.Sprintf("%s:%d:%d", p.File.Name, p.Line, p.Column)
	}
}

// Shift moves the position n bytes to the right along its line. It serves
// parsers of text that stands inside one scalar: they count from its start.
// Past the line's end, as in a folded scalar, it stays where it was.
func (p Position) Shift(n int) Position {
	line, ok := p.line()
	if !ok {
		return p
	}
	start := byteOffset(line, p.Column)
	if start+n > len(line) {
		return p
	}
	p.Column += utf8.RuneCountInString(line[start : start+n])
	return p
}

// line is the text of the position's line, without its line break.
func (p Position) line() (string, bool) {
	if p.File == nil || p.Line < 1 {
		return "", false
	}
	text := strings.TrimPrefix(p.File.Text, byteOrderMark)
	for range p.Line - 1 {
		end := strings.IndexByte(text, '\n')
		if end < 0 {
			return "", false
		}
		text = text[end+1:]
	}
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	return strings.TrimRight(text, "\r"), true
}

// byteOffset turns a column, counted in characters from 1, into a byte offset.
func byteOffset(line string, column int) int {
	offset := 0
	for range column - 1 {
		if offset >= len(line) {
			break
		}
		_, size := utf8.DecodeRuneInString(line[offset:])
		offset += size
	}
	return offset
}

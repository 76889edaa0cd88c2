package source

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// File is one document as it was read. Its text is kept, because every
// diagnostic shows the line it complains about. It is passed by pointer, and not
// changed once a position in it was shown.
type File struct {
	// Name is how the user knows the file: the path or URL as it was given.
	Name string
	// URI is the absolute URI it was retrieved from (RFC 3986, section 5.1.3),
	// after redirects: file, http or https. It is empty for text that has none.
	URI string
	// Text is the whole content, unchanged.
	Text string
	// Hidden is true for a file of secrets: no diagnostic shows its lines.
	Hidden bool

	counted sync.Once
	starts  []int
}

// Equal tells whether both are the same content of the same place.
func (f *File) Equal(other *File) bool {
	if f == nil || other == nil {
		return f == other
	}
	return f.Name == other.Name && f.URI == other.URI && f.Text == other.Text
}

// byteOrderMark may stand at the start of a file; it belongs to no line.
const byteOrderMark = "\ufeff"

// lines lists where the lines begin, in bytes. They are counted once: a document
// may have as many diagnostics as lines.
func (f *File) lines() []int {
	f.counted.Do(func() { f.starts = lineStarts(f.Text) })
	return f.starts
}

// lineStarts knows the line breaks of YAML 1.2 (section 5.4), which are those of
// JSON and of editors too.
func lineStarts(text string) []int {
	starts := []int{len(text) - len(strings.TrimPrefix(text, byteOrderMark))}
	for i := starts[0]; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && !strings.HasPrefix(text[i+1:], "\n") {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// position is the place of a byte of the text.
func (f *File) position(offset int) Position {
	starts := f.lines()
	line := sort.Search(len(starts)-1, func(i int) bool { return starts[i+1] > offset })
	before := f.Text[starts[line]:max(offset, starts[line])]
	return Position{File: f, Line: line + 1, Column: 1 + utf8.RuneCountInString(before)}
}

// Position is a place in a file. Line and Column count from 1, Column in
// characters; a zero Line means "the file as a whole".
type Position struct {
	File   *File
	Line   int
	Column int
}

// String is the form that editors and terminals open: file:line:column. Control
// characters, which would write to the terminal, are shown as question marks.
func (p Position) String() string {
	switch {
	case p.File == nil:
		return ""
	case p.Line == 0:
		return strings.Map(visible, p.File.Name)
	default:
		return fmt.Sprintf("%s:%d:%d", strings.Map(visible, p.File.Name), p.Line, p.Column)
	}
}

func visible(r rune) rune {
	if unicode.IsControl(r) {
		return '?'
	}
	return r
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

// offset is the byte of the file's text that the position points at.
func (p Position) offset() (int, bool) {
	line, ok := p.line()
	if !ok {
		return 0, false
	}
	return p.File.lines()[p.Line-1] + byteOffset(line, p.Column), true
}

// before tells whether p stands before q, a place in the same file.
func (p Position) before(q Position) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Column < q.Column
}

// line is the text of the position's line, without its line break.
func (p Position) line() (string, bool) {
	if p.File == nil || p.Line < 1 {
		return "", false
	}
	starts := p.File.lines()
	if p.Line > len(starts) {
		return "", false
	}
	line := p.File.Text[starts[p.Line-1]:]
	if p.Line < len(starts) {
		line = line[:starts[p.Line]-starts[p.Line-1]]
	}
	return strings.TrimRight(line, "\r\n"), true
}

// byteOffset turns a column, counted in characters from 1, into a byte offset.
func byteOffset(line string, column int) int {
	for offset := range line {
		if column--; column < 1 {
			return offset
		}
	}
	return len(line)
}

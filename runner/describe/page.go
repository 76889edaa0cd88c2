package describe

import (
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
)

// page is text in lines of a width.
type page struct {
	strings.Builder
	width int
	color bool
}

// The styles of the page.
var (
	plain = lipgloss.NewStyle()
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
	good  = lipgloss.NewStyle().Foreground(lipgloss.Green)
	bad   = lipgloss.NewStyle().Foreground(lipgloss.Red)
)

// The longest texts, in characters.
const (
	// widest bounds what a document says in one place, such as a name or a
	// condition: four lines say enough of it.
	widest = 300
	// longest bounds what is put together of such texts.
	longest = 3000
)

// row is a text with a label before it.
type row struct {
	label, text string
}

// labels is the width of the column of labels of a step or source; wider labels
// of other rows may take up to twice as much.
const labels = 13

// rows writes texts in a column behind their labels, the further lines of a text a
// little deeper. A label that is wider than the column stands on a line of its own.
func (p *page) rows(indent, column int, rows []row) {
	margin := strings.Repeat(" ", indent)
	for _, r := range rows {
		label := short(r.label)
		gap := column - lipgloss.Width(label)
		if gap < 2 && label != "" {
			p.line(margin + p.style(faint, label))
			label, gap = "", column
		}
		p.hang(margin+p.style(faint, label)+strings.Repeat(" ", gap), strings.Repeat(" ", indent+column+2), r.text)
	}
}

// column is the width that the labels of the rows need, within reason.
func column(rows []row) int {
	width := 0
	for _, r := range rows {
		if w := lipgloss.Width(visible(r.label)) + 2; w <= 2*labels {
			width = max(width, w)
		}
	}
	return width
}

// paragraph writes a text behind a margin; an empty one is left out.
func (p *page) paragraph(indent int, style lipgloss.Style, text string) {
	if text == "" {
		return
	}
	margin := strings.Repeat(" ", indent)
	for _, line := range wrap(cut(visible(text), longest), p.width-indent) {
		p.line(margin + p.style(style, line))
	}
}

// hang writes a text behind what begins its first line, and what begins the
// others.
func (p *page) hang(first, others, text string) {
	for i, line := range wrap(cut(visible(text), longest), p.width-max(lipgloss.Width(first), lipgloss.Width(others))) {
		if i > 0 {
			first = others
		}
		p.line(first + line)
	}
}

// heading begins a section.
func (p *page) heading(indent int, text string) {
	p.line("")
	p.paragraph(indent, bold, text)
}

// line writes one line, without the blanks at its end.
func (p *page) line(text string) {
	p.WriteString(strings.TrimRight(text, " "))
	p.WriteByte('\n')
}

func (p *page) style(s lipgloss.Style, text string) string {
	if !p.color || text == "" {
		return text
	}
	return s.Render(text)
}

// wrap breaks a text into lines between its words. There is always one.
func wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for i, word := range strings.Split(text, " ") {
		w := lipgloss.Width(word)
		switch {
		case i == 0:
			line, used = word, w
		case used+1+w <= width:
			line, used = line+" "+word, used+1+w
		default:
			lines = append(lines, line)
			line, used = word, w
		}
	}
	return append(lines, line)
}

// joiners are the two format characters that words of some languages need.
const joiners = "\u200c\u200d"

// visible makes a document's text one line, and takes out what would command a
// terminal or change the order of the characters around it.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case strings.ContainsRune(joiners, r):
			return r
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return unicode.ReplacementChar
		default:
			return r
		}
	}, text)
}

// short is a document's text, no longer than is useful.
func short(text string) string { return cut(visible(text), widest) }

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// firstLine is the first line of a description.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return short(strings.TrimSpace(line))
}

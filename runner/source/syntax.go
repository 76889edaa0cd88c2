package source

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// syntaxError gives the YAML library's message a position and better words.
func syntaxError(file *File, text string, err error) *Diagnostic {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, found := strings.CutPrefix(message, "line "); found {
		_, message, _ = strings.Cut(rest, ": ")
	}
	d := &Diagnostic{
		Code: "arazzo/yaml-syntax", Severity: Error, Position: Position{File: file},
		Message: message, Expected: "well-formed YAML 1.2 or JSON, one document",
		Fix: "look at this line and the one above it: indentation, quotes, a missing colon",
	}
	if offset, ok := bracketInText(text, err); ok {
		d.Position = (&File{Text: text}).position(offset)
		d.Position.File = file
		d.explainBracket(text[offset])
		return d
	}
	offset, ok := errorOffset(text, err)
	if !ok {
		d.explain(message, 0)
		d.Fix = fmt.Sprintf("look at the lines from %d on: %s", 1+errorLine(err), d.Fix)
		return d
	}
	d.Position = (&File{Text: text}).position(offset)
	d.Position.File = file
	found, _ := utf8.DecodeRuneInString(text[offset:])
	if d.explain(message, found) {
		d.Position.Column = 1
		if line, ok := d.Position.line(); ok {
			d.Position.Column += len(line) - len(strings.TrimLeft(line, " \t"))
		}
	}
	return d
}

// maxSearched bounds the search of [errorOffset], in bytes; it reads the text some
// ten times, and real Arazzo documents have a hundredth of this.
const maxSearched = 1 << 20

// errorOffset finds the character at which the library gives up: it names the
// line on which the surrounding block begins, or none. It reads its text once
// from start to end, so every beginning of the text that reaches the error ends
// in the same one: first the line is searched, then the character in it. A text
// so long that this would take seconds is not searched.
func errorOffset(text string, want error) (int, bool) {
	if len(text) > maxSearched {
		return 0, false
	}
	reached := func(end int) bool {
		_, err := yamlNodes(text[:end])
		return err != nil && err.Error() == want.Error()
	}
	starts := append(lineStarts(text), len(text))
	line := searchUp(errorLine(want), len(starts)-2, func(i int) bool { return reached(starts[i+1]) })
	start, end := starts[line], starts[line+1]
	offset := start
	if chars := charStarts(text[start:end]); len(chars) > 1 {
		offset += chars[sort.Search(len(chars)-1, func(i int) bool { return reached(start + chars[i+1]) })]
	}
	if line > 0 && strings.HasSuffix(want.Error(), openQuote) && strings.IndexByte(`'"`, text[min(offset, len(text)-1)]) < 0 {
		// Of a quote on the first line the library names the end of the text.
		first := strings.TrimRight(text[:starts[1]], "\r\n")
		if _, err := yamlNodes(first); err != nil {
			return errorOffset(first, err)
		}
	}
	return offset, true
}

// errorLine is the line, counted from 0, before which the error is not: the
// library counts the line of a block from 0 or from 1.
func errorLine(err error) int {
	n := 0
	if _, scanned := fmt.Sscanf(err.Error(), "yaml: line %d:", &n); scanned != nil || n == 0 {
		return 0
	}
	return n - 1
}

// searchUp finds the first number from least up to most for which yes holds, most
// when there is none. It looks near least first, in steps that double: there the
// answer mostly is, and to ask of a higher number takes longer.
func searchUp(least, most int, yes func(int) bool) int {
	least = min(least, most)
	high := least
	for step := 1; high < most && !yes(high); step *= 2 {
		least = high + 1
		high = min(high+step, most)
	}
	return least + sort.Search(high-least, func(i int) bool { return yes(least + i) })
}

// charStarts lists where the characters of a line begin, in bytes.
func charStarts(line string) []int {
	var starts []int
	for i := range line {
		starts = append(starts, i)
	}
	return starts
}

package source

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// snippetWidth bounds what is shown of a long line, in characters.
const snippetWidth = 160

// writeSnippet shows the line with a caret. Tabs and other control characters
// become spaces, so that the caret stands under its character and no document
// can write commands to a terminal; a long line is cut around the caret.
func writeSnippet(b *strings.Builder, line string, at Position) {
	caret := byteOffset(line, at.Column)
	before, cutBefore := lastRunes(line[:caret], snippetWidth/2)
	room := snippetWidth - utf8.RuneCountInString(before)
	if cutBefore {
		before, room = "…"+before, room-1
	}
	after, cutAfter := firstRunes(line[caret:], room)
	if cutAfter {
		after += "…"
	}
	number := fmt.Sprintf("%5d", at.Line)
	fmt.Fprintf(b, "%s | %s\n", number, strings.Map(shown, before+after))
	fmt.Fprintf(b, "%s | %s^\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", utf8.RuneCountInString(before)))
}

// firstRunes and lastRunes cut a text to n characters, and tell whether it was
// longer. They read no more of it than that: a line may have megabytes.
func firstRunes(text string, n int) (string, bool) {
	for i := range text {
		if n--; n < 0 {
			return text[:i], true
		}
	}
	return text, false
}

func lastRunes(text string, n int) (string, bool) {
	i := len(text)
	for range n {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return text[i:], i > 0
}

func shown(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

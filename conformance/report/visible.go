package report

import (
	"strings"
	"unicode"
)

// Visible is a text without what a terminal takes for a command, or for a change of the
// direction of writing: a target decides what its answers say, not what the screen
// shows.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && commands(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// commands tells the characters that are none to look at.
func commands(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

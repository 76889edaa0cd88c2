package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// checkEncoding refuses text that is not UTF-8: RFC 8259 (section 8.1) allows
// JSON nothing else, and YAML that is meant for both does without the rest.
func checkEncoding(file *File) *Diagnostic {
	text := file.Text
	d := &Diagnostic{
		Code: "arazzo/not-utf8", Severity: Error, Position: Position{File: file},
		Expected: "UTF-8", Fix: "save the document as UTF-8",
	}
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"),
		len(text) > 1 && (text[0] == 0) != (text[1] == 0): // every other byte of a Latin letter is zero
		d.Message = "the document is written in UTF-16 or UTF-32"
		return d
	case utf8.ValidString(text):
		return nil
	}
	for i, c := range text {
		if c != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
			d.Position, d.Message = file.position(i), fmt.Sprintf("the byte 0x%02X begins no character of UTF-8", text[i])
			break
		}
	}
	return d
}

// checkPrintable refuses the characters that YAML does not have (YAML 1.2.2,
// section 5.1).
func checkPrintable(file *File) *Diagnostic {
	for i, c := range file.Text {
		if printable(c) || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		return &Diagnostic{
			Code: "arazzo/yaml-syntax", Severity: Error, Position: file.position(i),
			Message:  fmt.Sprintf("found the control character %U", c),
			Expected: "text without control characters",
			Fix:      fmt.Sprintf(`remove it, or write it in double quotes as "\u%04X"`, c),
		}
	}
	return nil
}

// printable tells the characters that may stand in a line of YAML.
func printable(c rune) bool {
	return c >= ' ' && c < 0x7f || c == 0x85 || c >= 0xa0 && c != 0xfffe && c != 0xffff
}

// separators end a line in YAML 1.1, whose rules the library follows, and are
// characters like any other in YAML 1.2 (section 5.4).
var separators = []string{"\u0085", "\u2028", "\u2029"}

// withoutSeparators puts other characters in the place of separators, and returns
// what puts them back. Nearly every text has none and is returned as it is.
func withoutSeparators(text string) (string, *strings.Replacer) {
	var there, back []string
	unused := '\ue000' // the first character of private use
	for _, c := range separators {
		if !strings.Contains(text, c) {
			continue
		}
		for strings.ContainsRune(text, unused) {
			unused++
		}
		there = append(there, c, string(unused))
		back = append(back, string(unused), c)
		unused++
	}
	if there == nil {
		return text, nil
	}
	return strings.NewReplacer(there...).Replace(text), strings.NewReplacer(back...)
}

// replaceIn changes the texts of all nodes. Aliases are not followed: what they
// name is among the nodes.
func replaceIn(n *yaml.Node, back *strings.Replacer) {
	n.Value = back.Replace(n.Value)
	for _, child := range n.Content {
		replaceIn(child, back)
	}
}

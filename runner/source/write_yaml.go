package source

import (
	"regexp"
	"strings"
	"sync"
)

// YAML writes the value in YAML's block style, indented by two spaces. Members
// keep their order and numbers every digit: read again, here or by a reader of
// YAML 1.1, it is the same value. Strings are in quotes only where one of the two
// would misread them, and literal blocks where they have several lines.
func (v *Value) YAML() string {
	var b strings.Builder
	v.writeYAML(&b, "", "")
	return b.String()
}

// writeYAML writes the value and ends the line. Scalars begin after space, on the
// line that is begun; collections with members stand at the indentation, from
// the next line on unless nothing is written of it yet.
func (v *Value) writeYAML(b *strings.Builder, indentation, space string) {
	switch {
	case v.Kind == Array && len(v.Items) > 0:
		v.writeItems(b, indentation)
	case v.Kind == Object && len(v.Members) > 0:
		v.writeMembers(b, indentation)
	default:
		b.WriteString(space + v.scalarYAML(indentation) + "\n")
	}
}

func (v *Value) writeItems(b *strings.Builder, indentation string) {
	for i, item := range v.Items {
		if i > 0 {
			b.WriteString(indentation)
		}
		b.WriteString("- ")
		item.writeYAML(b, indentation+"  ", "")
	}
}

func (v *Value) writeMembers(b *strings.Builder, indentation string) {
	for i, m := range v.Members {
		if i > 0 {
			b.WriteString(indentation)
		}
		b.WriteString(keyYAML(m.Key, indentation) + ":")
		if len(m.Value.Items)+len(m.Value.Members) > 0 {
			b.WriteString("\n" + indentation + "  ")
		}
		m.Value.writeYAML(b, indentation+"  ", " ")
	}
}

// longestKey is shorter than the 1024 characters that YAML allows a key before
// its colon (YAML 1.2.2, section 7.4.2).
const longestKey = 1000

func keyYAML(key, indentation string) string {
	written := inline(key)
	if len(written) > longestKey {
		return "? " + written + "\n" + indentation
	}
	return written
}

// scalarYAML writes a scalar or an empty collection; a block is indented.
func (v *Value) scalarYAML(indentation string) string {
	text, ok := v.Text()
	if !ok {
		return v.word()
	}
	if !blocky(text) {
		return inline(text)
	}
	header := "|-"
	switch body := strings.TrimRight(text, "\n"); len(text) - len(body) {
	case 0:
	case 1:
		header, text = "|", body
	default:
		header, text = "|+", text[:len(text)-1]
	}
	if indentation == "" {
		indentation = "  "
	}
	var b strings.Builder
	b.WriteString(header)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteByte('\n')
		if line != "" {
			b.WriteString(indentation + line)
		}
	}
	return b.String()
}

// blocky tells a text of several lines that a literal block keeps exactly: its
// first line has to show the indentation.
func blocky(text string) bool {
	return strings.Contains(text, "\n") && strings.Trim(text[:1], " \t\n") != "" && !strings.ContainsFunc(text, func(c rune) bool {
		return c != '\n' && c != '\t' && c != '"' && c != '\\' && escapes(c)
	})
}

// inline writes a string on one line.
func inline(text string) string {
	switch {
	case strings.ContainsFunc(text, func(c rune) bool { return c != '"' && c != '\\' && escapes(c) || c == '\t' }):
		return quote(text)
	case needsQuotes(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	default:
		return text
	}
}

var (
	// punctuated texts mean something else to YAML without quotes: an indicator at
	// the start, a comment, a key, the markers of a document, space at an end.
	punctuated = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile("^(?:[-?:](?: |$)|[,\\[\\]{}#&*!|>'\"%@` ]|---|\\.\\.\\.)|: | #|[: ]$")
	})
	// older are the words and numbers of YAML 1.1 that are strings in YAML 1.2: its
	// types bool, int, float, timestamp, merge and value.
	older = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|=` +
			`|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?` +
			`|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?` +
			`|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?)$`)
	})
)

// needsQuotes tells a text that YAML 1.2 or 1.1 would not read as this string.
func needsQuotes(text string) bool {
	kind, _ := plain(text)
	return kind != String || punctuated().MatchString(text) || notNumber(text) || older().MatchString(text)
}

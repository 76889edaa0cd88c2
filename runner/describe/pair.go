package describe

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// A payload may be a text in which names and values stand: JSON or a form. With
// expressions in it, it need not be correct JSON, so that it is searched, not
// parsed.
var (
	// namePattern finds the name of a JSON member, with the quote that its value
	// begins with, or that of a pair of a form or a query.
	namePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`"((?:[^"\\]|\\.)*)"\s*:\s*("?)|([^=&?;\s"]+)=`)
	})
	// quotedValue, bareValue and formValue are what may follow it. An object or
	// array is taken to reach to the end of the text.
	quotedValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[^"\\]|\\(?s:.))*`)
	})
	bareValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:\{\$[^}]*\}|[\[{](?s:.*)|[^\s,}\]]*)`)
	})
	formValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[^&\r\n]*`)
	})
)

// withoutNamed masks the values in a text that stand under a secret name.
func withoutNamed(text string) string {
	var b strings.Builder
	for {
		at := namePattern().FindStringSubmatchIndex(text)
		if at == nil {
			b.WriteString(text)
			return b.String()
		}
		name, value := pairOf(text, at)
		b.WriteString(text[:at[1]])
		text = text[at[1]:]
		if secret.Named(name) {
			n := len(value.FindString(text))
			b.WriteString(concealed(text[:n]))
			text = text[n:]
		}
	}
}

// pairOf is the name that namePattern found, and what the value after it is like.
func pairOf(text string, at []int) (string, *regexp.Regexp) {
	if form := at[6]; form >= 0 {
		name := text[form:at[7]]
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		return name, formValue()
	}
	if at[4] < at[5] {
		return text[at[2]:at[3]], quotedValue()
	}
	return text[at[2]:at[3]], bareValue()
}

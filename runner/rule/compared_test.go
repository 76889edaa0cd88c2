package rule

import (
	"regexp"
	"testing"
)

// comparisonPattern is what compared reads, as a pattern.
var comparisonPattern = regexp.MustCompile(`^\s*(\$[^\s=!<>&|()'"]+)\s*(==|!=)\s*('(?:[^']|'')*'|"[^"\\]*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null)\s*$`)

// FuzzCompared holds that a comparison is read as the pattern says.
func FuzzCompared(f *testing.F) {
	for _, seed := range []string{
		"$statusCode == 200", " $a!='x''y'\n", "$a == 'x'y'", `$a=="x"`, `$a=="\n"`, "$a == -1.5", "$a == 1.", "$a == -", "$a == .5", "$ == 1",
		"$a === 1", "$a = = 1", "$a == nulls", "$a ==\ttrue\f", "$a(b) == 1", "a == 1", "$a == ''", "$a == '''", "$a == ''''", "$a", "$a ==", "$a\v== 1", "$a\u00a0== 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := comparisonPattern.FindStringSubmatch(text)
		c, ok := compared(text)
		if ok != (m != nil) || ok && (c != comparison{operand: m[1], operator: m[2], literal: m[3]}) {
			t.Errorf("%q: got %+v, %t, want %q", text, c, ok, m)
		}
	})
}

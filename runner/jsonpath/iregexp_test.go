package jsonpath

import (
	"errors"
	"testing"
)

func TestIRegexp(t *testing.T) {
	t.Parallel()
	const (
		matched = "matches"
		other   = "does not match"
		invalid = "is not an I-Regexp"
	)
	for _, test := range []struct{ name, source, text, want string }{
		{"a literal", `abc`, "abc", matched},
		{"the whole text only", `b`, "abc", other},
		{"the empty expression", ``, "", matched},
		{"an empty alternative", `a|`, "", matched},
		{"alternatives are one group", `a|bc`, "bd", other},
		{"a group", `(ab)+`, "abab", matched},
		{"characters that Go would read as an operator", `a#-&~"'<>,=!@%/:;_`, `a#-&~"'<>,=!@%/:;_`, matched},
		{"a dot", `a.c`, "aéc", matched},
		{"a dot is no line feed", `a.c`, "a\nc", other},
		{"a dot is no carriage return", `a.c`, "a\rc", other},
		{"a counted quantifier", `a{2}`, "aaa", other},
		{"a quantifier from and to", `a{2,3}`, "aaa", matched},
		{"a quantifier without an end", `a{2,}`, "aaaa", matched},
		{"a quantifier with a leading zero", `a{02}`, "aa", matched},
		{"a quantifier of nothing", `ba{0}`, "b", matched},
		{"a class", `[a-cx]`, "b", matched},
		{"a negated class", `[^a-c]`, "b", other},
		{"a negated class takes a line feed", `[^a]`, "\n", matched},
		{"a dash first", `[-a]`, "-", matched},
		{"a dash last", `[a-]`, "-", matched},
		{"a dash alone", `[-]`, "-", matched},
		{"a dash last in a negated class", `[^a-]`, "-", other},
		{"a caret that is not first", `[a^]`, "^", matched},
		{"an escape in a class", `[\]\-\n]`, "]", matched},
		{"a range to an escape", `[\[-\]]`, `\`, matched},
		{"a class that Go would read as POSIX", `[\[:alpha:]+`, "[:ph", matched},
		{"an ampersand in a class", `[&&a]`, "&", matched},
		{"a category", `\p{Lu}\p{L}`, "Éa", matched},
		{"the complement of a category", `\P{Nd}`, "1", other},
		{"a category in a class", `[\p{Nd}_]+`, "1_2", matched},
		{"a category of unassigned characters", `\p{Cn}`, "\u0378", matched},
		{"an escaped operator", `\.\*\(\)\{\}`, ".*(){}", matched},
		{"escaped white space", `\t\r\n`, "\t\r\n", matched},
		{"an anchor", `^ab$`, "ab", matched},
		{"a class of Perl", `\d`, "1", invalid},
		{"a word boundary", `\ba`, "a", invalid},
		{"an escaped letter", `\a`, "a", invalid},
		{"a lazy quantifier", `a+?`, "a", invalid},
		{"two quantifiers", `a**`, "a", invalid},
		{"a quantifier first", `*a`, "a", invalid},
		{"a group without capture", `(?:a)`, "a", invalid},
		{"a group with flags", `(?i)a`, "a", invalid},
		{"a group left open", `(a`, "a", invalid},
		{"a group never opened", `a)`, "a", invalid},
		{"a class left open", `[a`, "a", invalid},
		{"a class left open after a dash", `[-`, "-", invalid},
		{"an empty class", `[]`, "]", invalid},
		{"a class never opened", `a]`, "a]", invalid},
		{"a bracket in a class", `[[]`, "[", invalid},
		{"a dash in the middle", `[a-c-e]`, "a", invalid},
		{"a range to a category", `[a-\p{L}]`, "a", invalid},
		{"a range from a category", `[\p{L}-z]`, "a", invalid},
		{"a range backwards", `[b-a]`, "a", invalid},
		{"a quantifier backwards", `a{3,2}`, "aaa", invalid},
		{"a quantifier without a start", `a{,2}`, "a", invalid},
		{"a quantifier left open", `a{2`, "aa", invalid},
		{"a brace alone", `{`, "{", invalid},
		{"a script for a category", `\p{Greek}`, "α", invalid},
		{"a category that does not exist", `\p{Lx}`, "a", invalid},
		{"a category left open", `\p{L`, "a", invalid},
		{"an empty category", `\p{}`, "a", invalid},
		{"a category without braces", `\pL`, "a", invalid},
		{"a backslash last", `a\`, `a\`, invalid},
		{"a byte that is not UTF-8", "\xff", "\xff", invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, err := compilePattern(patternKey{test.source, true})
			if err != nil {
				t.Fatal(err)
			}
			got := other
			switch {
			case p.regexp == nil:
				got = invalid
			case p.regexp.MatchString(test.text):
				got = matched
			}
			if got != test.want {
				t.Errorf("%q %s %q, want that it %s", test.source, got, test.text, test.want)
			}
		})
	}
}

func FuzzIRegexp(f *testing.F) {
	for _, source := range []string{`a|b(c)*`, `[^a-z\p{Lu}-]{2,3}`, `\.\p{L}`, `^$`, `[-]`, `a{1000}`, `(a{50}){50}`} {
		f.Add(source, "text")
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		whole, err := compilePattern(patternKey{source, true})
		if err != nil && !errors.Is(err, ErrLimit) {
			t.Fatalf("%q: %v, want no error but a limit", source, err)
		}
		part, _ := compilePattern(patternKey{source, false})
		if err != nil || whole.regexp == nil {
			return
		}
		if whole.regexp.MatchString(text) && !part.regexp.MatchString(text) {
			t.Errorf("%q matches the whole of %q and no part of it", source, text)
		}
	})
}

package secret

import (
	"slices"
	"strings"
)

// Masked stands in the place of every secret.
const Masked = "***"

// words are the names that mark a value as secret, compared without their case,
// hyphens and underscores.
var words = []string{"password", "secret", "token", "apikey", "authorization", "cookie", "credential"}

// separators is built once: every member of every body is asked for its name.
var separators = strings.NewReplacer("-", "", "_", "")

// Named tells whether a value of that name is secret: an input, a header, a member
// of a body.
func Named(name string) bool {
	plain := separators.Replace(strings.ToLower(name))
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(plain, word) })
}

// Environment is the variable that may hold a credential: ARAZZO_CREDENTIAL_ and
// the name in upper case, with anything but letters and digits as '_'.
func Environment(name string) string {
	return "ARAZZO_CREDENTIAL_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		default:
			return '_'
		}
	}, name)
}

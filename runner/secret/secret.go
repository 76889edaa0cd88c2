package secret

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masked stands in the place of every secret.
const Masked = "***"

// words are the names that mark a value as secret, compared without their case,
// hyphens and underscores.
var words = [][]byte{
	[]byte("password"), []byte("secret"), []byte("token"), []byte("apikey"), []byte("authorization"), []byte("cookie"), []byte("credential"),
}

// Named tells whether a value of that name is secret: an input, a header, a member
// of a body. Every member of every body is asked, so it allocates nothing.
func Named(name string) bool {
	var room [64]byte
	plain := room[:0]
	for _, r := range name {
		if r != '-' && r != '_' {
			plain = utf8.AppendRune(plain, unicode.ToLower(r))
		}
	}
	return slices.ContainsFunc(words, func(word []byte) bool { return bytes.Contains(plain, word) })
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

package jsonhttp

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// Key is an API key, kept as its hash: hashes have one length, so the time that
// a comparison takes says nothing about the key.
type Key [sha256.Size]byte

// NewKey is the key that clients send as text.
func NewKey(text string) Key { return sha256.Sum256([]byte(text)) }

// Opens reports whether a request carries the key, as Authorization: Bearer KEY.
// The scheme's case does not matter (RFC 9110, section 11.1).
func (k Key) Opens(r *http.Request) bool {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	given := NewKey(strings.TrimSpace(text))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(given[:], k[:]) == 1
}

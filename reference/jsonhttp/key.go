package jsonhttp

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	// MaxKeyBytes is the longest API key: a fraction of what the header of a request
	// may have.
	MaxKeyBytes = 1024
	// MaxKeys is how many keys a process takes. A request is compared with each of
	// them, which at this many costs some twenty microseconds.
	MaxKeys = 1000
)

// hashPrefix begins a key that is written as its hash.
const hashPrefix = "sha256:"

// Key is an API key, kept as its hash: hashes have one length, so the time that
// a comparison takes says nothing about the key, and what is configured need not
// hold the key itself.
type Key [sha256.Size]byte

// NewKey is the key of a text that clients send.
func NewKey(text string) Key { return sha256.Sum256([]byte(text)) }

// ParseKey reads a key as it is configured: the text that clients send, or
// "sha256:" and its SHA-256 in 64 hexadecimal digits. Of a text only what every
// client can put into a header goes: visible ASCII (RFC 9110, section 5.5), at most
// [MaxKeyBytes]. No error shows the text.
func ParseKey(text string) (Key, error) {
	if digits, hashed := strings.CutPrefix(text, hashPrefix); hashed {
		hash, err := hex.DecodeString(digits)
		if err != nil || len(hash) != sha256.Size {
			return Key{}, fmt.Errorf("after %s there are not the %d hexadecimal digits of a hash: printf %%s KEY | sha256sum makes them", hashPrefix, hex.EncodedLen(sha256.Size))
		}
		return Key(hash), nil
	}
	switch {
	case text == "":
		return Key{}, errors.New("an API key is empty, and would let everybody in")
	case len(text) > MaxKeyBytes:
		return Key{}, fmt.Errorf("an API key has %d bytes: at most %d go", len(text), MaxKeyBytes)
	}
	// The character may be all there is of the key: its place tells enough.
	if i := strings.IndexFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return Key{}, fmt.Errorf("an API key has at byte %d what a header cannot carry: visible ASCII characters go, and no spaces", i+1)
	}
	return NewKey(text), nil
}

// Keys are API keys that open the same door. They are not changed once they are in
// use.
type Keys []Key

// Opens reports whether a request carries one of the keys.
func (k Keys) Opens(r *http.Request) bool { return k.Find(r) >= 0 }

// Find is the place of the key that a request carries, -1 when it carries none of
// them. Whichever it is and wherever it stands, the search takes the same time.
func (k Keys) Find(r *http.Request) int {
	text, ok := bearer(r.Header)
	if !ok {
		return -1
	}
	given := NewKey(text)
	found := -1
	for i := range k {
		found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(given[:], k[i][:]), i, found)
	}
	return found
}

// bearer is the token of Authorization: Bearer TOKEN (RFC 6750, section 2.1). The
// scheme's case does not matter (RFC 9110, section 11.1). Two such headers are
// none: who stands in front may have judged by the other.
func bearer(h http.Header) (token string, ok bool) {
	lines := h.Values("Authorization")
	if len(lines) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// Secret is made of all keys, whatever their order: who restarts with the same keys
// has the same secret, on every machine.
func (k Keys) Secret() []byte {
	sorted := slices.SortedFunc(slices.Values(k), func(a, b Key) int { return bytes.Compare(a[:], b[:]) })
	secret := sha256.New()
	for _, key := range sorted {
		// Hash.Write never returns an error.
		_, _ = secret.Write(key[:])
	}
	return secret.Sum(nil)
}

package jsonhttp

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secretHash is what printf %s secret | sha256sum says.
const secretHash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

// keysOf reads keys that are right.
func keysOf(t *testing.T, texts ...string) Keys {
	t.Helper()
	var keys Keys
	for _, text := range texts {
		key, err := ParseKey(text)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	plain := keysOf(t, "secret")[0]
	for _, same := range []string{"sha256:" + secretHash, "sha256:" + strings.ToUpper(secretHash)} {
		if key := keysOf(t, same)[0]; key != plain {
			t.Errorf("%s is another key than the text it is of", same)
		}
	}
	keysOf(t, "!", "~", strings.Repeat("k", MaxKeyBytes), "SHA256:no-hash")

	const noHash = "after sha256: there are not the 64 hexadecimal digits of a hash: printf %s KEY | sha256sum makes them"
	for text, want := range map[string]string{
		"":                                   "an API key is empty, and would let everybody in",
		"two words":                          "an API key has at byte 4 what a header cannot carry: visible ASCII characters go, and no spaces",
		"tab\t":                              "an API key has at byte 4 what a header cannot carry: visible ASCII characters go, and no spaces",
		"é":                                  "an API key has at byte 1 what a header cannot carry: visible ASCII characters go, and no spaces",
		"\x7f":                               "an API key has at byte 1 what a header cannot carry: visible ASCII characters go, and no spaces",
		strings.Repeat("k", MaxKeyBytes+1):   "an API key has 1025 bytes: at most 1024 go",
		"sha256:":                            noHash,
		"sha256:" + secretHash[1:]:           noHash,
		"sha256:" + secretHash + "00":        noHash,
		"sha256: " + secretHash:              noHash,
		"sha256:" + secretHash[:63] + "g":    noHash,
		"sha256:" + strings.Repeat("00", 64): noHash,
	} {
		_, err := ParseKey(text)
		if err == nil {
			t.Errorf("%.80q is taken", text)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%.80q (-want +got):\n%s", text, diff)
		}
	}
}

func TestKeysFind(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, "first", "sha256:"+secretHash, "last")
	for _, test := range []struct {
		authorization []string
		want          int
	}{
		{[]string{"Bearer first"}, 0},
		{[]string{"Bearer secret"}, 1},
		{[]string{"Bearer last"}, 2},
		{[]string{"bearer  last "}, 2},
		{[]string{"BEARER first"}, 0},
		{nil, -1},
		{[]string{""}, -1},
		{[]string{"first"}, -1},
		{[]string{"Basic first"}, -1},
		{[]string{"Bearer firsts"}, -1},
		{[]string{"Bearer firs"}, -1},
		{[]string{"Bearer First"}, -1},
		{[]string{"Bearer"}, -1},
		{[]string{"Bearer "}, -1},
		{[]string{"Bearerfirst"}, -1},
		{[]string{"Bearer first last"}, -1},
		{[]string{"Bearer sha256:" + secretHash}, -1},
		{[]string{"Bearer " + secretHash}, -1},
		{[]string{"Bearer first", "Bearer first"}, -1},
		{[]string{"Bearer wrong", "Bearer first"}, -1},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header["Authorization"] = test.authorization
		if got := keys.Find(r); got != test.want || keys.Opens(r) != (test.want >= 0) {
			t.Errorf("%q: found %d, want %d; opens: %t", test.authorization, got, test.want, keys.Opens(r))
		}
		if Keys(nil).Opens(r) {
			t.Errorf("%q opens without keys", test.authorization)
		}
	}
}

func TestSecretIsOfAllKeys(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, "a", "b")
	secret := keys.Secret()
	if swapped := keysOf(t, "b", "a"); !bytes.Equal(swapped.Secret(), secret) || !slices.Equal(keys, keysOf(t, "a", "b")) {
		t.Error("the order of the keys counts, or is changed")
	}
	for _, other := range []Keys{keys[:1], keys[1:], keysOf(t, "a", "b", "c")} {
		if bytes.Equal(other.Secret(), secret) {
			t.Errorf("%d of other keys have the same secret", len(other))
		}
	}
}

// What is taken as text is what opens, and nothing is taken that no header carries.
func FuzzParseKey(f *testing.F) {
	for _, text := range []string{"secret", "", "sha256:" + secretHash, "sha256:x", "a b", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseKey(text)
		if err != nil {
			return
		}
		if strings.HasPrefix(text, hashPrefix) {
			return
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+text)
		if (Keys{key}).Find(r) != 0 {
			t.Errorf("%q does not open what it is the key of", text)
		}
	})
}

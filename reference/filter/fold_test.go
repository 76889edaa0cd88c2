package filter

import "testing"

// Texts that differ by case alone are the same without it, and no others.
func TestFold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"Ada", "aDA", true},
		{"ÄRGER", "ärger", true},
		{"ſ", "S", true},
		{"K", "k", true}, // U+212A, the Kelvin sign
		{"Σίσυφος", "ΣΊΣΥΦΟΣ", true},
		{"ß", "SS", false},
		{"İ", "i", false},
		{"é", "e", false},
		{"\xff", "�", true}, // no event has such bytes
		{"", "", true},
		{"[", "{", false},
	} {
		if got := string(appendFolded(nil, []byte(tt.a))) == string(appendFolded(nil, []byte(tt.b))); got != tt.same {
			t.Errorf("%q and %q: same %t, want %t", tt.a, tt.b, got, tt.same)
		}
	}
}

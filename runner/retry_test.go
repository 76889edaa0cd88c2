package runner

import (
	"net/http"
	"testing"
	"time"
)

// TestRetryAfter reads the header that overrules retryAfter (S-123).
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := []struct {
		name, header string
		want         time.Duration
		ok           bool
	}{
		{"seconds", "120", 2 * time.Minute, true},
		{"none", "0", 0, true},
		{"more than the cap", "301", 5 * time.Minute, true},
		{"more than a duration holds", "99999999999999999999", 5 * time.Minute, true},
		{"a date", "Fri, 02 Jan 2026 03:05:05 GMT", time.Minute, true},
		{"a date in the past", "Thu, 01 Jan 1970 00:00:00 GMT", 0, true},
		{"a date beyond the cap", "Sat, 03 Jan 2026 03:05:05 GMT", 5 * time.Minute, true},
		{"no header", "", 0, false},
		{"a negative number", "-1", 0, false},
		{"a fraction", "1.5", 0, false},
		{"a duration of Go", "1m", 0, false},
		{"text", "soon", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, ok := retryAfter(http.Header{"Retry-After": {test.header}}, now)
			if got != test.want || ok != test.ok {
				t.Errorf("got %s, %v; want %s, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

package broker

import (
	"net/http"
	"slices"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// TestFaultIsWhatStays looks at a server that says one thing after the other of itself:
// one that is only late, or has a stream being made, is not started anew, for its clients
// would be cut off.
func TestFaultIsWhatStays(t *testing.T) {
	t.Parallel()
	const (
		well  = http.StatusOK
		late  = http.StatusInternalServerError
		fails = http.StatusServiceUnavailable
	)
	for name, tt := range map[string]struct {
		says []int
		want string
	}{
		"well":                        {[]int{well}, ""},
		"late once":                   {[]int{late, well}, ""},
		"late often":                  {[]int{late, late, late, late, late, well}, ""},
		"a stream is made":            {[]int{fails, fails, well}, ""},
		"it fails":                    {[]int{fails, fails, fails}, "a write failed"},
		"it fails, and is late":       {[]int{late, fails, late, fails, late, fails}, "a write failed"},
		"it is closed meanwhile":      {[]int{late, fails}, ""},
		"a stream is made, late once": {[]int{fails, late, well}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := slices.Clone(tt.says)
			got := fault(func() *server.HealthStatus {
				said := &server.HealthStatus{StatusCode: left[0]}
				if left[0] == fails {
					said.Error = "a write failed"
				}
				left = left[1:]
				return said
			}, func() bool { return len(left) > 0 })
			if got != tt.want || len(left) != 0 {
				t.Errorf("of %v: fault %q, want %q; %d looks were not taken", tt.says, got, tt.want, len(left))
			}
		})
	}
}

package serve

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withoutTime removes the moment of a line.
var withoutTime = regexp.MustCompile(`(?m)time=\S+ |"time":"[^"]*",`)

// TestLogging is what each setting lets through, and what is refused.
func TestLogging(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ format, level, want, err string }{
		{"text", "info", "level=INFO msg=info a=1\nlevel=WARN msg=warn\n", ""},
		{"text", "warn", "level=WARN msg=warn\n", ""},
		{"json", "debug", `{"level":"DEBUG","msg":"debug"}` + "\n" + `{"level":"INFO","msg":"info","a":1}` + "\n" + `{"level":"WARN","msg":"warn"}` + "\n", ""},
		{"json", "error", "", ""},
		{"xml", "info", "", `--log-format: expected text or json, found "xml"`},
		{"text", "loud", "", `--log-level: expected debug, info, warn or error, found "loud"`},
	} {
		t.Run(test.format+" "+test.level, func(t *testing.T) {
			t.Parallel()
			var to bytes.Buffer
			log, err := (&logging{test.format, test.level}).logger(&to)
			if err != nil {
				if diff := cmp.Diff(test.err, err.Error()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return
			}
			log.Debug("debug")
			log.Info("info", "a", 1)
			log.Warn("warn")
			if diff := cmp.Diff(test.want, withoutTime.ReplaceAllString(to.String(), "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

package replication

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseTimelineHistory(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		content string
		want    []TimelineSwitch
		err     string
	}{
		"none":              {},
		"a promotion":       {"1\t0/3000148\tno recovery target specified\n", []TimelineSwitch{{1, 0x3000148}}, ""},
		"two, and comments": {"# made by hand\n1\t0/3\tbefore 2020-01-01\n\n 2  1/0\n", []TimelineSwitch{{1, 3}, {2, 1 << 32}}, ""},
		"no position":       {"1\n", nil, `timeline history: "1": expected a timeline and a position`},
		"no timeline":       {"x 0/3", nil, `timeline history: "x 0/3": timeline: strconv.ParseInt: parsing "x": invalid syntax`},
		"bad position":      {"1 03", nil, `timeline history: "1 03": log sequence number "03": expected two hexadecimal numbers with a slash between, such as 16/B374D848`},
	} {
		got, err := ParseTimelineHistory([]byte(tt.content))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
			t.Errorf("%s: error %v, want %s", name, err, tt.err)
		}
	}
}

func FuzzParseTimelineHistory(f *testing.F) {
	f.Add([]byte("1\t0/3000148\tno recovery target specified\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		past, err := ParseTimelineHistory(content)
		if err != nil && past != nil {
			t.Errorf("%v and %v", past, err)
		}
	})
}

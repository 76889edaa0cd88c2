package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// TestLogged holds what is shown of a log: the last lines, without secrets.
func TestLogged(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprint("line ", i))
	}
	long := strings.Repeat("l", maxLoggedBytes/2)
	for _, test := range []struct {
		name        string
		lines, want []string
	}{
		{"nothing", nil, nil},
		{"secrets", []string{"key-of-target key-of-condition pass%20word other \x1b[31m"}, []string{"*** *** *** other \ufffd[31m"}},
		{"many lines", many, append([]string{"(20 before these)"}, many[20:]...)},
		{"long lines", []string{"first", long, long, "last"}, []string{"(2 before these)", long, "last"}},
	} {
		s := suite{Options: Options{Target: Target{APIKey: "key-of-target"}, DatabaseURL: "postgres://me:pass%20word@localhost/x"}}
		if got := s.logged(RateLimited, Target{}, time.Time{}); got != nil {
			t.Errorf("of a target that tells nothing there is %q", got)
		}
		from := time.Now()
		s.Logged = func(condition Condition, since time.Time) []string {
			if condition != RateLimited || since != from {
				t.Errorf("what was logged under %s since %s is asked for", condition, since)
			}
			return test.lines
		}
		if diff := cmp.Diff(test.want, s.logged(RateLimited, Target{APIKey: "key-of-condition"}, from)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestRefusedLogged holds that of a target that smoke refuses the log is told as well.
func TestRefusedLogged(t *testing.T) {
	t.Parallel()
	deaf := fake{deaf: true}
	_, r := asked(t, Options{Target: deaf.start(t), Logged: func(Condition, time.Time) []string { return []string{"one", "two"} }})
	if diff := cmp.Diff([]string{"the target logged meanwhile:\none\ntwo"}, r.Notes); diff != "" || r.Status != report.Refused {
		t.Errorf("%s (-want +got):\n%s", r.Status, diff)
	}
}

package accelerate

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/cache"
)

func TestHeaderStrategy(t *testing.T) {
	t.Parallel()
	type lines = []string
	const year = 365 * 24 * time.Hour
	for _, test := range []struct {
		name          string
		control, tags lines
		want          *cache.Strategy
		err           string
	}{
		{name: "nothing"},
		{name: "both", control: lines{"max-age=60,stale-while-revalidate=30"}, want: &cache.Strategy{TTL: time.Minute, SWR: 30 * time.Second}},
		{name: "ttl alone", control: lines{"max-age=60"}, want: &cache.Strategy{TTL: time.Minute}},
		{name: "swr alone", control: lines{"stale-while-revalidate=30"}, want: &cache.Strategy{SWR: 30 * time.Second}},
		{name: "no-cache", control: lines{"no-cache"}},
		{name: "no-cache after all", control: lines{"max-age=60, No-Cache"}},
		{name: "no-store", control: lines{"max-age=60", "no-store"}},
		{name: "spaces, quotes, letters and lines", control: lines{" MAX-AGE = \"60\" ,, ", "stale-while-revalidate=30"}, want: &cache.Strategy{TTL: time.Minute, SWR: 30 * time.Second}},
		{name: "others' directives", control: lines{"no-transform, max-stale=5, max-age=60, x=y"}, want: &cache.Strategy{TTL: time.Minute}},
		{name: "no second", control: lines{"max-age=0"}},
		{name: "more than a year", control: lines{"max-age=99999999999999999999999,stale-while-revalidate=31536001"}, want: &cache.Strategy{TTL: year, SWR: year}},
		{name: "tags", control: lines{"max-age=60"}, tags: lines{"a, b ,,a", "C_1"}, want: &cache.Strategy{TTL: time.Minute, Tags: lines{"a", "b", "C_1"}}},
		{name: "tags alone", tags: lines{"a"}},
		{name: "tags that nobody reads", control: lines{"no-cache"}, tags: lines{"a-b"}},

		{name: "letters", control: lines{"max-age=x"}, err: `cache-control: max-age: expected a whole number of seconds, found "x".`},
		{name: "a negative", control: lines{"max-age=-1"}, err: `cache-control: max-age: expected a whole number of seconds, found "-1".`},
		{name: "a fraction", control: lines{"stale-while-revalidate=1.5"}, err: `cache-control: stale-while-revalidate: expected a whole number of seconds, found "1.5".`},
		{name: "no number", control: lines{"max-age"}, err: `cache-control: max-age: expected a whole number of seconds, found "".`},
		{name: "a tag that is none", control: lines{"max-age=60"}, tags: lines{"a,b c"}, err: `accelerate-cache-tags/1: expected 1 to 64 letters, digits and underscores, found "b c".`},
		{name: "six tags", control: lines{"max-age=60"}, tags: lines{"a,b,c", "d,e,f"}, err: `accelerate-cache-tags: expected at most 5 tags, found 6.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := headerStrategy(http.Header{"Cache-Control": test.control, "Accelerate-Cache-Tags": test.tags})
			if test.err != "" {
				var f *fault
				if !errors.As(err, &f) || f.status != http.StatusBadRequest || f.code != "P6005" || f.message != test.err {
					t.Errorf("got %v, expected %s", err, test.err)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A tag that is kept does not keep the header that it stood in, which may be long.
func TestHeaderStrategyKeepsNoHeader(t *testing.T) {
	t.Parallel()
	line := strings.Repeat(",", 100) + "tag"
	got, err := headerStrategy(http.Header{"Cache-Control": {"max-age=60"}, "Accelerate-Cache-Tags": {line}})
	if err != nil || len(got.Tags) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	if unsafe.StringData(got.Tags[0]) == unsafe.StringData(line[100:]) {
		t.Error("the tag is a part of the header")
	}
}

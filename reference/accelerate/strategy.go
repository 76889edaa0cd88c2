package accelerate

import (
	"encoding/json"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

const (
	// maxTags is the OpenAPI document's, as is tagPattern.
	maxTags = 5
	// maxSeconds is the longest that Accelerate keeps an answer: more means that.
	maxSeconds = 365 * 24 * 60 * 60
)

var tagPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-zA-Z0-9_]{1,64}$`)
})

// The headers in which the client extension of Accelerate sends a strategy.
const (
	strategyHeader = "Cache-Control"
	tagsHeader     = "Accelerate-Cache-Tags"
)

// bodyStrategy is the member extensions.cacheStrategy of a body, nil where there is
// none. Tags without ttl and swr have nothing cached.
func bodyStrategy(raw json.RawMessage) (*cache.Strategy, error) {
	extensions, err := object("/extensions", raw)
	if err != nil {
		return nil, err
	}
	const path = "/extensions/cacheStrategy"
	switch strategy := extensions["cacheStrategy"].(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return readStrategy(path, strategy)
	default:
		return nil, badRequest("%s: expected an object, found %s.", path, prisma.Describe(strategy))
	}
}

// readStrategy refuses a CacheStrategy that does not fit the OpenAPI document.
func readStrategy(path string, strategy map[string]any) (_ *cache.Strategy, err error) {
	s := &cache.Strategy{}
	if s.TTL, err = secondsOf(path+"/ttl", strategy, "ttl"); err != nil {
		return nil, err
	}
	if s.SWR, err = secondsOf(path+"/swr", strategy, "swr"); err != nil {
		return nil, err
	}
	if given, ok := strategy["tags"]; ok {
		s.Tags, err = readTags(path+"/tags", given, 0)
	}
	return s, err
}

// secondsOf is a member that is an integer of 1 or more, where it is there; JSON
// Schema counts 60.0 as one.
func secondsOf(path string, members map[string]any, name string) (time.Duration, error) {
	value, ok := members[name]
	if !ok {
		return 0, nil
	}
	if number, ok := value.(json.Number); ok {
		n, err := number.Float64()
		if err == nil && n >= 1 && n == math.Trunc(n) {
			return time.Duration(min(n, maxSeconds)) * time.Second, nil
		}
	}
	return 0, badRequest("%s: expected a whole number of seconds, 1 or more, found %s.", path, prisma.Describe(value))
}

// readTags reads a list of tags, of which there are at least that many and at most
// five. One tag given twice is one tag.
func readTags(path string, given any, least int) ([]string, error) {
	list, ok := given.([]any)
	if !ok {
		return nil, badRequest("%s: expected a list of tags, found %s.", path, prisma.Describe(given))
	}
	if len(list) > maxTags || len(list) < least {
		return nil, badRequest("%s: expected %s, found %d.", path, howMany(least), len(list))
	}
	var tags []string
	for i, given := range list {
		tag, ok := given.(string)
		if !ok || !tagPattern().MatchString(tag) {
			return nil, badRequest("%s/%d: expected 1 to 64 letters, digits and underscores, found %s.", path, i, prisma.Describe(given))
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags, nil
}

func howMany(least int) string {
	if least == 0 {
		return "at most " + strconv.Itoa(maxTags) + " tags"
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(maxTags) + " tags"
}

// headerStrategy is the strategy that the headers tell, nil where they tell none.
// Directives of cache-control that are no part of one are left alone, as RFC 9111,
// section 5.2.3, wants it; no-cache and no-store go before all others.
func headerStrategy(h http.Header) (*cache.Strategy, error) {
	s := &cache.Strategy{}
	var err error
	for _, directive := range split(h.Values(strategyHeader)) {
		name, value, _ := strings.Cut(directive, "=")
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "no-cache", "no-store":
			return nil, nil
		case "max-age":
			s.TTL, err = headerSeconds(name, value)
		case "stale-while-revalidate":
			s.SWR, err = headerSeconds(name, value)
		}
		if err != nil {
			return nil, err
		}
	}
	if s.TTL+s.SWR == 0 {
		return nil, nil
	}
	var tags []any
	for _, tag := range split(h.Values(tagsHeader)) {
		tags = append(tags, tag)
	}
	s.Tags, err = readTags(strings.ToLower(tagsHeader), tags, 0)
	return s, err
}

// split is the members of a header that is a list, RFC 9110, section 5.6.1.
func split(lines []string) []string {
	var members []string
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			if member = strings.TrimSpace(member); member != "" {
				// A tag is kept for longer than the line, which may be long.
				members = append(members, strings.Clone(member))
			}
		}
	}
	return members
}

// headerSeconds reads the argument of a directive. Without a second there is nothing
// to cache, which is what caches say by 0.
func headerSeconds(directive, argument string) (time.Duration, error) {
	digits := strings.Trim(strings.TrimSpace(argument), `"`)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, badRequest("%s: %s: expected a whole number of seconds, found %s.", strings.ToLower(strategyHeader), directive, prisma.Describe(argument))
	}
	// All that can be wrong is that it is too large, and then it is the largest.
	n, _ := strconv.ParseInt(digits, 10, 64)
	return time.Duration(min(n, maxSeconds)) * time.Second, nil
}

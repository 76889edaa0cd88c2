package filter

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// parseTime reads an RFC 3339 date and time as milliseconds since 1970, digits below
// cut off. As events have them, years may have a sign and six or seven digits, and
// an end of time is a word.
func parseTime(text []byte) (int64, bool) {
	switch string(text) {
	case "infinity":
		return math.MaxInt64, true
	case "-infinity":
		return math.MinInt64, true
	}
	if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		return parseFarTime(text)
	}
	t, err := time.Parse(time.RFC3339, string(text))
	return t.UnixMilli(), err == nil
}

// The Gregorian calendar repeats itself every 400 years.
const (
	cycleYears        = 400
	cycleMilliseconds = 146097 * 24 * int64(time.Hour/time.Millisecond)
)

// parseFarTime reads a year beyond 0 to 9999, ECMAScript's expanded year, by way of
// one that has the same days.
func parseFarTime(text []byte) (int64, bool) {
	digits, rest := cutDigits(text[1:])
	year, err := strconv.Atoi(string(digits))
	if err != nil || len(digits) < 6 || len(digits) > 7 || !bytes.HasPrefix(rest, []byte("-")) {
		return 0, false
	}
	if text[0] == '-' {
		year = -year
	}
	near := (year%cycleYears+cycleYears)%cycleYears + 2000
	t, err := time.Parse(time.RFC3339, strconv.Itoa(near)+string(rest))
	return t.UnixMilli() + int64((year-near)/cycleYears)*cycleMilliseconds, err == nil
}

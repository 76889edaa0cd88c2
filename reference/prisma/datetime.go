package prisma

import (
	"fmt"
	"strings"
	"time"
)

// dateTimeValue reads what date, time, timetz, timestamp and timestamptz print
// under DateStyle ISO. Digits below the millisecond are cut off, as Prisma does.
func dateTimeValue(text string) (any, error) {
	if text == "infinity" || text == "-infinity" {
		return text, nil
	}
	t, ok := parseDateTime(text)
	if !ok {
		return nil, expected("a date or time in ISO form", text)
	}
	return formatDateTime(t), nil
}

// parseDateTime reads [date][space][time[offset]][ BC]. A time of day is the only
// form with a colon in third place: years have at least four digits.
func parseDateTime(text string) (time.Time, bool) {
	text, isBC := strings.CutSuffix(text, " BC")
	date, clock, hasClock := strings.Cut(text, " ")
	if len(text) > 2 && text[2] == ':' {
		date, clock, hasClock = "1970-01-01", text, true
	}
	year, month, day, ok := parseDate(date)
	if !ok {
		return time.Time{}, false
	}
	if isBC {
		// There is no year 0 in Postgres; in ISO 8601 it is 1 BC.
		year = 1 - year
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	// time.Date carries the 31st of a short month over into the next.
	if t.Day() != day {
		return time.Time{}, false
	}
	if !hasClock {
		return t, true
	}
	since, ok := parseClock(clock)
	return t.Add(since), ok
}

// parseDate reads year-month-day; the year has four to seven digits, the last
// Postgres knows is 5874897.
func parseDate(text string) (year, month, day int, ok bool) {
	y, rest, _ := strings.Cut(text, "-")
	m, d, _ := strings.Cut(rest, "-")
	if len(y) < 4 || len(y) > 7 || len(m) != 2 || len(d) != 2 {
		return 0, 0, 0, false
	}
	year, okYear := number(y, 1, 9999999)
	month, okMonth := number(m, 1, 12)
	day, okDay := number(d, 1, 31)
	return year, month, day, okYear && okMonth && okDay
}

// parseClock reads hh:mm:ss[.ffffff][offset] as the time since midnight in UTC.
// 24:00:00 is a time of day in Postgres, the end of the day.
func parseClock(text string) (time.Duration, bool) {
	offset := time.Duration(0)
	if at := strings.IndexAny(text, "+-"); at >= 0 {
		var ok bool
		if offset, ok = sexagesimal(text[at+1:], 15); !ok {
			return 0, false
		}
		if text[at] == '-' {
			offset = -offset
		}
		text = text[:at]
	}
	text, fraction, _ := strings.Cut(text, ".")
	since, ok := sexagesimal(text, 24)
	if !ok || len(text) != len("hh:mm:ss") || len(fraction) > 6 {
		return 0, false
	}
	micros, ok := number((fraction + "000000")[:6], 0, 999999)
	return since + time.Duration(micros)*time.Microsecond - offset, ok
}

// sexagesimal reads hh[:mm[:ss]].
func sexagesimal(text string, maxHours int) (time.Duration, bool) {
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0, false
	}
	var sum time.Duration
	unit, limit := time.Hour, maxHours
	for _, part := range parts {
		n, ok := number(part, 0, limit)
		if !ok || len(part) != 2 {
			return 0, false
		}
		sum += time.Duration(n) * unit
		unit, limit = unit/60, 59
	}
	return sum, true
}

// number reads digits, and nothing but digits, of a value within least and most.
func number(digits string, least, most int) (int, bool) {
	n := 0
	for _, digit := range []byte(digits) {
		if !isDigit(digit) || n > most {
			return 0, false
		}
		n = n*10 + int(digit-'0')
	}
	return n, digits != "" && n >= least && n <= most
}

// formatDateTime writes t as ECMAScript's Date does, which is what Prisma's
// clients read.
func formatDateTime(t time.Time) string {
	year := fmt.Sprintf("%04d", t.Year())
	if t.Year() < 0 || t.Year() > 9999 {
		year = fmt.Sprintf("%+07d", t.Year())
	}
	return year + t.Format("-01-02T15:04:05.000Z")
}

package prisma

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// appendDateTime takes what date, time, timetz, timestamp and timestamptz print
// under DateStyle ISO. Digits below the millisecond are cut off, as Prisma does.
func appendDateTime(dst, text []byte) ([]byte, error) {
	if out, ok := appendPlainTimestamp(dst, text); ok {
		return out, nil
	}
	if string(text) == "infinity" || string(text) == "-infinity" {
		return append(dst, text...), nil
	}
	t, ok := parseDateTime(string(text))
	if !ok {
		return dst, expected("a date or time in ISO form", text)
	}
	return appendTime(dst, t), nil
}

// appendPlainTimestamp is for what nearly all timestamps are, 2024-02-03
// 04:05:06.789 with or without +00: one is made of the other character by
// character. ok is false for any other form, and for the 29th of February, which
// not every year has.
func appendPlainTimestamp(dst, text []byte) (out []byte, ok bool) {
	text = bytes.TrimSuffix(text, []byte("+00"))
	if !isPlainTimestamp(text) {
		return dst, false
	}
	dst = append(append(dst, text[:len("2024-02-03")]...), 'T')
	const untilSeconds, untilMillis = len("2024-02-03 04:05:06"), len("2024-02-03 04:05:06.789")
	end := min(len(text), untilMillis)
	dst = append(dst, text[len("2024-02-03 "):end]...)
	return append(dst, ".000Z"[end-untilSeconds:]...), true
}

func isPlainTimestamp(text []byte) bool {
	const form, fraction = "0000-00-00 00:00:00", ".000000"
	if len(text) < len(form) || len(text) > len(form+fraction) || len(text) == len(form)+1 {
		return false
	}
	for i, b := range text {
		want := (form + fraction)[i]
		if want == '0' && !isDigit(b) || want != '0' && b != want {
			return false
		}
	}
	return string(text[:4]) != "0000" && within(text[8:10], "01", lastDay(string(text[5:7]))) &&
		within(text[11:13], "00", "23") && within(text[14:16], "00", "59") && within(text[17:19], "00", "59")
}

// lastDay is the last day that a month has in every year, 00 for no month.
func lastDay(month string) string {
	switch month {
	case "01", "03", "05", "07", "08", "10", "12":
		return "31"
	case "04", "06", "09", "11":
		return "30"
	case "02":
		return "28"
	}
	return "00"
}

// within compares digits of one length.
func within(digits []byte, least, most string) bool {
	return string(digits) >= least && string(digits) <= most
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

// appendTime writes t as ECMAScript's Date does, which is what Prisma's clients
// read.
func appendTime(dst []byte, t time.Time) []byte {
	return t.AppendFormat(appendYear(dst, t.Year()), "-01-02T15:04:05.000Z")
}

// appendYear writes a year beyond 0..9999 with a sign and at least six digits.
func appendYear(dst []byte, year int) []byte {
	if year < 0 || year > 9999 {
		return fmt.Appendf(dst, "%+07d", year)
	}
	return fmt.Appendf(dst, "%04d", year)
}

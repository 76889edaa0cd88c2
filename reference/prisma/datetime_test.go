package prisma

import (
	"fmt"
	"testing"
	"time"
)

func TestDateTimeValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"timestamp", "2024-02-03 04:05:06", "2024-02-03T04:05:06.000Z"},
		{"digits below the millisecond", "2024-02-03 04:05:06.123999", "2024-02-03T04:05:06.123Z"},
		{"tenths", "2024-02-03 04:05:06.1", "2024-02-03T04:05:06.100Z"},
		{"timestamptz", "2024-02-03 04:05:06+00", "2024-02-03T04:05:06.000Z"},
		{"timestamptz east of UTC", "2024-02-03 04:05:06.5+05:30", "2024-02-02T22:35:06.500Z"},
		{"timestamptz west of UTC", "2024-12-31 20:00:00-07", "2025-01-01T03:00:00.000Z"},
		{"local mean time", "1800-01-01 00:00:00+00:53:28", "1799-12-31T23:06:32.000Z"},
		{"date", "2024-02-29", "2024-02-29T00:00:00.000Z"},
		{"time", "04:05:06.7", "1970-01-01T04:05:06.700Z"},
		{"timetz", "04:05:06+02", "1970-01-01T02:05:06.000Z"},
		{"end of the day", "24:00:00", "1970-01-02T00:00:00.000Z"},
		{"before Christ", "0044-03-15 BC", "-000043-03-15T00:00:00.000Z"},
		{"1 BC", "0001-01-01 00:00:00+00 BC", "0000-01-01T00:00:00.000Z"},
		{"far future", "12345-06-07 00:00:00", "+012345-06-07T00:00:00.000Z"},
		{"last date", "5874897-12-31", "+5874897-12-31T00:00:00.000Z"},
		{"infinity", "infinity", "infinity"},
		{"negative infinity", "-infinity", "-infinity"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := dateTimeText(test.text)
			if err != nil || got != test.want {
				t.Errorf("got %v, %v; want %s", got, err, test.want)
			}
		})
	}
}

// TestDaysOfMonths: of every form that a day may have in a timestamp, those are
// dates that the calendar has, and only the 29th of February takes the long way.
func TestDaysOfMonths(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2023, 2024} {
		for month := range 14 {
			for day := range 33 {
				text := fmt.Sprintf("%04d-%02d-%02d 04:05:06.789+00", year, month, day)
				date := time.Date(year, time.Month(month), day, 4, 5, 6, 789e6, time.UTC)
				exists := month > 0 && month < 13 && date.Day() == day && day > 0
				got, err := dateTimeText(text)
				if (err == nil) != exists || exists && got != date.Format("2006-01-02T15:04:05.000Z") {
					t.Errorf("%s: %q, %v", text, got, err)
				}
				if !exists || month == 2 && day == 29 {
					continue
				}
				if _, plain := appendPlainTimestamp(nil, []byte(text)); !plain {
					t.Errorf("%s is not taken for plain", text)
				}
			}
		}
	}
}

func TestDateTimeValueRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "2024", "2024-02", "2024-13-01", "2024-02-30", "2024-2-03", "24-02-03", "0000-01-01", "2024-02-03T04:05:06Z",
		"2024-02-03 ", "2024-02-03 04:05", "2024-02-03 25:00:00", "2024-02-03 04:60:00", "2024-02-03 04:05:06.1234567", "2024-02-03 04:05:06+",
		"2024-02-03 04:05:06+16", "2024-02-03 04:05:06+01:02:03:04", "2024-02-03 04:05:06 JST", "04:05:06 04:05:06", "99999999-01-01", "+2024-01-01",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got, err := dateTimeText(text); err == nil {
				t.Errorf("no error, but %v", got)
			}
		})
	}
}

// What is read is written in a form that ECMAScript and, within four-digit years,
// RFC 3339 read back.
func FuzzDateTimeValue(f *testing.F) {
	f.Add("2024-02-03 04:05:06.789+05:30")
	f.Add("0044-03-15 BC")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := dateTimeText(text)
		if err != nil || got == text {
			return
		}
		if got[0] == '+' || got[0] == '-' {
			return
		}
		if _, err := time.Parse(time.RFC3339, got); err != nil {
			t.Errorf("%q gave %q: %v", text, got, err)
		}
	})
}

func dateTimeText(text string) (string, error) {
	got, err := appendDateTime(nil, []byte(text))
	return string(got), err
}

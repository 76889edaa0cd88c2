package serve

import (
	"testing"
	"time"
)

func TestRetentionAge(t *testing.T) {
	t.Parallel()
	const unreadable = "expected an age such as 90m, 72h, 30d or 2w"
	for text, want := range map[string]struct {
		age time.Duration
		err string
	}{
		"72h":                   {age: 72 * time.Hour},
		"1h30m":                 {age: 90 * time.Minute},
		"30d":                   {age: 720 * time.Hour},
		"2w":                    {age: 336 * time.Hour},
		"1m":                    {age: time.Minute},
		"59s":                   {err: "expected at least 1m0s"},
		"0d":                    {err: "expected at least 1m0s"},
		"-72h":                  {err: "expected at least 1m0s"},
		"":                      {err: unreadable},
		"d":                     {err: unreadable},
		"72":                    {err: unreadable},
		"1.5d":                  {err: unreadable},
		"-3d":                   {err: unreadable},
		"3 moons":               {err: unreadable},
		"106752d":               {err: unreadable},
		"99999999999999999999d": {err: unreadable},
	} {
		var got age
		if err := got.Set(text); time.Duration(got) != want.age || message(err) != want.err {
			t.Errorf("%q: %s, %v; want %+v", text, time.Duration(got), err, want)
		}
	}
}

func TestRetentionBytes(t *testing.T) {
	t.Parallel()
	const unreadable = "expected a whole number of bytes with a unit, such as 512MiB or 10GB"
	for text, want := range map[string]struct {
		size size
		err  string
	}{
		"512MiB":              {size: 512 << 20},
		"10GB":                {size: 10e9},
		"10gb":                {size: 10e9},
		"2 TiB":               {size: 2 << 40},
		"67108864":            {size: 64 << 20},
		"67108864B":           {size: 64 << 20},
		"67108863":            {err: "expected at least 64MiB"},
		"1KB":                 {err: "expected at least 64MiB"},
		"0":                   {err: "expected at least 64MiB"},
		"":                    {err: unreadable},
		"GB":                  {err: unreadable},
		"-1GB":                {err: unreadable},
		"1.5GB":               {err: unreadable},
		"10PB":                {err: unreadable},
		"9223372036854775808": {err: unreadable},
		"9223373TB":           {err: unreadable},
	} {
		var got size
		if err := got.Set(text); got != want.size || message(err) != want.err {
			t.Errorf("%q: %d, %v; want %+v", text, got, err, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

package serve

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// storageFlags adds the flags that say how events are kept.
func storageFlags(flags *pflag.FlagSet, s *pulse.Storage) {
	flags.BoolVar(&s.NoPersistence, "no-persistence", false,
		"keep no events, neither here nor in the database's log: subscriptions are served live, and named streams not at all (P6106)")
	flags.Var((*age)(&s.RetentionAge), "retention-age",
		"keep events for this `AGE`, such as 72h or 30d, and for as long as a stream needs them; default: for ever")
	flags.Var((*size)(&s.RetentionBytes), "retention-bytes",
		"keep no more than this `SIZE` of events, such as 512MiB or 10GB, whoever needs them; default: no limit")
	flags.StringVar(&s.NATS.URL, "nats", "",
		"keep events in a NATS server or cluster with JetStream, at these `URLS`, such as nats://a:4222,nats://b:4222; several nodes of one database share it, and what each of them invalidates")
	flags.StringVar(&s.NATS.Credentials, "nats-creds", "", "a `FILE` with the credentials of a NATS user")
	flags.StringVar(&s.NATS.CA, "nats-ca", "", "a PEM `FILE` with the authorities that NATS' certificate is judged by")
	flags.StringVar(&s.NATS.Certificate, "nats-cert", "", "a PEM `FILE` with the client's certificate for NATS")
	flags.StringVar(&s.NATS.Key, "nats-key", "", "a PEM `FILE` with that certificate's key")
	flags.IntVar(&s.NATS.Replicas, "nats-replicas", 1, "how many servers of the NATS cluster keep each event: 1, 3 or 5")
}

// aboutKept are the flags about events that are kept.
var aboutKept = []string{"data", "retention-age", "retention-bytes", "nats", "nats-creds", "nats-ca", "nats-cert", "nats-key", "nats-replicas"}

// checkStorage refuses flags that have no meaning together.
func checkStorage(flags *pflag.FlagSet, s *pulse.Storage) error {
	if !s.NoPersistence {
		return checkNATS(flags)
	}
	for _, name := range aboutKept {
		if flags.Changed(name) {
			return exit.Usage{Err: fmt.Errorf("--%s is about events that are kept, and --no-persistence keeps none: leave out one of them", name)}
		}
	}
	return nil
}

// checkNATS refuses what is said of a NATS that is not named: the events would be
// kept here, and other nodes would not see them.
func checkNATS(flags *pflag.FlagSet) error {
	for _, name := range []string{"nats-creds", "nats-ca", "nats-cert", "nats-key", "nats-replicas"} {
		if flags.Changed(name) && !flags.Changed("nats") {
			return exit.Usage{Err: fmt.Errorf("--%s is about the NATS of --nats, and none is named: add --nats, or leave it out", name)}
		}
	}
	return nil
}

// age is a duration that knows days and weeks too.
type age time.Duration

func (a *age) Type() string { return "age" }

func (a *age) String() string {
	if *a == 0 {
		return ""
	}
	return time.Duration(*a).String()
}

// longUnits are the units that Go's durations stop short of.
var longUnits = map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// Set reads a whole number of days or weeks, or a duration in Go's form.
func (a *age) Set(text string) error {
	d, err := time.ParseDuration(text)
	number, unit := splitUnit(text)
	if one, long := longUnits[unit]; long {
		var n uint64
		if n, err = strconv.ParseUint(number, 10, 64); err == nil && n > uint64(math.MaxInt64/one) {
			err = errors.New("too long")
		}
		d = time.Duration(n) * one
	}
	if err != nil {
		return fmt.Errorf("expected an age such as 90m, 72h, 30d or 2w")
	}
	if d < pulse.MinRetentionAge {
		return fmt.Errorf("expected at least %s", pulse.MinRetentionAge)
	}
	*a = age(d)
	return nil
}

// size is a number of bytes with a unit, decimal or binary.
type size int64

func (s *size) Type() string { return "size" }

func (s *size) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*s), 10)
}

// sizeUnits are the units in lower case.
var sizeUnits = map[string]int64{
	"": 1, "b": 1,
	"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// Set reads a whole number and a unit.
func (s *size) Set(text string) error {
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	if n < pulse.MinRetentionBytes {
		return fmt.Errorf("expected at least %dMiB", pulse.MinRetentionBytes>>20)
	}
	*s = size(n)
	return nil
}

// parseSize reads a whole number and a unit, in whatever case.
func parseSize(text string) (int64, error) {
	number, unit := splitUnit(text)
	one, known := sizeUnits[strings.ToLower(unit)]
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !known || n > math.MaxInt64/one {
		return 0, errors.New("expected a whole number of bytes with a unit, such as 512MiB or 10GB")
	}
	return n * one, nil
}

// splitUnit parts the digits that a text begins with from the rest.
func splitUnit(text string) (number, unit string) {
	unit = strings.TrimLeft(text, "0123456789")
	return text[:len(text)-len(unit)], strings.TrimSpace(unit)
}

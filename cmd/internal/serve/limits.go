package serve

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// subscribers is how many subscriptions there may be at a time.
type subscribers int

func (s *subscribers) Type() string { return "number" }

func (s *subscribers) String() string { return strconv.Itoa(int(*s)) }

// Set reads a whole number within the bounds.
func (s *subscribers) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > pulse.MostSubscribers {
		return fmt.Errorf("expected a whole number from 1 to %d", pulse.MostSubscribers)
	}
	*s = subscribers(n)
	return nil
}

// limitFlags adds the flags that say what a query of Accelerate may take, and whether
// it is told of.
func limitFlags(flags *pflag.FlagSet, o *boot.Options) {
	flags.Var((*connections)(&o.Limits.Connections), "connection-limit",
		"the `NUMBER` of Accelerate's connections to the database of an environment; default: the URL's connection_limit, else two for each processor and one")
	flags.Var(&period{&o.Limits.PoolTimeout}, "pool-timeout",
		"the `TIME` that a query waits for one of them, such as 500ms or 10s; default: the URL's pool_timeout, else 10s")
	flags.Var(&period{&o.Limits.QueryTimeout}, "query-timeout",
		"the `TIME` that a query may take with that wait, at most 1m; then it is cancelled in the database (default 10s)")
	flags.Var((*answerSize)(&o.Limits.ResponseBytes), "response-limit",
		"the `SIZE` that the data of an answer may have, such as 5MiB; each connection may need three times as much memory (default 5MiB)")
	flags.Var((*cacheSize)(&o.CacheBytes), "cache-bytes",
		"the `SIZE` that the cached answers of an environment may have in memory, such as 512MiB; 0 caches nothing (default 64MiB)")
	flags.Var((*invalidations)(&o.InvalidationsPerMinute), "invalidations-per-minute",
		"the `NUMBER` of invalidations that an API key may have on each of their two routes; beyond it they are refused (P6003); default: any number")
	flags.BoolVar(&o.LogQueries, "log-queries", false,
		"write the text and the time of every statement of Accelerate to the log, without the values that are bound to it")
}

// connections is how many connections there may be.
type connections int

func (c *connections) Type() string { return "number" }

func (c *connections) String() string { return orNothing(int(*c)) }

// orNothing is a number that was given.
func orNothing(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Set reads a whole number within the bounds.
func (c *connections) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > engine.MostConnections {
		return fmt.Errorf("expected a whole number from 1 to %d", engine.MostConnections)
	}
	*c = connections(n)
	return nil
}

// longestQuery is Accelerate's own, and leaves the rest of the time that the server
// gives an exchange to the answer's way.
const longestQuery = time.Minute

// period is a time of a query.
type period struct{ d *time.Duration }

func (p *period) Type() string { return "duration" }

func (p *period) String() string {
	if p.d == nil || *p.d == 0 {
		return ""
	}
	return p.d.String()
}

// Set reads a duration in Go's form.
func (p *period) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Millisecond || d > longestQuery {
		return fmt.Errorf("expected a time such as 500ms or 10s, from 1ms to %s", longestQuery)
	}
	*p.d = d
	return nil
}

// mostAnswer is the largest --response-limit: an answer is made in memory.
const mostAnswer = 1 << 30

// answerSize is how many bytes an answer may have.
type answerSize int

func (s *answerSize) Type() string { return "size" }

func (s *answerSize) String() string { return orNothing(int(*s)) }

// Set reads a whole number and a unit.
func (s *answerSize) Set(text string) error {
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	if n < 1024 || n > mostAnswer {
		return errors.New("expected a size from 1KiB to 1GiB")
	}
	*s = answerSize(n)
	return nil
}

// cacheSize is how many bytes a cache may hold, 0 while nothing is said.
type cacheSize int64

func (s *cacheSize) Type() string { return "size" }

func (s *cacheSize) String() string { return orNothing(int(*s)) }

// Set reads a whole number and a unit, or 0.
func (s *cacheSize) Set(text string) error {
	n, err := parseSize(text)
	if err != nil {
		return err
	}
	if *s = cacheSize(n); n == 0 {
		*s = accelerate.NoCache
	}
	return nil
}

// mostInvalidations is the largest --invalidations-per-minute.
const mostInvalidations = 1_000_000

// invalidations is how many there may be.
type invalidations int

func (i *invalidations) Type() string { return "number" }

func (i *invalidations) String() string { return orNothing(int(*i)) }

// Set reads a whole number within the bounds.
func (i *invalidations) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostInvalidations {
		return fmt.Errorf("expected a whole number from 1 to %d", mostInvalidations)
	}
	*i = invalidations(n)
	return nil
}

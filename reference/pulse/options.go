package pulse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Defaults of [Options].
const (
	DefaultAckGrace  = time.Second
	DefaultHeartbeat = 15 * time.Second
	// DefaultMaxSubscribers keeps a process within 500 MB of connections.
	DefaultMaxSubscribers = 5000
)

// MostSubscribers is the largest [Options.MaxSubscribers]: that many connections take
// about 10 GB.
const MostSubscribers = 100_000

// Options say what a [Service] watches and how.
type Options struct {
	// DatabaseURL is the watched Postgres database, as a URI. Its server runs with
	// wal_level=logical; its role may replicate, and where the publication does
	// not exist yet it is a superuser.
	DatabaseURL string
	// Schema reads the database's models. It is called at the start and whenever
	// something appears that the last answer did not have.
	Schema func(context.Context) (*prisma.Schema, error)
	// Keys are the API keys, one of which every request but the health check must
	// carry.
	Keys jsonhttp.Keys
	// DataDir is the folder of the event log. It belongs to one database and one
	// process at a time. With [Storage.NoPersistence] there is none.
	DataDir string
	// Temporary says that DataDir is thrown away with the process: nothing waits
	// for the disk, and Close always removes slot and publication. A database has
	// one temporary service at a time, beside a lasting one.
	Temporary bool
	// Disposable says that the whole database is thrown away with the process.
	Disposable bool
	// Slot and Publication name what is kept in the database; empty means
	// arazzo_pulse_ and the database's OID, then _temporary for a Temporary
	// service. A publication that exists is used as it is and never removed,
	// unless an earlier Service made it.
	Slot, Publication string
	// AckGrace is how long a connection must stay healthy after an event was
	// flushed for the event to count as acknowledged; 0 means DefaultAckGrace.
	AckGrace time.Duration
	// Heartbeat is the time between comments on an event stream; 0 means
	// DefaultHeartbeat.
	Heartbeat time.Duration
	// Storage is how events are kept.
	Storage
	// MaxSubscribers is how many subscriptions there may be at a time, MostSubscribers
	// at most; 0 means DefaultMaxSubscribers. Named streams have a limit of their own.
	MaxSubscribers int
	// Environment tells apart what services of several environments keep on one
	// NATS; letters, digits, - and _, or empty.
	Environment string
	// Log takes what an operator should know; nil discards it.
	Log *slog.Logger

	// leaseLength is the constant, but in a test that cannot wait.
	leaseLength time.Duration
}

// Storage is how events are kept. The zero value keeps all of them in
// [Options.DataDir].
type Storage struct {
	// RetentionAge is how long an event is kept at least, and RetentionBytes how
	// much of the log at most, in bytes; 0 keeps everything. What is older goes when
	// no stream needs it; what is beyond the limit goes whoever needs it, and stops
	// the streams that it was still to be delivered to. Both go by chunks of the
	// log, of up to [eventlog.ChunkBytes] and larger where one event is.
	RetentionAge   time.Duration
	RetentionBytes int64
	// NATS is a server or cluster outside this process that keeps the events, and
	// that several services of one database share: one of them captures, each serves
	// every stream. Without a URL they are kept in [Options.DataDir], by this process
	// alone; with one, that folder holds what goes with the process.
	NATS broker.Remote
	// NoPersistence keeps no events at all, neither here nor in the database's log:
	// there are subscriptions, and no named streams (P6106).
	NoPersistence bool
}

// The least that [Storage] may say: a stream that is being created has to find its
// beginning, and the largest events have to have room beside others.
const (
	MinRetentionAge   = time.Minute
	MinRetentionBytes = 8 * broker.MaxPayload
)

// complete checks the options and fills in defaults.
func (o Options) complete() (Options, error) {
	switch {
	case o.DatabaseURL == "":
		return o, errors.New("pulse: DatabaseURL is empty: name the Postgres database to watch")
	case o.Schema == nil:
		return o, errors.New("pulse: Schema is nil: say how the database's models are read")
	case len(o.Keys) == 0:
		return o, errors.New("pulse: Keys is empty: nobody could come in")
	case o.DataDir == "" && !o.NoPersistence:
		return o, errors.New("pulse: DataDir is empty: name the folder of the event log")
	case o.DataDir != "" && o.NoPersistence:
		return o, errors.New("pulse: DataDir is the folder of events that are kept, and NoPersistence keeps none: leave out one of them")
	case o.AckGrace < 0 || o.Heartbeat < 0 || o.MaxSubscribers < 0:
		return o, errors.New("pulse: AckGrace, Heartbeat and MaxSubscribers must not be negative")
	case o.MaxSubscribers > MostSubscribers:
		return o, fmt.Errorf("pulse: MaxSubscribers is %d: expected at most %d", o.MaxSubscribers, MostSubscribers)
	}
	if err := o.Storage.check(); err != nil {
		return o, err
	}
	if o.AckGrace == 0 {
		o.AckGrace = DefaultAckGrace
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = DefaultHeartbeat
	}
	if o.MaxSubscribers == 0 {
		o.MaxSubscribers = DefaultMaxSubscribers
	}
	if o.leaseLength == 0 {
		o.leaseLength = leaseLength
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

func (s Storage) check() error {
	remote := s.NATS
	remote.Replicas = 0 // which has a default
	switch {
	case s.RetentionAge != 0 && s.RetentionAge < MinRetentionAge:
		return fmt.Errorf("pulse: RetentionAge is %s: expected 0, which keeps everything, or at least %s", s.RetentionAge, MinRetentionAge)
	case s.RetentionBytes != 0 && s.RetentionBytes < MinRetentionBytes:
		return fmt.Errorf("pulse: RetentionBytes is %d: expected 0, which keeps everything, or at least %d", s.RetentionBytes, MinRetentionBytes)
	case s.NoPersistence && (remote != broker.Remote{} || s.RetentionAge != 0 || s.RetentionBytes != 0):
		return errors.New("pulse: NATS, RetentionAge and RetentionBytes are about events that are kept, and NoPersistence keeps none: leave out one of them")
	case s.NATS.URL != "":
		return s.NATS.Check()
	}
	return nil
}

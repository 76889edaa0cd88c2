package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const (
	slotBucket      = "slot"
	confirmationKey = "confirmed"
)

// Confirmation is how far the slot was told that the log has everything. It is
// stored before the slot is told: a slot that is further was read by somebody
// else, and what that one took is missing here.
//
// One goroutine stores; any may ask with [Confirmation.Since].
type Confirmation struct {
	kv       jetstream.KeyValue
	log      *Log
	stored   confirmed
	revision uint64
}

// confirmed is what is kept.
type confirmed struct {
	LSN replication.LSN `json:"lsn"`
	// Since is where the slot began: the log has everything from there on.
	Since replication.LSN `json:"since"`
	// Chunk is the log's last chunk at the time: a log that ends before it has lost
	// what will not come again.
	Chunk uint64 `json:"chunk"`
}

// OpenConfirmation reads the stored position, 0 where there is none yet.
func OpenConfirmation(ctx context.Context, b *broker.Broker, log *Log) (*Confirmation, error) {
	kv, err := b.Bucket(ctx, slotBucket, 0)
	if err != nil {
		return nil, fmt.Errorf("confirmed position: %w", err)
	}
	c := &Confirmation{kv: kv, log: log}
	c.stored, c.revision, err = c.read(ctx)
	if err == nil && c.LogIsShort() {
		// What was just confirmed may have arrived after the log was looked at.
		err = log.Recover(ctx)
	}
	return c, err
}

func (c *Confirmation) read(ctx context.Context) (found confirmed, revision uint64, err error) {
	entry, err := c.kv.Get(ctx, confirmationKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return found, 0, nil
	}
	if err == nil {
		revision = entry.Revision()
		err = json.Unmarshal(entry.Value(), &found)
	}
	if err != nil {
		return found, 0, fmt.Errorf("confirmed position: %w", err)
	}
	return found, revision, nil
}

// Stored is the position last stored.
func (c *Confirmation) Stored() replication.LSN { return c.stored.LSN }

// Since is where the slot began, asked of the store: what was committed before may
// be missing. It is 0 while there was no slot yet.
func (c *Confirmation) Since(ctx context.Context) (replication.LSN, error) {
	found, _, err := c.read(ctx)
	return found.Since, err
}

// LogIsShort reports whether the log ends before what was confirmed of it, as
// after files were damaged: that much does not come again.
func (c *Confirmation) LogIsShort() bool {
	return c.log.kept() < c.stored.Chunk
}

// Begin remembers that a slot begins at a position: the log has everything from
// there on, and nothing is promised of what was before.
func (c *Confirmation) Begin(ctx context.Context, at replication.LSN) error {
	last := c.log.kept()
	return c.put(ctx, confirmed{LSN: at, Since: at, Chunk: last})
}

// Reset remembers a position also where it is before the last: of a slot that goes
// on in another server.
func (c *Confirmation) Reset(ctx context.Context, to replication.LSN) error {
	last := c.log.kept()
	return c.put(ctx, confirmed{LSN: to, Since: c.stored.Since, Chunk: last})
}

// Store remembers a position; one that is not further than the last is nothing
// new. Another node may have stored one meanwhile, as true as this: the furthest
// stays.
func (c *Confirmation) Store(ctx context.Context, to replication.LSN) error {
	for tries := 3; to > c.stored.LSN; tries-- {
		last := c.log.kept()
		err := c.put(ctx, confirmed{LSN: to, Since: c.stored.Since, Chunk: max(last, c.stored.Chunk)})
		if err != nil && (tries == 0 || !errors.Is(err, jetstream.ErrKeyRevisionMismatch)) {
			return err
		}
	}
	return nil
}

// put replaces what this Confirmation stored or read last; where that is not what
// is kept, it reads it anew.
func (c *Confirmation) put(ctx context.Context, to confirmed) error {
	data, err := json.Marshal(to)
	if err != nil {
		return fmt.Errorf("confirmed position: %w", err)
	}
	revision, err := c.kv.Update(ctx, confirmationKey, data, c.revision)
	if err == nil {
		c.stored, c.revision = to, revision
		return nil
	}
	if found, at, readErr := c.read(ctx); readErr == nil {
		c.stored, c.revision = found, at
	}
	return fmt.Errorf("confirmed position: %w", err)
}

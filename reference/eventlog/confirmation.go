package eventlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

const (
	confirmationBucket = "slot"
	confirmationKey    = "confirmed"
)

// Confirmation is how far the slot was told that the log has everything. It is
// stored before the slot is told: a slot that is further was read by somebody
// else, and what that one took is missing here.
type Confirmation struct {
	kv     jetstream.KeyValue
	stored replication.LSN
}

// OpenConfirmation reads the stored position, 0 where there is none yet.
func OpenConfirmation(ctx context.Context, js jetstream.JetStream) (*Confirmation, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: confirmationBucket, Storage: jetstream.FileStorage})
	if err != nil {
		return nil, fmt.Errorf("confirmed position: %w", err)
	}
	c := &Confirmation{kv: kv}
	entry, err := kv.Get(ctx, confirmationKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return c, nil
	}
	if err == nil {
		c.stored, err = replication.ParseLSN(string(entry.Value()))
	}
	if err != nil {
		return nil, fmt.Errorf("confirmed position: %w", err)
	}
	return c, nil
}

// Stored is the position last stored.
func (c *Confirmation) Stored() replication.LSN { return c.stored }

// Store remembers a position; one that is not further than the last is nothing
// new.
func (c *Confirmation) Store(ctx context.Context, to replication.LSN) error {
	if to <= c.stored {
		return nil
	}
	return c.Reset(ctx, to)
}

// Reset remembers a position also where it is before the last: of a new slot, or
// of one that goes on in another server.
func (c *Confirmation) Reset(ctx context.Context, to replication.LSN) error {
	if _, err := c.kv.PutString(ctx, confirmationKey, to.String()); err != nil {
		return fmt.Errorf("confirmed position: %w", err)
	}
	c.stored = to
	return nil
}

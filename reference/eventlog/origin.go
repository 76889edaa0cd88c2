package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

const originKey = "origin"

// Origin is where the log's events come from. Positions of another cluster, or of
// a past that was given up in a failover or a restore, mean something else.
type Origin struct {
	// SystemID and Timeline are the server's when it was last read from
	// (IDENTIFY_SYSTEM).
	SystemID string `json:"systemId"`
	Timeline int32  `json:"timeline"`
	// Publication is the OID of the publication: one that was dropped and made again
	// has another, and what was committed in between is in neither. Ours says that we
	// made it.
	Publication uint32 `json:"publication"`
	Ours        bool   `json:"ours"`
	// Slot is the replication slot that is read into this log, stored before it is
	// made; empty where the log has none, or gave it up. A slot of that name which the
	// log does not know is another log's.
	Slot string `json:"slot,omitempty"`
}

// Origin reads the stored origin, the zero value where there is none yet.
func (c *Confirmation) Origin(ctx context.Context) (o Origin, err error) {
	entry, err := c.kv.Get(ctx, originKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Origin{}, nil
	}
	if err == nil {
		err = json.Unmarshal(entry.Value(), &o)
	}
	if err != nil {
		return Origin{}, fmt.Errorf("origin of the event log: %w", err)
	}
	return o, nil
}

// StoreOrigin remembers where events come from now.
func (c *Confirmation) StoreOrigin(ctx context.Context, o Origin) error {
	data, err := json.Marshal(o)
	if err == nil {
		_, err = c.kv.Put(ctx, originKey, data)
	}
	if err != nil {
		return fmt.Errorf("origin of the event log: %w", err)
	}
	return nil
}

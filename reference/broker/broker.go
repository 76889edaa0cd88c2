package broker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// MaxPayload is the largest message, in bytes: above it NATS warns.
const MaxPayload = 8 << 20

// Broker is a connection to JetStream, which keeps the event log, the named
// streams and what the nodes of a service tell each other: of a server in this
// process ([Open]) or of one outside ([Connect]).
type Broker struct {
	// JetStream is how everything in it is reached. It outlives a lost connection.
	JetStream jetstream.JetStream

	conn   *nats.Conn
	folder folder
	// home is the server in this process, nil with one outside.
	home *home
	// space is what the names on a shared server begin with, replicas how many of
	// its servers keep each thing; empty and 0 in this process.
	space    string
	replicas int
	// storage is where streams are kept; what is in memory goes with the process.
	storage jetstream.StorageType

	mu sync.Mutex
	// trouble is why nothing can be written at present, nil while it can; intact
	// ends with the beginning of trouble, and a new one begins with its end.
	trouble error
	intact  context.Context
	broke   context.CancelCauseFunc
}

func newBroker() *Broker {
	b := &Broker{}
	b.intact, b.broke = context.WithCancelCause(context.Background())
	return b
}

// Shared reports whether other processes reach the same JetStream.
func (b *Broker) Shared() bool { return b.home == nil }

// Trouble is why nothing can be written at present: the server is away, or cannot
// write to its disk. It is nil while all is well, as far as is known.
func (b *Broker) Trouble() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.trouble
}

// Bound ends ctx with the beginning of [Broker.Trouble]: an answer that was
// awaited then does not come.
func (b *Broker) Bound(ctx context.Context) (context.Context, context.CancelFunc) {
	b.mu.Lock()
	intact := b.intact
	b.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(intact, func() { cancel(context.Cause(intact)) })
	return ctx, func() { stop(); cancel(nil) }
}

func (b *Broker) fail(reason error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = reason
	b.broke(reason)
}

func (b *Broker) mend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.trouble != nil {
		b.trouble = nil
		b.intact, b.broke = context.WithCancelCause(context.Background())
	}
}

// Enter says whose things are meant from here on, where several services share
// the server: an environment, of letters, digits, - and _ or empty, and the
// database as capture knows it. Alone in a process there are no others.
func (b *Broker) Enter(environment, database string) {
	if !b.Shared() {
		return
	}
	b.space = "pulse_"
	if environment != "" {
		b.space += environment + "_"
	}
	for _, r := range database {
		if r == '/' {
			r = '_'
		}
		b.space += string(r)
	}
	b.space += "_"
}

// Name is the name of a stream here.
func (b *Broker) Name(of string) string { return b.space + of }

// Subject is the subject of a stream here.
func (b *Broker) Subject(of string) string {
	if b.space == "" {
		return "pulse." + of
	}
	return "pulse." + b.space + "." + of
}

// Storage is where streams are kept.
func (b *Broker) Storage() jetstream.StorageType { return b.storage }

// Replicas is how many servers keep each thing.
func (b *Broker) Replicas() int { return max(b.replicas, 1) }

// Bucket opens a key-value bucket, which is made where it is missing. traces is how
// long what is left of a deleted key stays, at most; 0 is for ever.
func (b *Broker) Bucket(ctx context.Context, of string, traces time.Duration) (jetstream.KeyValue, error) {
	name := b.Name(of)
	kv, err := b.JetStream.KeyValue(ctx, name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = b.JetStream.CreateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: name, Storage: b.storage, Replicas: b.Replicas(), LimitMarkerTTL: traces,
		})
	}
	if err == nil {
		kv, err = b.readFromLeader(ctx, name, kv)
	}
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	return kv, nil
}

// readFromLeader has a replicated bucket answer from the server that takes its
// writes: a replica may not have them yet, and who has just written would read
// what was before.
func (b *Broker) readFromLeader(ctx context.Context, bucket string, kv jetstream.KeyValue) (jetstream.KeyValue, error) {
	stream, err := b.JetStream.Stream(ctx, "KV_"+bucket)
	if err != nil {
		return nil, err
	}
	config := stream.CachedInfo().Config
	if config.Replicas == b.Replicas() && config.AllowDirect == (config.Replicas == 1) {
		return kv, nil
	}
	config.Replicas, config.AllowDirect = b.Replicas(), b.Replicas() == 1
	if _, err := b.JetStream.UpdateStream(ctx, config); err != nil {
		return nil, err
	}
	return b.JetStream.KeyValue(ctx, bucket)
}

// LeaderHas asks the server that takes a stream's writes whether it has a message:
// what another one does not have, it may just not have got yet.
func (b *Broker) LeaderHas(ctx context.Context, stream string, seq uint64) (bool, error) {
	const notFound = 10037
	question := "$JS.API.STREAM.MSG.GET." + b.Name(stream)
	answer, err := b.conn.RequestWithContext(ctx, question, fmt.Appendf(nil, `{"seq":%d}`, seq))
	var said struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err == nil {
		err = json.Unmarshal(answer.Data, &said)
	}
	if err == nil && said.Error != nil && said.Error.ErrorCode != notFound {
		err = said.Error
	}
	if err != nil {
		return false, fmt.Errorf("event log: message %d: %w", seq, err)
	}
	return said.Error == nil, nil
}

// Close ends the connection, and the server in this process, and lets go of the
// folder.
func (b *Broker) Close() error {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.home != nil {
		b.home.close()
	}
	if b.storage == jetstream.MemoryStorage && b.folder.lock != nil {
		return errors.Join(os.RemoveAll(b.home.dir), b.folder.release())
	}
	return b.folder.release()
}

// Remove removes the folder if it was not there before; for a start that failed
// later on. The broker is closed before.
func (b *Broker) Remove() error { return os.RemoveAll(b.folder.made) }

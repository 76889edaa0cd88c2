package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// followAtOnce keeps chunks on their way to a follower below the 64 MiB that a
	// NATS connection holds back before it drops messages.
	followAtOnce = 4
	// followAgain is the pause after a broken following.
	followAgain = 250 * time.Millisecond
)

// Follow grows the log with what another node appends, until ctx ends. Its readers
// are woken as if the events were appended here.
func (l *Log) Follow(ctx context.Context, log *slog.Logger) {
	for told := false; ; {
		began := time.Now()
		err := l.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		// A lost connection breaks it again and again; one line is enough.
		if told = told && time.Since(began) < time.Second; !told {
			log.Warn("event log: what another node appends does not come; trying again", "error", err)
			told = true
		}
		select {
		case <-time.After(followAgain):
		case <-ctx.Done():
			return
		}
	}
}

// follow follows until that breaks.
func (l *Log) follow(ctx context.Context) error {
	if err := l.Recover(ctx); err != nil {
		return err
	}
	_, last := l.end()
	consumer, err := l.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: last + 1,
	})
	if err != nil {
		return fmt.Errorf("event log: follow: %w", err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(followAtOnce))
	if err != nil {
		return fmt.Errorf("event log: follow: %w", err)
	}
	defer context.AfterFunc(ctx, messages.Stop)()
	defer messages.Stop()
	for {
		msg, err := messages.Next()
		if err != nil {
			return fmt.Errorf("event log: follow: %w", err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("event log: follow: %w", err)
		}
		seq := meta.Sequence.Stream
		if last++; seq != last {
			return errors.New("event log: follow: chunks were removed before they came")
		}
		c, err := decodeChunk(msg.Data())
		if err != nil {
			return fmt.Errorf("chunk %d: %w", seq, err)
		}
		c.seq = seq
		l.grow(c)
	}
}

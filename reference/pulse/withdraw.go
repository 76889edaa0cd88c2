package pulse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
)

// Withdrawn is what a [Withdraw] came upon.
type Withdrawn struct {
	capture.Removed
	// Folder says that the folder has an event log, and Streams are the named streams
	// in it, newest first: they resume from the slot, and are stopped at the service's
	// next start.
	Folder  bool
	Streams []string
}

// Withdraw removes from a database what a service that does not run keeps there, as
// [capture.Remove] does, and says which named streams lose by it, from the folder of
// its event log. The folder is locked meanwhile; nothing in it is changed, and a
// folder that is not there is not made.
func Withdraw(ctx context.Context, o capture.RemoveOptions, dataDir string) (done Withdrawn, err error) {
	owner := ""
	if _, statErr := os.Stat(filepath.Join(dataDir, broker.StoreFolder)); !errors.Is(statErr, fs.ErrNotExist) {
		done.Folder = true
		b, err := broker.Open(ctx, dataDir, true, slog.New(slog.DiscardHandler))
		if err != nil {
			return done, &capture.RefusedError{Reason: err.Error(), Next: "stop the service that has the folder, or name the right one"}
		}
		defer b.Close()
		if owner, done.Streams, err = keptIn(ctx, b); err != nil {
			return done, err
		}
	}
	done.Removed, err = capture.Remove(ctx, o, func(found capture.Removed) error {
		if owner != "" && found.Owner != "" && owner != found.Owner {
			return &capture.RefusedError{
				Reason: fmt.Sprintf("the event log in %s belongs to another database (%s, this one is %s)", dataDir, owner, found.Owner),
				Next:   "name the folder of this database's events",
			}
		}
		return nil
	})
	return done, err
}

// keptIn is whose events a log has, and the names of its streams, newest first.
func keptIn(ctx context.Context, b *broker.Broker) (owner string, names []string, err error) {
	if owner, err = eventlog.Owner(ctx, b); err != nil {
		return "", nil, err
	}
	streams, err := openStreams(ctx, b)
	if err != nil {
		return "", nil, err
	}
	all, err := streams.list(ctx)
	for _, s := range all {
		names = append(names, s.Name)
	}
	return owner, names, err
}

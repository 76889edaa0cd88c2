package pulse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// undoWait bounds the clean-up after a failed start, whose reason may be that the
// database hangs.
const undoWait = 5 * time.Second

// Service is the Prisma Pulse API of one database. It is an [http.Handler];
// [Open] makes one, [Service.Close] ends it.
type Service struct {
	options Options
	key     jsonhttp.Key
	routes  *http.ServeMux

	db        *database
	slot      *slot
	store     *store
	log       *eventLog
	streams   *streamStore
	catalog   *catalog
	receiver  *receiver
	consumers consumers
	// confirmation is the receiver's, and of a slot that it finds or makes.
	confirmation *confirmation

	// live ends with Close; every delivery and the receiver hang on it.
	live    context.Context
	end     context.CancelFunc
	working sync.WaitGroup
	// closing guards closed and the first use of working after it.
	closing sync.Mutex
	closed  bool
}

// Open connects to the database, makes publication and slot where they are
// missing and opens the event log. When it returns, every change committed from
// then on is captured. Its errors say what to run where the server is not set up
// for logical replication.
func Open(ctx context.Context, o Options) (_ *Service, err error) {
	if o, err = o.complete(); err != nil {
		return nil, err
	}
	s := &Service{options: o, key: jsonhttp.NewKey(o.APIKey)}
	s.live, s.end = context.WithCancel(context.Background())
	s.routes = s.newRoutes()
	conn, err := s.prepare(ctx)
	if err != nil {
		return nil, fmt.Errorf("pulse: %w", errors.Join(err, s.undo(ctx)))
	}
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		s.receiver.run(s.live, conn)
	}()
	return s, nil
}

func (s *Service) prepare(ctx context.Context) (*pgconn.PgConn, error) {
	o := s.options
	var err error
	if s.db, err = openDatabase(ctx, o.DatabaseURL); err != nil {
		return nil, err
	}
	s.slot = newSlot(s.db, o)
	s.catalog = &catalog{introspect: o.Schema}
	if _, err := s.catalog.refresh(ctx); err != nil {
		return nil, err
	}
	if s.store, err = openStore(ctx, o.DataDir, !o.Temporary, o.Log); err != nil {
		return nil, err
	}
	owner, err := s.owner(ctx)
	if err != nil {
		return nil, err
	}
	if s.log, err = openLog(ctx, s.store.js, owner); err != nil {
		return nil, err
	}
	if s.streams, err = openStreams(ctx, s.store.js); err != nil {
		return nil, err
	}
	if s.confirmation, err = openConfirmation(ctx, s.store.js); err != nil {
		return nil, err
	}
	if err := s.sweepSlot(ctx); err != nil {
		return nil, err
	}
	s.receiver = &receiver{
		slot: s.slot, log: s.log, catalog: s.catalog, ensure: s.ensureSlot, confirmation: s.confirmation, logger: o.Log,
	}
	return s.receiver.connect(ctx)
}

// owner tells the database from every other: the cluster, and the one in it.
func (s *Service) owner(ctx context.Context) (string, error) {
	conn, err := s.db.replicate(ctx)
	if err != nil {
		return "", err
	}
	system, err := replication.IdentifySystem(ctx, conn)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/%d", system.SystemID, s.db.oid), nil
}

// Close ends every consumer and confirms what the log has. It removes slot and
// publication when nobody needs them any more: when the service is Temporary or
// no named stream exists, for a slot that nobody reads keeps the server's log
// for ever. Otherwise it keeps them and says so in the log. With Disposable it
// leaves the database alone. A second call does nothing.
func (s *Service) Close(ctx context.Context) error {
	s.closing.Lock()
	again := s.closed
	s.closed = true
	s.closing.Unlock()
	if again {
		return nil
	}
	s.end()
	if err := errors.Join(s.finish(ctx), s.leave(ctx), s.release()); err != nil {
		return fmt.Errorf("pulse: %w", err)
	}
	return nil
}

// finish waits for requests and the receiver to end, as long as ctx allows: an
// answer may be on its way to a peer that does not read.
func (s *Service) finish(ctx context.Context) error {
	idle := make(chan struct{})
	go func() {
		s.working.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for requests to end: %w", ctx.Err())
	}
}

// leave decides what stays in the database.
func (s *Service) leave(ctx context.Context) error {
	if s.options.Disposable {
		return nil
	}
	if !s.options.Temporary {
		all, err := s.streams.list(ctx)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			s.options.Log.Info("pulse: the replication slot stays, for named streams resume from it; to give them up, run",
				"sql", s.slot.removal(), "streams", len(all))
			return nil
		}
	}
	if err := s.slot.drop(ctx); err != nil {
		return fmt.Errorf("%w; to remove the slot later, run %s", err, s.slot.removal())
	}
	return nil
}

// undo lets go of what an Open that failed has opened, and removes what it made
// in the database and on disk.
func (s *Service) undo(ctx context.Context) error {
	var err error
	if s.slot != nil {
		// Whoever gave up waiting for Open still wants this done.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWait)
		defer cancel()
		err = s.slot.undo(ctx)
	}
	err = errors.Join(err, s.release())
	if s.store != nil {
		err = errors.Join(err, os.RemoveAll(s.store.made))
	}
	return err
}

// release lets go of what is open, as far as Open came.
func (s *Service) release() error {
	s.end()
	if s.db != nil {
		s.db.pool.Close()
	}
	if s.store != nil {
		return s.store.close()
	}
	return nil
}

// enter counts a request in, so that Close can wait for it; false once closed.
func (s *Service) enter() bool {
	s.closing.Lock()
	defer s.closing.Unlock()
	if !s.closed {
		s.working.Add(1)
	}
	return !s.closed
}

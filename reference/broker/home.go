package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// serverReady bounds how long the store may take to recover what is on disk: the
	// only long part is checking the files after a crash.
	serverReady = time.Minute
	// checkup is how often the server is asked how it is beside the times when it
	// complains.
	checkup = 10 * time.Second
	// A fault is seen at that many looks in a row, that far apart.
	looks     = 3
	lookAgain = 20 * time.Millisecond
	// A server that cannot write is started anew when there is room, and at most
	// this often.
	firstRepair = time.Second
	lastRepair  = 30 * time.Second
	// room is how much must be free before that, in bytes: chunks on their way, and
	// what the server writes beside them.
	room = 4 * MaxPayload
)

// StoreFolder is what JetStream makes in the folder of [Open]: where it is missing,
// nothing was ever kept there.
const StoreFolder = "jetstream"

// home is the NATS server in this process. It listens on no port; JetStream keeps
// its things in files of one folder.
type home struct {
	dir     string
	durable bool
	log     *slog.Logger

	mu     sync.Mutex
	server *server.Server
	// complaint wakes the guard, ended ends it.
	complaint chan struct{}
	ended     context.Context
	end       context.CancelFunc
	guard     sync.WaitGroup
}

// Open opens the folder dir. With durable every write is on disk before it
// is answered: that is what lets the slot be confirmed.
func Open(ctx context.Context, dir string, durable bool, log *slog.Logger) (*Broker, error) {
	return open(ctx, &home{dir: dir, durable: durable, log: log}, jetstream.FileStorage)
}

// OpenMemory opens a broker that keeps everything in memory and nothing beyond its
// end. Its server wants a folder all the same: a temporary one, in which nothing of
// an event ever is.
func OpenMemory(ctx context.Context, log *slog.Logger) (*Broker, error) {
	dir, err := TemporaryFolder()
	if err != nil {
		return nil, err
	}
	return open(ctx, &home{dir: dir, log: log}, jetstream.MemoryStorage)
}

func open(ctx context.Context, h *home, storage jetstream.StorageType) (_ *Broker, err error) {
	h.complaint = make(chan struct{}, 1)
	h.ended, h.end = context.WithCancel(context.Background())
	b := newBroker()
	b.home, b.storage = h, storage
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close(), b.Remove())
		}
	}()
	if err = b.folder.take(h.dir); err != nil {
		return nil, err
	}
	if h.server, err = h.start(); err != nil {
		return nil, err
	}
	b.conn, err = nats.Connect("", nats.InProcessServer(h), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
		// What is published while there is no connection fails at once.
		nats.ReconnectBufSize(-1),
		nats.ReconnectHandler(func(*nats.Conn) { b.mend() }))
	if err == nil {
		b.JetStream, err = jetstream.New(b.conn)
	}
	if err == nil {
		_, err = b.JetStream.AccountInfo(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("event log in %s: %w", h.dir, err)
	}
	// What is in memory is never found unwritable, and a new start would lose it.
	if storage == jetstream.FileStorage {
		h.guard.Go(func() { h.watch(b) })
	}
	return b, nil
}

// start starts a server on the folder.
func (h *home) start() (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "pulse",
		DontListen: true,
		NoSigs:     true,
		JetStream:  true,
		StoreDir:   h.dir,
		SyncAlways: h.durable,
		MaxPayload: MaxPayload,
		// The disk is the limit, not three quarters of what was free on it at the start.
		JetStreamMaxStore: math.MaxInt64 / 2,
	})
	if err != nil {
		return nil, fmt.Errorf("event log in %s: %w", h.dir, err)
	}
	s.SetLogger(serverLog{h.log, h.complain}, false, false)
	s.Start()
	if !s.ReadyForConnections(serverReady) || !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, fmt.Errorf("event log in %s: not ready within %s; see the log for the reason", h.dir, serverReady)
	}
	return s, nil
}

// InProcessConn is a connection to the server as it is now.
func (h *home) InProcessConn() (net.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		return nil, errors.New("event log: closed")
	}
	return h.server.InProcessConn()
}

func (h *home) complain() {
	select {
	case h.complaint <- struct{}{}:
	default:
	}
}

// watch keeps the server able to write. JetStream gives a stream up after its
// first failed write, as of a full disk, and does not even answer what is
// published from then on; only a new start takes it up again, with all that was
// answered before.
func (h *home) watch(b *Broker) {
	due := time.NewTicker(checkup)
	defer due.Stop()
	repair := firstRepair
	for {
		select {
		case <-h.complaint:
		case <-due.C:
			repair = firstRepair
		case <-h.ended.Done():
			return
		}
		wrong := fault(func() *server.HealthStatus { return h.server.Healthz(nil) }, h.pause)
		if wrong == "" {
			continue
		}
		b.fail(errors.New("event log: " + wrong))
		h.log.Error("event log: it cannot be written; the slot keeps what is to come", "error", wrong)
		if h.repair(repair) {
			h.log.Info("event log: it can be written again")
		}
		repair = min(2*repair, lastRepair)
	}
}

// fault is why the server cannot write, empty when it can; health asks it. A fault
// stays until a new start, so what is gone at the next look was none: the folder of a
// stream that is just being made is there before the stream. Nor is it a fault that the
// server does not say within a millisecond that it is ready, as start has seen it be:
// the machine is busy, and Healthz gives it no more time than that.
// Once pause says that nobody waits any more there is none.
func fault(health func() *server.HealthStatus, pause func() (on bool)) string {
	look := 1
	for on := true; on; on = pause() {
		found := health()
		switch {
		case found.StatusCode == http.StatusInternalServerError:
		case found.StatusCode == http.StatusOK:
			return ""
		case look == looks:
			return found.Error
		default:
			look++
		}
	}
	return ""
}

// pause waits between two looks; false at the end.
func (h *home) pause() (on bool) {
	select {
	case <-time.After(lookAgain):
		return true
	case <-h.ended.Done():
		return false
	}
}

// repair waits for that long, and until there is room, and starts the server anew;
// false when the broker was closed.
func (h *home) repair(after time.Duration) bool {
	for {
		select {
		case <-time.After(after):
		case <-h.ended.Done():
			return false
		}
		if free, known := freeBytes(h.dir); known && free < room {
			continue
		}
		h.mu.Lock()
		h.server.Shutdown()
		h.server.WaitForShutdown()
		again, err := h.start()
		if err == nil {
			h.server = again
		}
		h.mu.Unlock()
		if err == nil {
			return true
		}
		h.log.Error("event log: it cannot be opened", "error", err)
		after = min(2*after, lastRepair)
	}
}

func (h *home) close() {
	h.end()
	h.guard.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		h.server.Shutdown()
		h.server.WaitForShutdown()
		h.server = nil
	}
}

// serverLog passes the embedded server's warnings on; its notices are about a
// server that nobody administers.
type serverLog struct {
	log *slog.Logger
	// complain is called with each error.
	complain func()
}

func (serverLog) Noticef(string, ...any) {}
func (serverLog) Debugf(string, ...any)  {}
func (serverLog) Tracef(string, ...any)  {}

func (l serverLog) Warnf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	if staleIndex.MatchString(text) {
		l.log.Debug("event log: an index is older than what it is of, and is made anew", "message", text)
		return
	}
	l.log.Warn("event log: the message server warns", "message", text)
}

// staleIndex is what the server says of an index that was not written any more when
// it ended, also when it was asked to: it reads the file itself then, nothing is
// missing, and nobody has to do anything.
var staleIndex = regexp.MustCompile(`^Filestore \[[^]]*\] (Stream state outdated, |TTL state is outdated; |Recovering stream state from index errored: prior state file$)`)

func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("event log: the message server met an error", "message", fmt.Sprintf(format, v...))
	l.complain()
}

func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

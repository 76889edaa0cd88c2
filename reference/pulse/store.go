package pulse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// storeReady bounds how long the store may take to recover what is on disk: the
// only long part is checking the files after a crash.
const storeReady = time.Minute

// store is a NATS server inside this process. It listens on no port; JetStream
// keeps the event log and the named streams in files.
type store struct {
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
	lock   *folderLock
	// made is the folder when it was not there before, else empty, which
	// os.RemoveAll takes for nothing to remove.
	made string
}

// openStore opens the folder dir. With durable every write is on disk before it
// is answered: that is what lets the slot be confirmed.
func openStore(ctx context.Context, dir string, durable bool, log *slog.Logger) (_ *store, err error) {
	s := &store{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(), os.RemoveAll(s.made))
		}
	}()
	made, err := makeFolder(dir)
	if err != nil {
		return nil, err
	}
	if made {
		s.made = dir
	}
	if s.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	s.server, err = server.NewServer(&server.Options{
		ServerName: "pulse",
		DontListen: true,
		NoSigs:     true,
		JetStream:  true,
		StoreDir:   dir,
		SyncAlways: durable,
		MaxPayload: maxPayload,
	})
	if err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	s.server.SetLogger(storeLog{log}, false, false)
	s.server.Start()
	if !s.server.ReadyForConnections(storeReady) || !s.server.JetStreamEnabled() {
		return nil, fmt.Errorf("event log in %s: not ready within %s; see the log for the reason", dir, storeReady)
	}
	if s.conn, err = nats.Connect("", nats.InProcessServer(s.server)); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	if _, err = s.js.AccountInfo(ctx); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	return s, nil
}

func (s *store) close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
	if s.lock == nil {
		return nil
	}
	return s.lock.release()
}

// storeLog passes the embedded server's warnings on; its notices are about a
// server that nobody administers.
type storeLog struct{ log *slog.Logger }

func (storeLog) Noticef(string, ...any) {}
func (storeLog) Debugf(string, ...any)  {}
func (storeLog) Tracef(string, ...any)  {}

func (l storeLog) Warnf(format string, v ...any) {
	l.log.Warn("event log: " + fmt.Sprintf(format, v...))
}

func (l storeLog) Errorf(format string, v ...any) {
	l.log.Error("event log: " + fmt.Sprintf(format, v...))
}

func (l storeLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

// errFolderInUse is why lockFolder refuses.
var errFolderInUse = errors.New("another process uses this folder: stop it, or choose another folder")

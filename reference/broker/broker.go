package broker

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

// MaxPayload is the largest message, in bytes: above it NATS warns.
const MaxPayload = 8 << 20

// serverReady bounds how long the store may take to recover what is on disk: the
// only long part is checking the files after a crash.
const serverReady = time.Minute

// Broker is a NATS server inside this process. It listens on no port; JetStream
// keeps the event log and the named streams in files.
type Broker struct {
	// JetStream is how everything in it is reached.
	JetStream jetstream.JetStream

	server *server.Server
	conn   *nats.Conn
	lock   *folderLock
	// made is the folder when it was not there before, else empty, which
	// os.RemoveAll takes for nothing to remove.
	made string
}

// Open opens the folder dir. With durable every write is on disk before it
// is answered: that is what lets the slot be confirmed.
func Open(ctx context.Context, dir string, durable bool, log *slog.Logger) (_ *Broker, err error) {
	b := &Broker{}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close(), os.RemoveAll(b.made))
		}
	}()
	made, err := makeFolder(dir)
	if err != nil {
		return nil, err
	}
	if made {
		b.made = dir
	}
	if b.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	b.server, err = server.NewServer(&server.Options{
		ServerName: "pulse",
		DontListen: true,
		NoSigs:     true,
		JetStream:  true,
		StoreDir:   dir,
		SyncAlways: durable,
		MaxPayload: MaxPayload,
	})
	if err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	b.server.SetLogger(serverLog{log}, false, false)
	b.server.Start()
	if !b.server.ReadyForConnections(serverReady) || !b.server.JetStreamEnabled() {
		return nil, fmt.Errorf("event log in %s: not ready within %s; see the log for the reason", dir, serverReady)
	}
	if b.conn, err = nats.Connect("", nats.InProcessServer(b.server)); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	if b.JetStream, err = jetstream.New(b.conn); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	if _, err = b.JetStream.AccountInfo(ctx); err != nil {
		return nil, fmt.Errorf("event log in %s: %w", dir, err)
	}
	return b, nil
}

// Close ends the server and lets go of the folder.
func (b *Broker) Close() error {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
	if b.lock == nil {
		return nil
	}
	return b.lock.release()
}

// serverLog passes the embedded server's warnings on; its notices are about a
// server that nobody administers.
type serverLog struct{ log *slog.Logger }

func (serverLog) Noticef(string, ...any) {}
func (serverLog) Debugf(string, ...any)  {}
func (serverLog) Tracef(string, ...any)  {}

func (l serverLog) Warnf(format string, v ...any) {
	l.log.Warn("event log: the message server warns", "message", fmt.Sprintf(format, v...))
}

func (l serverLog) Errorf(format string, v ...any) {
	l.log.Error("event log: the message server met an error", "message", fmt.Sprintf(format, v...))
}

func (l serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

// errFolderInUse is why lockFolder refuses.
var errFolderInUse = errors.New("another process uses this folder: stop it, or choose another folder")

// Remove removes the folder if Open made it; for a start that failed later on.
// The broker is closed before.
func (b *Broker) Remove() error { return os.RemoveAll(b.made) }

package capture

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// muffled is a network between the service and Postgres that forgets connections, as
// a firewall does when it is replaced: nothing gets through them any more, and nobody
// is told. New ones work.
type muffled struct {
	listener net.Listener
	target   *url.URL
	// forgot counts the times that it forgot all connections but those for replication.
	forgot atomic.Int64
}

func newMuffled(t *testing.T, databaseURL string) *muffled {
	t.Helper()
	target, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	m := &muffled{listener: listener, target: target}
	go m.serve()
	return m
}

// url is the database's by way of this network.
func (m *muffled) url() string {
	through := *m.target
	query := through.Query()
	query.Del("host")
	query.Del("port")
	query.Set("sslmode", "disable")
	through.Host, through.RawQuery = m.listener.Addr().String(), query.Encode()
	return through.String()
}

func (m *muffled) serve() {
	for {
		near, err := m.listener.Accept()
		if err != nil {
			return
		}
		go m.carry(near)
	}
}

func (m *muffled) carry(near net.Conn) {
	defer near.Close()
	far, err := m.dial()
	if err != nil {
		return
	}
	defer far.Close()
	// The first message has the parameters, and comes whole.
	hello := make([]byte, 64<<10)
	n, err := near.Read(hello)
	if err != nil {
		return
	}
	if _, err := far.Write(hello[:n]); err != nil {
		return
	}
	born := m.forgot.Load()
	lost := func() bool { return m.forgot.Load() != born && !bytes.Contains(hello[:n], []byte("replication")) }
	done := make(chan struct{})
	go func() {
		defer close(done)
		pass(far, near, lost)
		_ = far.Close()
	}()
	pass(near, far, lost)
	_ = near.Close()
	<-done
}

// pass passes on what comes until the network has lost the connection: then it
// swallows it.
func pass(to io.Writer, from io.Reader, lost func() bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if lost() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (m *muffled) dial() (net.Conn, error) {
	query := m.target.Query()
	if host := query.Get("host"); host != "" {
		return net.Dial("unix", host+"/.s.PGSQL."+query.Get("port"))
	}
	return net.Dial("tcp", m.target.Host)
}

// fillPool has all connections for questions opened.
func (w *world) fillPool() {
	w.t.Helper()
	for range poolSize {
		c, err := w.capture.db.pool.Acquire(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		defer c.Release()
	}
}

// TestForgottenConnections has the connections for questions die without a word, and
// the one for replication break: the service must not wait for the answer
// as long as the kernel hopes for one, a quarter of an hour.
func TestForgottenConnections(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	network := newMuffled(t, database)
	w := newStillWorld(t, database, userTable, func(o *Options) {
		o.DatabaseURL, o.answerWait = network.url(), time.Second
	})
	w.start()
	w.execute(`INSERT INTO "User" VALUES (1, 'a')`)
	w.events(1)
	w.fillPool()
	network.forgot.Add(1)
	w.execute(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`,
		`INSERT INTO "User" VALUES (2, 'b')`)
	if diff := cmp.Diff([]string{created(1, "a"), created(2, "b")}, w.events(2)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

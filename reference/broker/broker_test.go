package broker

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

var quiet = slog.New(slog.DiscardHandler)

// startServer starts a NATS of the options on a free port and gives its URL.
func startServer(t *testing.T, change func(*server.Options)) string {
	t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, JetStream: true, StoreDir: t.TempDir(), MaxPayload: MaxPayload}
	change(o)
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("NATS is not ready")
	}
	return s.ClientURL()
}

func TestConnectSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	nobody := "nats://127.0.0.1:1"
	whole := startServer(t, func(*server.Options) {})
	for name, tt := range map[string]struct {
		remote Remote
		want   string
	}{
		"no URL":         {Remote{URL: "localhost"}, "NATS: expected URLs such as nats://HOST:4222"},
		"another scheme": {Remote{URL: "http://h:4222"}, "NATS: expected URLs such as nats://HOST:4222"},
		"one of two":     {Remote{URL: whole + ",me:secret@h"}, "NATS: expected URLs such as nats://HOST:4222"},
		"nobody there":   {Remote{URL: nobody}, "NATS: nats: no servers available for connection: start a server there, or correct the URL"},
		"two replicas":   {Remote{URL: whole, Replicas: 2}, "NATS: 2 replicas: expected 1, 3 or 5"},
		"half a pair":    {Remote{URL: whole, Key: "k"}, "NATS: a client's certificate and its key are given together"},
		"no such file":   {Remote{URL: whole, CA: "nosuch.pem"}, "nosuch.pem"},
		"no credentials": {Remote{URL: startServer(t, func(o *server.Options) { o.Username, o.Password = "u", "p" })}, "give a user in the URL, or a credentials file"},
		"no JetStream":   {Remote{URL: startServer(t, func(o *server.Options) { o.JetStream = false })}, "NATS: the server has no JetStream: start it with -js"},
		"messages too small": {
			Remote{URL: startServer(t, func(o *server.Options) { o.MaxPayload = 1 << 20 })},
			"NATS: the server takes messages of 1048576 bytes, events need 8388608: set max_payload: 8388608 in its configuration",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := Connect(t.Context(), t.TempDir(), tt.remote, quiet)
			if err == nil {
				_ = b.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestNamesOfASharedServer(t *testing.T) {
	t.Parallel()
	url := startServer(t, func(*server.Options) {})
	names := map[string]bool{}
	for _, who := range []struct{ environment, database string }{{"", "7/5"}, {"shop", "7/5"}, {"shop", "75/5"}, {"shop_7", "5/5"}} {
		b, err := Connect(t.Context(), t.TempDir(), Remote{URL: url}, quiet)
		if err != nil {
			t.Fatal(err)
		}
		b.Enter(who.environment, who.database)
		names[b.Name("events")] = true
		if kv, err := b.Bucket(t.Context(), "streams", time.Hour); err != nil || kv.Bucket() != b.Name("streams") {
			t.Errorf("bucket of %v: %v", who, err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(names) != 4 || !names["pulse_shop_7_5_events"] {
		t.Errorf("names: %v", names)
	}
}

// TestBoundEndsWithTrouble has somebody wait for an answer that will not come.
func TestBoundEndsWithTrouble(t *testing.T) {
	t.Parallel()
	b := newBroker()
	ctx, cancel := b.Bound(t.Context())
	defer cancel()
	trouble := errors.New("full")
	b.fail(trouble)
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, trouble) || !errors.Is(b.Trouble(), trouble) {
		t.Errorf("it ended with %v; trouble %v", cause, b.Trouble())
	}
	b.mend()
	again, cancel := b.Bound(t.Context())
	defer cancel()
	if again.Err() != nil || b.Trouble() != nil {
		t.Errorf("after the trouble: %v, %v", again.Err(), b.Trouble())
	}
}

// TestClosedByOurselves is no trouble, and nobody is warned of it.
func TestClosedByOurselves(t *testing.T) {
	t.Parallel()
	url := startServer(t, func(*server.Options) {})
	var logged bytes.Buffer
	b, err := Connect(t.Context(), t.TempDir(), Remote{URL: url}, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	b.conn.SetClosedHandler(func(*nats.Conn) { close(closed) }) // called after all others
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	<-closed
	if logged.Len() > 0 || b.Trouble() != nil {
		t.Errorf("trouble %v, and the log:\n%s", b.Trouble(), &logged)
	}
}

// TestStaleIndexIsNoWarning has what the server says at a start that follows an
// ordinary end, beside what somebody has to know.
func TestStaleIndexIsNoWarning(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"Filestore [KV_slot] Stream state outdated, last block has additional entries, will rebuild", "DEBUG"},
		{"Filestore [KV_slot] Stream state outdated, found extra blocks, will rebuild", "DEBUG"},
		{"Filestore [KV_slot] Recovering stream state from index errored: prior state file", "DEBUG"},
		{"Filestore [KV_streams] TTL state is outdated; attempting to recover using linear scan (seq 1 to 9)", "DEBUG"},
		{"Filestore [KV_slot] Recovering stream state from index errored: corrupt state file", "WARN"},
		{"Filestore [KV_slot] Stream state checksum did not match", "WARN"},
		{"JetStream is slow", "WARN"},
	} {
		var logged bytes.Buffer
		serverLog{log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))}.Warnf("%s", tt.text)
		if got := logged.String(); !strings.Contains(got, "level="+tt.want+" ") || !strings.Contains(got, tt.text) {
			t.Errorf("%s: got %s, want level %s", tt.text, got, tt.want)
		}
	}
}

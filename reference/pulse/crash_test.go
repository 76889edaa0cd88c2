package pulse

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/eventlog"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// These variables make the test binary a service of its own, which a test can
// kill.
const (
	childDirVariable = "ARAZZO_PULSE_TEST_CHILD_DIR"
	childURLVariable = "ARAZZO_PULSE_TEST_CHILD_URL"
	// The child is a node of this NATS, where there is one, with a short lease.
	childNATSVariable = "ARAZZO_PULSE_TEST_CHILD_NATS"
	// The child keeps no events where this is set.
	childUnkeptVariable = "ARAZZO_PULSE_TEST_CHILD_UNKEPT"
)

// runChild serves until it is killed or its standard input ends, which is when
// its parent is gone. It says where on its standard output.
func runChild() int {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv(childURLVariable))
	if err != nil {
		return 1
	}
	o := Options{
		DatabaseURL: os.Getenv(childURLVariable),
		DataDir:     os.Getenv(childDirVariable),
		Keys:        testKeys,
		Schema:      func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, pool) },
		Storage:     Storage{NATS: broker.Remote{URL: os.Getenv(childNATSVariable)}},
	}
	if short(&o); os.Getenv(childUnkeptVariable) != "" {
		o.DataDir, o.NoPersistence = "", true
	}
	service, err := Open(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	go func() { _ = http.Serve(listener, service) }()
	fmt.Fprintf(os.Stdout, "http://%s\n", listener.Addr())
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

// startChild runs a service in a process of its own; kill ends it at once.
func startChild(t *testing.T, databaseURL, dir string, environment ...string) (_ *api, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDirVariable+"="+dir, childURLVariable+"="+databaseURL)
	cmd.Env = append(cmd.Env, environment...)
	cmd.Stderr = t.Output()
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the service did not start: %v", err)
	}
	return &api{base: strings.TrimSpace(line), client: &http.Client{}, pid: cmd.Process.Pid}, kill
}

// TestKilledServiceRepeatsNothing kills the process between two transactions that
// the slot was never told about, so that both come again.
func TestKilledServiceRepeatsNothing(t *testing.T) {
	t.Parallel()
	databaseURL, dir := postgrestest.Database(t), t.TempDir()
	db := connect(t, databaseURL)
	execute(t, db, userTable)

	child, kill := startChild(t, databaseURL, dir)
	child.createStream(t, "all")
	events := child.consume(t, "all")
	execute(t, db, `INSERT INTO "User" SELECT i, 'bulk' FROM generate_series(1, 6000) i`)
	execute(t, db, `INSERT INTO "User" VALUES (0, 'single')`)
	var before []received
	for range 6001 {
		before = append(before, events.next())
	}
	if slotIsBeyond(t, db, before[0].id) {
		t.Fatal("the slot was confirmed already: there is nothing to repeat")
	}
	kill()
	execute(t, db, `INSERT INTO "User" VALUES (-1, 'while it was down')`)

	service := openService(t, databaseURL, db, Options{DataDir: dir, AckGrace: patience})
	again := serve(t, service)
	execute(t, db, `INSERT INTO "User" VALUES (-2, 'after')`)

	// The log from its beginning, whatever the cursor was.
	stored := storedFrom(t, service.log, event.Position{}, len(before)+2)
	if diff := cmp.Diff(before, stored[:len(before)], cmp.AllowUnexported(received{})); diff != "" {
		t.Errorf("stored events (-delivered before +stored after):\n%s", diff)
	}
	want := []string{created(-1, "while it was down"), created(-2, "after")}
	if diff := cmp.Diff(want, []string{stored[6001].data, stored[6002].data}); diff != "" {
		t.Errorf("events after the crash (-want +got):\n%s", diff)
	}
	resumed := again.consume(t, "all", "Last-Event-ID: "+before[6000].id)
	if diff := cmp.Diff(want, resumed.take(2)); diff != "" {
		t.Errorf("resumed stream (-want +got):\n%s", diff)
	}
}

// storedFrom reads n events of the log, failing when positions do not grow.
func storedFrom(t *testing.T, log *eventlog.Log, from event.Position, n int) []received {
	t.Helper()
	var all []received
	eventually.True(t, "the events in the log", func() bool {
		all = nil
		r, err := eventlog.NewReader(t.Context(), log, from, func(event.Event) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		last := event.Event{}
		for {
			events, read, err := r.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !read {
				return len(all) >= n
			}
			for _, e := range events {
				if e.Compare(last.Position) <= 0 || e.ID.Compare(last.ID) <= 0 {
					t.Fatalf("event %v follows %v", e.Position, last.Position)
				}
				last = e
				id := e.ID.String()
				all = append(all, received{id, "{" + strings.TrimPrefix(string(e.Body), fmt.Sprintf(`{"id":%q,`, id))})
			}
		}
	})
	return all
}

// slotIsBeyond reports whether the slot was confirmed beyond an event's commit.
func slotIsBeyond(t *testing.T, db *pgxpool.Pool, eventID string) (beyond bool) {
	t.Helper()
	id, _ := event.ParseID(eventID)
	commit := replication.LSN(binary.BigEndian.Uint64(id[6:]))
	const query = `SELECT confirmed_flush_lsn > $1::text::pg_lsn FROM pg_replication_slots WHERE database = current_database()`
	if err := db.QueryRow(t.Context(), query, commit.String()).Scan(&beyond); err != nil {
		t.Fatal(err)
	}
	return beyond
}

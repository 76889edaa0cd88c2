package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// world is a Postgres, a reference on it, or several nodes of one with a NATS, the
// link between them, and the streams with their consumers.
type world struct {
	dir     string
	cluster *cluster
	link    *link
	disk    *disk
	// nats is nil where the reference is alone.
	nats  *natsServer
	nodes []*service
	// base is where consumers find the API, at any node, "" while it is not there.
	base func() string

	// ordered are the transactions whose place is known.
	ordered map[int64]bool
	// witnesses are streams of all events of a model, which are read when nothing
	// breaks: they show what is in the log.
	witnesses map[string]*witness
	streams   []*stream
	seen      *cursors
	// last is the last event of each stream at the end of the round before.
	last map[string]record
}

// witness is how far the log of a model was read.
type witness struct{ name, last string }

// newWorld starts everything, with so many nodes, and makes the witnesses.
func newWorld(t *testing.T, nodes int) *world {
	t.Helper()
	w := &world{
		dir: newFolder(t), ordered: map[int64]bool{}, witnesses: map[string]*witness{},
		seen: &cursors{seen: map[string][]cursor{}}, last: map[string]record{},
	}
	must(t, os.Chmod(w.dir, 0o711)) // the server has an account of its own
	home := filepath.Join(w.dir, "postgres")
	must(t, os.Mkdir(home, 0o755))
	w.cluster = newCluster(t, home)
	must(t, w.cluster.start(t.Context()))
	w.exec(t, "postgres", "CREATE DATABASE soak")
	w.exec(t, "soak", tables)
	w.exec(t, "soak", orderSlot)
	w.link = newLink(t, w.cluster.socket())
	w.disk = newDisk(t, filepath.Join(w.dir, "log"))
	if nodes > 1 {
		w.nats = newNATS(t, w.dir, w.disk.dir)
	}
	for n := range nodes {
		w.addNode(t, n)
	}
	w.base = w.anyNode
	for _, model := range models {
		name := "witness-" + model
		w.witnesses[model] = &witness{name: name}
		must(t, create(t.Context(), w.base(), name, model, ""))
	}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// addNode starts a node.
func (w *world) addNode(t *testing.T, n int) {
	t.Helper()
	home, data := w.dir, filepath.Join(w.disk.dir, "data")
	if w.nats != nil {
		home = filepath.Join(w.dir, fmt.Sprint("node-", n))
		must(t, os.Mkdir(home, 0o755))
		data = filepath.Join(home, "data")
	}
	s := newService(t, home, w.link.url("soak"), data)
	if w.nats != nil {
		s.cable = newLink(t, w.nats.address)
		s.args = append(s.args, "--nats", "nats://"+s.cable.listener.Addr().String())
	}
	w.nodes = append(w.nodes, s)
	must(t, s.start(t.Context()))
}

// anyNode is the API of one of the nodes that run.
func (w *world) anyNode() string {
	var bases []string
	for _, s := range w.nodes {
		if base := s.base(); base != "" {
			bases = append(bases, base)
		}
	}
	if len(bases) == 0 {
		return ""
	}
	return bases[rand.IntN(len(bases))]
}

// exec runs statements in a connection of their own.
func (w *world) exec(t *testing.T, database, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.cluster.url(database))
	must(t, err)
	_, err = conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
	must(t, err)
	must(t, conn.Close(t.Context()))
}

// add makes named streams.
func (w *world) add(t *testing.T, streams ...*stream) {
	t.Helper()
	for _, s := range streams {
		s.base, s.seen = w.base, w.seen
		must(t, create(t.Context(), w.base(), s.name, s.model, s.filter))
		w.streams = append(w.streams, s)
		w.seen.streams = append(w.seen.streams, s)
	}
}

// consumed are streams of every model and kind of filter, with consumers of every
// kind.
func consumed() []*stream {
	amount := func(event map[string]any, image string) bool {
		row, _ := event[image].(map[string]any)
		return row["kind"] == "red"
	}
	return []*stream{
		{name: "accounts", model: "Account", resume: fromCursor, wants: everything},
		{name: "entries", model: "Entry", resume: fromNewest, wants: everything},
		{name: "counter", model: "Counter", resume: fromAny, wants: everything},
		{name: "accounts again", model: "Account", resume: fromAny, wants: everything},
		{
			name: "red entries", model: "Entry", resume: fromCursor, filter: `{"create":{"kind":"red"},"update":{"after":{"kind":"red"}},"delete":{"kind":"red"}}`,
			wants: func(e map[string]any) bool { return amount(e, "created") || amount(e, "after") || amount(e, "deleted") },
		},
		{
			name: "gone accounts", model: "Account", resume: fromNewest, filter: `{"delete":{}}`,
			wants: func(e map[string]any) bool { return e["action"] == "delete" },
		},
	}
}

func everything(map[string]any) bool { return true }

// round is one round: writers write and consumers consume, things break and are
// mended, and then everything is judged.
type round struct {
	*world
	number int
	random *rand.Rand
	tally  *tally
	// gentle is a round in which consumers stay.
	gentle bool
	began  time.Time
	// timeline is what was done when.
	timeline []string
}

// tally is what all rounds came to.
type tally struct {
	rounds, changes, events, duplicates, connections int
	faults                                           map[string]int
	committed                                        atomic.Int64
}

func (r *round) note(format string, args ...any) {
	r.timeline = append(r.timeline, fmt.Sprintf("%.2f s ", time.Since(r.began).Seconds())+fmt.Sprintf(format, args...))
}

// run does the round, and returns what was broken in it; the error is the
// harness's or of something that does not come back.
func (r *round) run(ctx context.Context, faults []fault, bulk int) (broken []string, err error) {
	r.began = time.Now()
	var writers []*writer
	for n := range 4 {
		writers = append(writers, &writer{number: n, random: r.fork(), bulk: bulk})
	}
	stop, stopWatching := make(chan struct{}), make(chan struct{})
	writing := write(ctx, r.cluster.url("soak"), writers, stop, &r.tally.committed)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		r.seen.watch(ctx, r.base, stopWatching)
	}()
	consuming := r.consume(ctx)

	err = r.strike(ctx, faults)
	close(stop)
	writing.Wait()
	r.note("the writers have stopped")
	if err == nil {
		broken, err = r.settle(ctx)
	}
	for _, s := range r.streams {
		s.finish()
	}
	consuming()
	close(stopWatching)
	<-watched
	if err != nil || len(broken) > 0 {
		return broken, err
	}
	return r.judge(ctx), nil
}

// fork is a source of random choices for what runs beside others.
func (r *round) fork() *rand.Rand { return rand.New(rand.NewPCG(r.random.Uint64(), r.random.Uint64())) }

// consume starts the consumers; the answer waits for their end.
func (r *round) consume(ctx context.Context) (wait func()) {
	var ends []chan struct{}
	for _, s := range r.streams {
		s.begin()
		s.calm.Store(r.gentle)
		random, end := r.fork(), make(chan struct{})
		ends = append(ends, end)
		go func() {
			defer close(end)
			s.consume(ctx, random)
		}()
	}
	return func() {
		for _, end := range ends {
			<-end
		}
	}
}

// strike lets things happen, one after the other, while everybody works.
func (r *round) strike(ctx context.Context, faults []fault) error {
	for _, f := range faults {
		if err := r.wait(ctx, 700); err != nil {
			return err
		}
		r.note("%s", f.name)
		r.tally.faults[f.name]++
		if err := f.strike(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		r.note("mended")
	}
	return r.wait(ctx, 300)
}

// wait waits for up to so many milliseconds.
func (r *round) wait(ctx context.Context, milliseconds int) error {
	return pause(ctx, time.Duration(r.random.IntN(milliseconds))*time.Millisecond)
}

// settle waits until everything is there again and everybody has everything, and
// says where what is in the log differs from what was committed.
func (r *round) settle(ctx context.Context) (broken []string, err error) {
	conn, err := pgx.Connect(ctx, r.cluster.url("soak"))
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	if err := settle(ctx, conn, r.random); err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, marks, pgx.QueryExecModeSimpleProtocol, -1000-r.number); err != nil {
		return nil, err
	}
	for _, s := range r.streams {
		s.calm.Store(true)
	}
	if err := r.healthy(ctx); err != nil {
		return nil, err
	}
	r.note("healthy")
	committed, err := truth(ctx, conn, r.ordered)
	if err != nil {
		return nil, err
	}
	r.note("%d changes are committed", len(committed))
	logged, broken, err := r.readLog(ctx, committed)
	if err != nil || len(broken) > 0 {
		return broken, err
	}
	r.note("the log is right")
	if err := r.share(logged); err != nil {
		return nil, err
	}
	if broken := r.find(ctx, logged); len(broken) > 0 {
		return broken, nil
	}
	r.note("events are found")
	err = r.catchUp(ctx)
	r.note("everybody has everything")
	return nil, errors.Join(err, forget(ctx, conn))
}

// healthy waits until every node says that it is.
func (r *round) healthy(ctx context.Context) error {
	for _, s := range r.nodes {
		if err := await(ctx, "a healthy service", func() error { return says(ctx, s, `"status":"healthy"`) }); err != nil {
			return err
		}
	}
	return nil
}

// says asks a node for its health, which has to have the words.
func says(ctx context.Context, s *service, words string) error {
	var health json.RawMessage
	err := call(ctx, s.base(), http.MethodGet, "/health", nil, http.StatusOK, &health)
	if err == nil && !bytes.Contains(health, []byte(words)) {
		err = fmt.Errorf("the health is %s", health)
	}
	return err
}

// await asks until there is no error.
func await(ctx context.Context, what string, ask func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := ask()
		if err == nil {
			return nil
		}
		if pause(ctx, 20*time.Millisecond) != nil {
			return fmt.Errorf("%s did not come within %s: %w", what, patience, err)
		}
	}
}

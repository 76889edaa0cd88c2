package pulse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/internal/natstest"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// fellow is one of several services of a database.
type fellow struct {
	*api
	service *Service
}

// nodes is a database that several services share over NATS.
type nodes struct {
	url string
	db  *pgxpool.Pool
}

func newNodes(t *testing.T) *nodes {
	t.Helper()
	n := &nodes{url: postgrestest.Database(t)}
	n.db = connect(t, n.url)
	execute(t, n.db, userTable)
	return n
}

// start starts a node at a NATS. Without another word a lease never ends by itself
// while a test runs.
func (n *nodes) start(t *testing.T, nats string, change ...func(*Options)) *fellow {
	t.Helper()
	o := Options{DataDir: t.TempDir(), Storage: Storage{NATS: broker.Remote{URL: nats}}, leaseLength: time.Hour}
	for _, c := range change {
		c(&o)
	}
	s := openService(t, n.url, n.db, o)
	return &fellow{serve(t, s), s}
}

// short has a lease that ends soon when its holder is silent.
func short(o *Options) { o.leaseLength = 2 * time.Second }

func (n *nodes) insert(t *testing.T, ids ...int) {
	t.Helper()
	for _, id := range ids {
		execute(t, n.db, fmt.Sprintf(`INSERT INTO "User" VALUES (%d, 'a')`, id))
	}
}

// rows is the data of the events of rows.
func rows(from, to int) (all []string) {
	for id := from; id <= to; id++ {
		all = append(all, created(id, "a"))
	}
	return all
}

func (p *fellow) health(t *testing.T) string {
	t.Helper()
	got := p.call(t, "GET", "/health", "")
	var body struct {
		Status, ReplicationStatus string
		Causes                    []struct{ Code string }
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(got.status, " ", body.Status, " ", body.ReplicationStatus)
	for _, c := range body.Causes {
		text += " " + c.Code
	}
	return text
}

// TestAnyNodeServesAnyStream does at one node what concerns the other.
func TestAnyNodeServesAnyStream(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	a, b := n.start(t, nats[0]), n.start(t, nats[0])
	if !a.service.holdsSlot() || b.service.holdsSlot() {
		t.Error("the first node must have the slot, and no other")
	}
	for name, p := range map[string]*fellow{"holder": a, "follower": b} {
		if got := p.health(t); got != "200 healthy connected" {
			t.Errorf("health of the %s: %s", name, got)
		}
	}
	a.createStream(t, "all")
	if got := b.call(t, "POST", "/streams", `{"name":"all","model":"User"}`); got.status != http.StatusConflict {
		t.Errorf("create it again elsewhere: %d %s", got.status, got.body)
	}
	live := b.open(t, "POST", "/subscribe", `{"model":"User"}`)
	n.insert(t, 1, 2, 3)
	if diff := cmp.Diff(rows(1, 3), live.take(3)); diff != "" {
		t.Errorf("subscription at the follower (-want +got):\n%s", diff)
	}
	elsewhere := b.consume(t, "all")
	first := elsewhere.next()
	if diff := cmp.Diff(rows(2, 3), elsewhere.take(2)); diff != "" || first.data != created(1, "a") {
		t.Errorf("stream at the follower (-want +got):\n%s", diff)
	}
	if got := a.call(t, "GET", "/events/"+first.id, ""); got.status != http.StatusOK {
		t.Errorf("the event at the holder: %d %s", got.status, got.body)
	}
	eventually.True(t, "the cursor at the holder", func() bool { return a.cursorOf(t) == b.cursorOf(t) && a.cursorOf(t) > first.id })

	here := a.consume(t, "all")
	if block, ended := elsewhere.untilEvent(); !ended {
		t.Errorf("the consumer at the follower goes on with %q after a newer one came to the holder", block)
	}
	n.insert(t, 4)
	if diff := cmp.Diff(rows(4, 4), here.take(1)); diff != "" {
		t.Errorf("stream at the holder (-want +got):\n%s", diff)
	}
	if got := b.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", got.status, got.body)
	}
	if block, ended := here.untilEvent(); !ended {
		t.Errorf("the consumer of the deleted stream goes on with %q", block)
	}
	if got := a.call(t, "GET", "/streams/all/events", ""); got.status != http.StatusNotFound {
		t.Errorf("consume it: %d %s", got.status, got.body)
	}
}

// untilEvent reads to the end of a stream that is to end, or to an event.
func (s *subscription) untilEvent() (block string, ended bool) {
	for {
		block, ended = s.block()
		if ended || strings.HasPrefix(block, "id: ") {
			return block, ended
		}
	}
}

// TestLateAcknowledgementOfAnEarlierConsumer has a consumer go on that does not know
// yet of a newer one, on another node.
func TestLateAcknowledgementOfAnEarlierConsumer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	w.createStream(t, "all")
	streams := w.service.streams
	early, _, err := streams.take(t.Context(), "all", "early")
	if err != nil {
		t.Fatal(err)
	}
	e := event.Event{Position: early.Start}
	if err := streams.acknowledge(t.Context(), early, e, event.Position{}); err != nil {
		t.Errorf("before: %v", err)
	}
	if _, _, err := streams.take(t.Context(), "all", "late"); err != nil {
		t.Fatal(err)
	}
	e.Position = e.Next()
	if err := streams.acknowledge(t.Context(), early, e, event.Position{}); err != errSuperseded {
		t.Errorf("after: %v, want %v", err, errSuperseded)
	}
}

// TestSlotIsHandedOver closes the node that has the slot: the lease is given back
// at once, for an hour is longer than anybody waits.
func TestSlotIsHandedOver(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	a := n.start(t, nats[0], func(o *Options) { o.leaseLength = time.Hour })
	// A poll is a twentieth of the length: only the waiting node's matters.
	b := n.start(t, nats[0], short)
	b.createStream(t, "all")
	live, named := b.open(t, "POST", "/subscribe", `{"model":"User"}`), b.consume(t, "all")
	n.insert(t, 1, 2)
	if err := a.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.insert(t, 3, 4)
	for name, s := range map[string]*subscription{"subscription": live, "stream": named} {
		if diff := cmp.Diff(rows(1, 4), s.take(4)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	eventually.True(t, "the node to be healthy", func() bool { return b.health(t) == "200 healthy connected" })
}

// TestNodeEnds has an ordinary end: the one that had the slot says that it stays, and
// the connection to NATS is not away, for it was closed.
func TestNodeEnds(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	var logged [2]bytes.Buffer
	var ending [2]*fellow
	for i := range ending {
		ending[i] = n.start(t, nats[0], func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&logged[i], nil)) })
	}
	const stays = "pulse: the replication slot stays, for other nodes may read it; when there are none any more, run"
	for i, want := range []int{0, 1} {
		p := ending[len(ending)-1-i] // who follows ends first
		if err := p.service.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		text := logged[len(ending)-1-i].String()
		if got := strings.Count(text, stays); got != want {
			t.Errorf("told %d times that the slot stays, want %d:\n%s", got, want, text)
		}
		if strings.Contains(text, "level=WARN") {
			t.Errorf("warned of an ordinary end:\n%s", text)
		}
	}
}

// TestNodesThatStartTogether begin with no slot at all.
func TestNodesThatStartTogether(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	peers := make([]*fellow, 3)
	var starting sync.WaitGroup
	for i := range peers {
		starting.Go(func() {
			peers[i] = n.start(t, nats[0], short)
			peers[i].createStream(t, fmt.Sprint("of-", i))
		})
	}
	starting.Wait()
	if t.Failed() {
		return
	}
	n.insert(t, 1, 2)
	for i := range peers {
		// Each from the next.
		if diff := cmp.Diff(rows(1, 2), peers[(i+1)%3].consume(t, fmt.Sprint("of-", i)).take(2)); diff != "" {
			t.Errorf("stream of node %d (-want +got):\n%s", i, diff)
		}
	}
}

// TestNodeThatIsCutOffGivesUp cuts the node that has the slot off from NATS while
// rows are written, and mends that when another has taken over.
func TestNodeThatIsCutOffGivesUp(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	toA := natstest.NewCable(t, nats[0])
	a := n.start(t, toA.URL(), short)
	b := n.start(t, nats[0], short)
	a.createStream(t, "all")
	events := b.consume(t, "all")
	n.insert(t, 1, 2, 3)
	events.take(3)

	toA.Set(true)
	n.insert(t, 4, 5, 6)
	eventually.True(t, "the node that is cut off to say so", func() bool {
		return strings.Contains(a.health(t), "nats-away")
	})
	if diff := cmp.Diff(rows(4, 6), events.take(3)); diff != "" {
		t.Errorf("from the other node (-want +got):\n%s", diff)
	}
	if a.service.holdsSlot() || !b.service.holdsSlot() {
		t.Errorf("the first node has the slot: %t, the second: %t", a.service.holdsSlot(), b.service.holdsSlot())
	}
	eventually.True(t, "the node that is cut off to be unavailable", func() bool { return strings.HasPrefix(a.health(t), "503 unavailable disconnected") })
	toA.Set(false)
	eventually.True(t, "the mended node to be healthy", func() bool { return a.health(t) == "200 healthy connected" })
	n.insert(t, 7)
	if diff := cmp.Diff(rows(7, 7), a.consume(t, "all", "Last-Event-ID: "+b.lastID(t, 6)).take(1)); diff != "" {
		t.Errorf("at the mended node (-want +got):\n%s", diff)
	}
	var want []string
	want = append(want, rows(1, 7)...)
	if diff := cmp.Diff(want, dataOf(storedFrom(t, b.service.log, event.Position{}, 7))); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// TestNodeThatWasAwayHearsOfADeletion cuts a node off that serves a stream, deletes the
// stream at another, and mends that when the key's own trace is gone.
func TestNodeThatWasAwayHearsOfADeletion(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	holder := n.start(t, nats[0])
	cable := natstest.NewCable(t, nats[0])
	away := n.start(t, cable.URL())
	holder.createStream(t, "all")
	holder.createStream(t, "other")
	deleted, other := away.consume(t, "all"), away.consume(t, "other")
	n.insert(t, 1)
	deleted.take(1)
	other.take(1)

	cable.Set(true)
	if got := holder.call(t, "DELETE", "/streams/all", ""); got.status != http.StatusNoContent {
		t.Fatalf("delete: %d %s", got.status, got.body)
	}
	eventually.True(t, "the trace to go", func() bool {
		keys, err := holder.service.streams.keys(t.Context())
		return err == nil && len(keys) == 1
	})
	cable.Set(false)
	n.insert(t, 2)
	if diff := cmp.Diff(rows(2, 2), other.take(1)); diff != "" {
		t.Errorf("the other stream (-want +got):\n%s", diff)
	}
	if block, ended := deleted.untilEvent(); !ended {
		t.Errorf("the consumer of the deleted stream goes on with %q", block)
	}
	holder.createStream(t, "all")
	n.insert(t, 3)
	if diff := cmp.Diff(rows(3, 3), away.consume(t, "all").take(1)); diff != "" {
		t.Errorf("the new stream of the name (-want +got):\n%s", diff)
	}
}

// lastID is the identifier of the nth event of the log.
func (p *fellow) lastID(t *testing.T, n int) string {
	t.Helper()
	return storedFrom(t, p.service.log, event.Position{}, n)[n-1].id
}

// TestReaderThatIsLateIsCutOffTheSlot has somebody stream from the slot who no
// longer may, such as a node whose machine is gone without a word.
func TestReaderThatIsLateIsCutOffTheSlot(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	a := n.start(t, nats[0], short)
	a.createStream(t, "all")
	if err := a.service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.insert(t, 1)
	streamFromSlot(t, n.url, a.service.capture.State().Slot.Name)
	b := n.start(t, nats[0], short)
	if diff := cmp.Diff(rows(1, 1), b.consume(t, "all").take(1)); diff != "" {
		t.Errorf("the stream (-want +got):\n%s", diff)
	}
}

// TestCreationTimesGrowAcrossNodes creates streams at two nodes at once.
func TestCreationTimesGrowAcrossNodes(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	peers := []*fellow{n.start(t, nats[0]), n.start(t, nats[0])}
	const each = 20
	var creating sync.WaitGroup
	for i, p := range peers {
		creating.Go(func() {
			for k := range each {
				p.createStream(t, fmt.Sprintf("%d-%d", i, k))
			}
		})
	}
	creating.Wait()
	all, err := peers[0].service.streams.list(context.Background())
	if err != nil || len(all) != 2*each {
		t.Fatalf("%d streams, %v", len(all), err)
	}
	times := map[time.Time]bool{}
	for _, s := range all {
		times[s.CreatedAt] = true
	}
	if len(times) != len(all) {
		t.Errorf("%d streams have %d creation times", len(all), len(times))
	}
}

// TestEnvironmentsShareNATS has the same names in two environments and two
// databases.
func TestEnvironmentsShareNATS(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	one, other := newNodes(t), newNodes(t)
	a := one.start(t, nats[0], func(o *Options) { o.Environment = "shop" })
	b := other.start(t, nats[0], func(o *Options) { o.Environment = "shop" })
	for _, p := range []*fellow{a, b} {
		p.createStream(t, "all")
		if !p.service.holdsSlot() {
			t.Error("a node does not have its own slot")
		}
	}
	one.insert(t, 1)
	other.insert(t, 2)
	if diff := cmp.Diff(rows(1, 1), a.consume(t, "all").take(1)); diff != "" {
		t.Errorf("one database's (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rows(2, 2), b.consume(t, "all").take(1)); diff != "" {
		t.Errorf("the other's (-want +got):\n%s", diff)
	}
}

// TestClusterLosesAServer shuts down the server that leads the log while rows are
// written.
func TestClusterLosesAServer(t *testing.T) {
	t.Parallel()
	servers, nats := natstest.Start(t, 3)
	n := newNodes(t)
	replicated := func(o *Options) { o.NATS.Replicas, o.leaseLength = 3, 10*time.Second }
	a := n.start(t, strings.Join(nats, ","), replicated)
	slices.Reverse(nats)
	b := n.start(t, strings.Join(nats, ","), replicated)
	a.createStream(t, "all")
	n.insert(t, 1, 2, 3)
	events := b.consume(t, "all", "Last-Event-ID: none")
	events.take(3)
	info, err := a.service.broker.JetStream.Stream(t.Context(), a.service.broker.Name("events"))
	if err != nil {
		t.Fatal(err)
	}
	leader := info.CachedInfo().Cluster.Leader
	for _, s := range servers {
		if s.Name() == leader {
			s.Shutdown()
		}
	}
	for id := 4; id <= 20; id++ {
		n.insert(t, id)
	}
	if diff := cmp.Diff(rows(4, 20), events.take(17)); diff != "" {
		t.Errorf("after the leader is gone (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rows(1, 20), dataOf(storedFrom(t, a.service.log, event.Position{}, 20))); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
}

// TestNodeIsKilled kills the process that has the slot, in the middle of rows that
// are written, and has a consumer go on at another.
func TestNodeIsKilled(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNodes(t)
	child, kill := startChild(t, n.url, t.TempDir(), childNATSVariable+"="+nats[0])
	b := n.start(t, nats[0], short)
	if b.service.holdsSlot() {
		t.Fatal("the second node has the slot")
	}
	child.createStream(t, "all")
	named, live := child.consume(t, "all"), b.open(t, "POST", "/subscribe", `{"model":"User"}`)
	n.insert(t, 1, 2, 3)
	named.take(3)
	const last = 60
	var writing sync.WaitGroup
	writing.Go(func() {
		for id := 4; id <= last; id++ {
			n.insert(t, id)
		}
	})
	live.take(10)
	kill()
	writing.Wait()
	if diff := cmp.Diff(rows(11, last), live.take(last-10)); diff != "" {
		t.Errorf("the subscription at the other node (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rows(1, last), dataOf(storedFrom(t, b.service.log, event.Position{}, last))); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	// Whatever the killed node had delivered and not acknowledged comes again.
	resumed := b.consume(t, "all")
	for id := 0; id != last; {
		var e struct{ Created struct{ ID int } }
		if err := json.Unmarshal([]byte(resumed.next().data), &e); err != nil {
			t.Fatal(err)
		}
		if id != 0 && e.Created.ID != id+1 || id == 0 && e.Created.ID > 11 {
			t.Fatalf("after row %d came row %d", id, e.Created.ID)
		}
		id = e.Created.ID
	}
}

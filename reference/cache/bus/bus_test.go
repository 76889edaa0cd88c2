package bus

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/internal/natstest"
)

// node is one node of a service, behind a cable of its own.
type node struct {
	t     *testing.T
	bus   *Bus
	cache *cache.Cache[int64]
	cable *natstest.Cable
	log   *lines
}

// loads numbers what is loaded anywhere, in the order of the loads.
var loads atomic.Int64

// patient is a time within which nothing lapses while a test makes something go wrong.
const patient = time.Hour

func newNode(t *testing.T, nats, environment string, within time.Duration) *node {
	t.Helper()
	return newNodeOf(t, broker.Remote{URL: nats}, environment, within)
}

func newNodeOf(t *testing.T, nats broker.Remote, environment string, within time.Duration) *node {
	t.Helper()
	n := &node{t: t, cable: natstest.NewCable(t, nats.URL), log: &lines{}}
	nats.URL = n.cable.URL()
	log := slog.New(slog.NewTextHandler(n.log, nil))
	to, err := broker.Connect(t.Context(), t.TempDir(), nats, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = to.Close() })
	to.Enter(environment, "db")
	n.bus = New(log)
	n.bus.within, n.bus.beat = within, min(within/10, 100*time.Millisecond)
	n.cache = cache.New[int64](cache.Options{Bytes: 1 << 20, Within: within})
	n.bus.Join(n.cache)
	n.bus.Begin(to)
	t.Cleanup(func() {
		n.bus.Close()
		if err := n.cache.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	eventually.True(t, "the node to hear itself", n.cache.Listens)
	return n
}

// lines is a log that tests may look into.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *lines) has(text string) bool { return strings.Contains(l.String(), text) }

// get asks for a key, for which a call of a year is good enough, and tells whether it
// came from the cache.
func (n *node) get(name string, tags ...string) (int64, cache.Status) {
	n.t.Helper()
	var key cache.Key
	copy(key[:], name)
	a, err := n.cache.Get(n.t.Context(), key, cache.Strategy{TTL: 365 * 24 * time.Hour, Tags: tags}, func(context.Context) (cache.Loaded[int64], error) {
		return cache.Loaded[int64]{Value: loads.Add(1)}, nil
	})
	if err != nil {
		n.t.Error(err)
	}
	return a.Value, a.Status
}

// keep has a key loaded until it is served from the cache, and is its value.
func (n *node) keep(name string, tags ...string) (value int64) {
	n.t.Helper()
	defer func() {
		if n.t.Failed() {
			n.t.Logf("the node's log:\n%s", n.log)
		}
	}()
	eventually.True(n.t, name+" to be kept", func() bool {
		var status cache.Status
		value, status = n.get(name, tags...)
		return status == cache.TTL
	})
	return value
}

func (n *node) tell(tags ...string) {
	n.t.Helper()
	if tags == nil {
		n.cache.InvalidateAll()
	} else {
		n.cache.Invalidate(tags...)
	}
	if err := n.bus.Tell(n.t.Context(), tags); err != nil {
		n.t.Error(err)
	}
}

func TestThreeNodes(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	nodes := []*node{newNode(t, nats[0], "", patient), newNode(t, nats[0], "", patient), newNode(t, nats[0], "", patient)}
	other := newNode(t, nats[0], "other", patient)
	apart := other.keep("users", "a")
	kept := map[*node]int64{}
	for _, n := range nodes {
		n.keep("users", "a")
		kept[n] = n.keep("posts", "b")
	}
	nodes[0].tell("x", "a")
	if _, status := nodes[0].get("users", "a"); status != cache.Miss {
		t.Errorf("the node that told has it: %s", status)
	}
	for i, n := range nodes[1:] {
		eventually.True(t, fmt.Sprintf("node %d to drop it", i+1), func() bool {
			_, status := n.get("users", "a")
			return status == cache.Miss
		})
	}
	for i, n := range nodes {
		if value, status := n.get("posts", "b"); status != cache.TTL || value != kept[n] {
			t.Errorf("node %d: another tag's entry is a %s", i, status)
		}
	}
	// What a node told itself does not come back to it.
	own := nodes[0].keep("users", "a")
	nodes[1].keep("comments")
	nodes[2].tell()
	for i, n := range nodes {
		for _, name := range []string{"posts", "comments"} {
			eventually.True(t, fmt.Sprintf("node %d to drop %s", i, name), func() bool {
				_, status := n.get(name, "b")
				return status == cache.Miss
			})
		}
	}
	if value, _ := nodes[0].get("users", "a"); value == own {
		t.Error("an invalidation of everything left something")
	}
	if value, status := other.get("users", "a"); value != apart || status != cache.TTL {
		t.Errorf("the other environment was told: %s", status)
	}
}

// An invalidation that a node tells was done there before; that it hears of it too does
// not drop what came in between.
func TestANodeDoesNotHearItself(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	one, two := newNode(t, nats[0], "", patient), newNode(t, nats[0], "", patient)
	value := one.keep("users", "a")
	if err := one.bus.Tell(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	one.keep("mark", "mark")
	two.tell("mark")
	eventually.True(t, "what came after it to be heard", func() bool {
		_, status := one.get("mark", "mark")
		return status == cache.Miss
	})
	if got, status := one.get("users", "a"); got != value || status != cache.TTL {
		t.Errorf("what was loaded in between is a %s", status)
	}
}

// cutOff is what cuts a node off, and mends it.
var cutOff = map[string]struct{ cut, mend func(*node) }{
	"cut":    {func(n *node) { n.cable.Set(true) }, func(n *node) { n.cable.Set(false) }},
	"halted": {func(n *node) { n.cable.Halt(true) }, func(n *node) { n.cable.Halt(false); n.cable.Set(true); n.cable.Set(false) }},
}

// A node that is cut off from NATS serves nothing beyond the bound, whatever it was told
// meanwhile, and nothing of before afterwards.
func TestANodeThatIsCutOff(t *testing.T) {
	t.Parallel()
	for name, away := range cutOff {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const within = time.Second
			_, nats := natstest.Start(t, 1)
			one, two := newNode(t, nats[0], "", within), newNode(t, nats[0], "", within)
			tagged, untagged := two.keep("users", "a"), two.keep("posts")
			away.cut(two)
			one.tell("a")
			one.tell()
			told := time.Now()
			for name, old := range map[string]int64{"users": tagged, "posts": untagged} {
				served := true
				for deadline := time.Now().Add(time.Minute); served && time.Now().Before(deadline); {
					asked := time.Now()
					value, _ := two.get(name, "a")
					if served = value == old; served && asked.Sub(told) > within {
						t.Fatalf("%s of before is served %s after it was invalidated", name, asked.Sub(told))
					}
				}
				if served {
					t.Errorf("%s is served still", name)
				}
			}
			eventually.True(t, "the node to know that it hears nothing", func() bool { return !two.cache.Listens() })
			if _, status := two.get("users", "a"); status != cache.Miss {
				t.Errorf("what was loaded meanwhile is served: %s", status)
			}
			away.mend(two)
			if now := two.keep("users", "a"); now <= tagged {
				t.Error("what was invalidated is there again")
			}
		})
	}
}

// Without NATS nobody is told that others know.
func TestTellWithoutNATS(t *testing.T) {
	t.Parallel()
	servers, nats := natstest.Start(t, 1)
	n := newNode(t, nats[0], "", time.Second)
	old := n.keep("users", "a")
	servers[0].Shutdown()
	servers[0].WaitForShutdown()
	if err := n.bus.Tell(t.Context(), []string{"a"}); err == nil {
		t.Error("the others were told by nobody")
	}
	eventually.True(t, "the connection to be given up", func() bool { return n.bus.broker.Trouble() != nil })
	if err := n.bus.Tell(t.Context(), []string{"a"}); err == nil || !strings.HasPrefix(err.Error(), "NATS is away") {
		t.Errorf("told, or not why not: %v", err)
	}
	eventually.True(t, "the node to stop serving", func() bool { return !n.cache.Listens() })
	// Another server, which knows of nothing.
	_, nats = natstest.Start(t, 1)
	n.cable.Lead(t, nats[0])
	n.cable.Set(true)
	n.cable.Set(false)
	if now := n.keep("users", "a"); now <= old {
		t.Error("an entry outlived the gap")
	}
	n.tell("a")
	if b := New(slog.New(slog.DiscardHandler)); b.Tell(t.Context(), nil) == nil {
		t.Error("a bus that has not begun tells")
	}
}

// What a short break lets through later is heard, and nothing else is dropped.
func TestAShortBreak(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	one, two := newNode(t, nats[0], "", patient), newNode(t, nats[0], "", patient)
	two.keep("users", "a")
	kept := two.keep("posts", "b")
	two.cable.Set(true)
	one.tell("a")
	two.cable.Set(false)
	eventually.True(t, "the node to hear it", func() bool {
		_, status := two.get("users", "a")
		return status == cache.Miss
	})
	// Unless the server had sent it already, and it was lost with the connection.
	if value, status := two.get("posts", "b"); (value != kept || status != cache.TTL) && !two.log.has("may have been missed") {
		t.Errorf("the rest is a %s", status)
	}
}

// What is missing is noticed, whyever it is, and everything is dropped, for it may have
// been about that.
func TestNothingIsMissedUnnoticed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		lose func(ctx context.Context, b *broker.Broker) error
	}{
		{"purged", func(ctx context.Context, b *broker.Broker) error {
			stream, err := b.JetStream.Stream(ctx, b.Name(of))
			if err != nil {
				return err
			}
			return stream.Purge(ctx)
		}},
		{"deleted", func(ctx context.Context, b *broker.Broker) error { return b.JetStream.DeleteStream(ctx, b.Name(of)) }},
		{"without its consumer", func(ctx context.Context, b *broker.Broker) error {
			stream, err := b.JetStream.Stream(ctx, b.Name(of))
			if err != nil {
				return err
			}
			for name := range stream.ConsumerNames(ctx).Name() {
				if err := stream.DeleteConsumer(ctx, name); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			const within = 2 * time.Second
			_, nats := natstest.Start(t, 1)
			one, two := newNode(t, nats[0], "", within), newNode(t, nats[0], "", within)
			old := two.keep("users", "a")
			two.cable.Set(true)
			one.tell("a")
			if err := test.lose(t.Context(), one.bus.broker); err != nil {
				t.Fatal(err)
			}
			two.cable.Set(false)
			eventually.True(t, "the entry to go", func() bool {
				value, _ := two.get("users", "a")
				return value != old
			})
			eventually.True(t, "the node to begin anew", func() bool { return two.log.has("may have been missed") })
			two.keep("users", "a")
			one.tell("a")
		})
	}
}

// What somebody else puts into the stream does no harm.
func TestForeignMessages(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	n := newNode(t, nats[0], "", patient)
	for _, text := range []string{``, `no JSON`, `{"node":"other"}`, `{"node":"other","tags":[]}`, `{"node":"other","what":"is new"}`} {
		n.keep("users", "a")
		if _, err := n.bus.broker.JetStream.Publish(t.Context(), n.bus.broker.Subject(of), []byte(text)); err != nil {
			t.Fatal(err)
		}
		eventually.True(t, "everything to go after "+text, func() bool {
			_, status := n.get("users", "a")
			return status == cache.Miss
		})
	}
	for _, text := range []string{fmt.Sprintf(`{"node":%q,"beat":99999999}`, n.bus.node), `{"node":"other","beat":1}`} {
		kept := n.keep("users", "a")
		if _, err := n.bus.broker.JetStream.Publish(t.Context(), n.bus.broker.Subject(of), []byte(text)); err != nil {
			t.Fatal(err)
		}
		n.keep("mark", "mark")
		n.tell("mark")
		if value, _ := n.get("users", "a"); value != kept {
			t.Errorf("%s dropped something", text)
		}
	}
}

// In a cluster the stream is on several servers, and one of them may go.
func TestACluster(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a cluster of three servers takes its time")
	}
	servers, nats := natstest.Start(t, 3)
	const within = 3 * time.Second
	one := newNodeOf(t, broker.Remote{URL: nats[0], Replicas: 3}, "", within)
	two := newNodeOf(t, broker.Remote{URL: nats[1], Replicas: 3}, "", within)
	two.keep("users", "a")
	one.tell("a")
	eventually.True(t, "the other to drop it", func() bool {
		_, status := two.get("users", "a")
		return status == cache.Miss
	})
	servers[2].Shutdown()
	old := two.keep("users", "a")
	eventually.True(t, "telling without one server", func() bool {
		one.cache.Invalidate("a")
		return one.bus.Tell(t.Context(), []string{"a"}) == nil
	})
	eventually.True(t, "the other to drop it again", func() bool {
		value, _ := two.get("users", "a")
		return value != old
	})
}

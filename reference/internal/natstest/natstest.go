package natstest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// patience is far longer than a server takes to start.
const patience = time.Minute

// Start starts servers of one cluster, each with a store of its own, and gives
// their URLs. The test may shut one down.
func Start(t *testing.T, n int) (servers []*server.Server, urls []string) {
	t.Helper()
	var routes []*url.URL
	for range n {
		routes = append(routes, &url.URL{Scheme: "nats", Host: freeAddress(t)})
	}
	for i := range n {
		o := &server.Options{
			ServerName: fmt.Sprintf("n%d", i+1), Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true,
			JetStream: true, StoreDir: t.TempDir(), MaxPayload: broker.MaxPayload,
		}
		if n > 1 {
			host, port, err := net.SplitHostPort(routes[i].Host)
			if err != nil {
				t.Fatal(err)
			}
			o.Cluster = server.ClusterOpts{Name: "test", Host: host}
			if _, err := fmt.Sscan(port, &o.Cluster.Port); err != nil {
				t.Fatal(err)
			}
			o.Routes = routes
		}
		s, err := server.NewServer(o)
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		servers = append(servers, s)
	}
	for _, s := range servers {
		if !s.ReadyForConnections(patience) {
			t.Fatal("NATS is not ready")
		}
		urls = append(urls, s.ClientURL())
	}
	eventually.True(t, "the cluster to have a leader that knows all", func() bool {
		if n == 1 {
			return servers[0].JetStreamEnabled()
		}
		return slices.ContainsFunc(servers, func(s *server.Server) bool {
			return s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == n
		})
	})
	return servers, urls
}

// freeAddress is an address that nobody listens on: cluster routes are named before
// their servers are there. Its port is below those that systems give to connections
// and to who listens on port 0, so that no test beside this one is given it meanwhile.
func freeAddress(t *testing.T) string {
	t.Helper()
	const lowest, highest, tries = 10000, 32000, 100
	for range tries {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", lowest+rand.IntN(highest-lowest)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatalf("none of %d ports is free", tries)
	return ""
}

// Cable is a connection between a node and NATS that a test can cut.
type Cable struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
	// open is closed while bytes go through.
	open chan struct{}
}

// NewCable leads to the server of a URL.
func NewCable(t *testing.T, to string) *Cable {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cable{listener: l, to: u.Host, conns: map[net.Conn]bool{}, open: make(chan struct{})}
	close(c.open)
	go c.serve()
	t.Cleanup(func() {
		_ = l.Close()
		c.Halt(false)
		c.Set(true)
	})
	return c
}

// URL is where a node connects.
func (c *Cable) URL() string { return "nats://" + c.listener.Addr().String() }

func (c *Cable) serve() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.target())
		if err != nil || !c.keep(near, far) {
			_ = near.Close()
			if far != nil {
				_ = far.Close()
			}
			continue
		}
		go c.carry(near, far)
		go c.carry(far, near)
	}
}

func (c *Cable) target() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.to
}

func (c *Cable) carry(to, from net.Conn) {
	_, _ = io.Copy(gated{to, c}, from)
	_ = to.Close()
}

// gated writes while bytes go through the cable.
type gated struct {
	net.Conn
	cable *Cable
}

func (g gated) Write(data []byte) (int, error) {
	g.cable.mu.Lock()
	open := g.cable.open
	g.cable.mu.Unlock()
	<-open
	return g.Conn.Write(data)
}

// Halt has everything wait that is on its way, and what comes; the ends notice nothing.
func (c *Cable) Halt(halted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.open:
		if halted {
			c.open = make(chan struct{})
		}
	default:
		if !halted {
			close(c.open)
		}
	}
}

// Lead has the cable lead to the server of another URL, from its next connection on.
func (c *Cable) Lead(t *testing.T, to string) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = u.Host
}

func (c *Cable) keep(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range conns {
		c.conns[conn] = true
	}
	return !c.cut
}

// Set cuts the cable or mends it.
func (c *Cable) Set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	for conn := range c.conns {
		if cut {
			_ = conn.Close()
		}
		delete(c.conns, conn)
	}
}

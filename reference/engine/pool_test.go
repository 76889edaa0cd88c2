package engine

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// forever is as good as without an end.
const forever = time.Hour

// What a query is told that gets no connection: by the pool's limit, and by its own
// where that is the shorter one.
func TestPoolTimeout(t *testing.T) {
	t.Parallel()
	const short = 50 * time.Millisecond
	pool := prisma.NewError("P2024",
		"No connection came free within 50ms, for all 1 of the pool were in use: raise connection_limit or pool_timeout, or ask less at a time. Nothing was changed.",
		map[string]any{"connection_limit": 1, "timeout": 0.05})
	query := &Fault{QueryTimeout, "The query took longer than 50ms, the wait for a connection included. Nothing was changed."}
	for _, test := range []struct {
		name        string
		pool, query time.Duration
		fault       *Fault
		refusal     *prisma.Error
	}{
		{"the pool's", short, forever, nil, pool},
		{"the query's", forever, short, query, nil},
		{"both at once", short, short, nil, pool},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			limits := Limits{Connections: 1, PoolTimeout: test.pool, QueryTimeout: test.query}
			e, err := Open(t.Context(), Options{DatabaseURL: postgrestest.Cluster(t), Limits: limits})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			conn, err := e.pool.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			_, _, err = e.Execute(t.Context(), "query", []*queryschema.Operation{})
			var fault *Fault
			var refusal *prisma.Error
			_, _ = errors.As(err, &fault), errors.As(err, &refusal)
			if diff := cmp.Diff(test.fault, fault); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.refusal, refusal); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if e.Saturated() {
				t.Error("somebody is said to wait still")
			}
		})
	}
}

// Notifications that a raw query asked for are kept for nobody.
func TestNotificationsAreDropped(t *testing.T) {
	t.Parallel()
	e, err := Open(t.Context(), Options{DatabaseURL: postgrestest.Cluster(t), Limits: Limits{Connections: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	conn, err := e.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	postgrestest.Exec(t, conn.Conn(), "LISTEN something; NOTIFY something")
	// What pgx has kept it hands out before it looks whether there is time to wait.
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := conn.Conn().WaitForNotification(over); err == nil {
		t.Errorf("a notification was kept: %+v", n)
	}
}

// What is not set is Accelerate's own, also the time that Postgres is told.
func TestLimits(t *testing.T) {
	t.Parallel()
	config, err := Limits{Connections: 3}.orDefaults().poolConfig("postgres://h/d?connect_timeout=60", func() time.Time { return time.Time{} })
	if err != nil {
		t.Fatal(err)
	}
	conn := config.ConnConfig
	if config.MaxConns != 3 || conn.RuntimeParams["statement_timeout"] != "11000" || conn.RuntimeParams["application_name"] != "arazzo accelerate" || conn.RuntimeParams["jit"] != "off" || conn.ConnectTimeout != connectTimeout {
		t.Errorf("%d connections, statement_timeout %s, connect_timeout %s", config.MaxConns, conn.RuntimeParams["statement_timeout"], conn.ConnectTimeout)
	}
	if l := (Limits{}).orDefaults(); l.Connections < 3 || l.PoolTimeout != 10*time.Second || l.QueryTimeout != 10*time.Second || l.ResponseBytes != 5<<20 {
		t.Errorf("defaults %+v", l)
	}
	config, err = Limits{QueryTimeout: 3 * time.Second}.orDefaults().poolConfig("postgres://h/d?statement_timeout=7&application_name=mine&jit=on", func() time.Time { return time.Time{} })
	if err != nil || config.ConnConfig.RuntimeParams["statement_timeout"] != "7" || config.ConnConfig.RuntimeParams["application_name"] != "mine" || config.ConnConfig.RuntimeParams["jit"] != "on" {
		t.Errorf("the URL's settings: %v, %v", config.ConnConfig.RuntimeParams, err)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]string{5 << 20: "larger than 5 MiB:", 1000: "larger than 1000 bytes:", 5_000_000: "larger than 5000000 bytes:"} {
		if got := tooLarge(limit).Error(); !strings.Contains(got, want) {
			t.Errorf("%d: %s", limit, got)
		}
	}
}

// What is answered is true as of when the query had its connection, not of when it
// began to wait for one.
func TestMomentOfAnswer(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	e, err := Open(t.Context(), Options{
		DatabaseURL: postgrestest.Cluster(t),
		Limits:      Limits{Connections: 1, PoolTimeout: forever, QueryTimeout: forever},
		Now:         func() time.Time { return time.Unix(clock.Load(), 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	conn, err := e.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	moment := make(chan time.Time)
	go func() {
		_, at, err := e.Execute(t.Context(), "query", []*queryschema.Operation{})
		if err != nil {
			t.Error(err)
		}
		moment <- at
	}()
	eventually.True(t, "the query to wait", e.Saturated)
	clock.Store(7)
	conn.Release()
	if at := <-moment; at.Unix() != 7 {
		t.Errorf("the moment is %v", at)
	}
}

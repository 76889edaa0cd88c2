package bundled

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

const (
	responseBytes = 64 << 10
	queryTimeout  = time.Second
	perMinute     = 2
	poolTimeout   = 200 * time.Millisecond
	// rateLimitedKeys is how many cases there can be under [conformance.RateLimited].
	rateLimitedKeys = 2048
	// streamBefore is a stream that is there when the database goes.
	streamBefore = "conformance_before"
	// healthInterval is how often a server is asked whether it noticed that its database
	// is away: nothing tells.
	healthInterval = 10 * time.Millisecond
)

// conditions start a server for each.
var conditions = map[conformance.Condition]func(context.Context, *Reference, *condition) error{
	conformance.PersistenceOff: simply("persistence_off", boot.Options{Storage: pulse.Storage{NoPersistence: true}}),
	conformance.ResponseLimit:  simply("response_limit", boot.Options{Limits: engine.Limits{ResponseBytes: responseBytes}}),
	conformance.QueryTimeout:   simply("query_timeout", boot.Options{Limits: engine.Limits{QueryTimeout: queryTimeout}}),
	conformance.RateLimited:    rateLimited,
	conformance.PoolExhausted:  poolExhausted,
	conformance.DatabaseDown:   databaseDown,
}

// simply makes a condition by options of the reference alone.
func simply(database string, o boot.Options) func(context.Context, *Reference, *condition) error {
	return func(ctx context.Context, r *Reference, c *condition) error {
		e, err := r.environment(ctx, database)
		if err != nil {
			return err
		}
		return c.boot(ctx, r, o, e)
	}
}

// boot boots the condition's server on these environments.
func (c *condition) boot(ctx context.Context, r *Reference, o boot.Options, environments ...environment) error {
	target, booted, err := r.boot(ctx, &c.logged, o, environments...)
	if err != nil {
		return err
	}
	c.onStop(booted.Stop)
	c.target = target
	return nil
}

// rateLimited gives both environments many keys: each key has a limit of its own.
func rateLimited(ctx context.Context, r *Reference, c *condition) error {
	environments := make([]environment, 2)
	c.keys = make([][2]string, rateLimitedKeys)
	for i, name := range []string{"rate_limited", "rate_limited_other"} {
		e, err := r.environment(ctx, name)
		if err != nil {
			return err
		}
		for n := range c.keys {
			c.keys[n][i] = newKey()
			e.Keys = append(e.Keys, jsonhttp.NewKey(c.keys[n][i]))
		}
		environments[i] = e
	}
	return c.boot(ctx, r, boot.Options{InvalidationsPerMinute: perMinute}, environments...)
}

// poolExhausted has the only connection held by statements that sleep, one after the
// other. Others wait for it, each as long as one may and then anew: the longest waiter
// gets a connection that is free, so that there is none for a case in between.
func poolExhausted(ctx context.Context, r *Reference, c *condition) error {
	limits := engine.Limits{Connections: 1, PoolTimeout: poolTimeout, QueryTimeout: time.Minute}
	if err := simply("pool_exhausted", boot.Options{Limits: limits})(ctx, r, c); err != nil {
		return err
	}
	const holders = 3
	h := newHolders(c.target)
	c.onStop(h.stop)
	for range holders {
		h.busy.Go(h.hold)
	}
	return h.await(ctx)
}

// databaseDown cuts a server, which has a named stream, off its database, and returns when both of its APIs say
// so. The database is within reach again when the server ends, for it removes its slot.
func databaseDown(ctx context.Context, r *Reference, c *condition) error {
	e, err := r.environment(ctx, "database_down")
	if err != nil {
		return err
	}
	config, err := pgconn.ParseConfig(e.DatabaseURL)
	if err != nil {
		return err
	}
	between, err := listenRelay(func(ctx context.Context) (net.Conn, error) {
		return config.DialFunc(ctx, network(config), address(config))
	})
	if err != nil {
		return err
	}
	c.onStop(func(context.Context) error { between.close(); return nil })
	if e.DatabaseURL, err = r.server.address(config.Database, between.address()); err != nil {
		return err
	}
	if err := c.boot(ctx, r, boot.Options{}, e); err != nil {
		return err
	}
	c.onStop(func(context.Context) error { between.mend(); return nil })
	if err := createStream(ctx, c.target); err != nil {
		return err
	}
	between.cut()
	for _, url := range []string{c.target.PulseURL, c.target.AccelerateURL} {
		if err := awaitUnavailable(ctx, url+"/health"); err != nil {
			return err
		}
	}
	return nil
}

// createStream makes a stream, which cannot be done when the database is away.
func createStream(ctx context.Context, target conformance.Target) error {
	body := strings.NewReader(`{"name":"` + streamBefore + `","model":"Entry"}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.PulseURL+"/streams", body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+target.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close() // the status says it
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("creating the stream %s answered %s", streamBefore, response.Status)
	}
	return nil
}

func network(c *pgconn.Config) string {
	kind, _ := pgconn.NetworkAddress(c.Host, c.Port)
	return kind
}

func address(c *pgconn.Config) string {
	_, where := pgconn.NetworkAddress(c.Host, c.Port)
	return where
}

// awaitUnavailable asks for the health of a service until it has none.
func awaitUnavailable(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, bootWithin, fmt.Errorf("%s did not become unavailable within %s", url, bootWithin))
	defer cancel()
	tick := time.NewTicker(healthInterval)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusServiceUnavailable {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

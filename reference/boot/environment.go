package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/cache/bus"
	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// Environment is a name with its API keys and its own database. What belongs to it,
// streams, events and cached answers, is there for its keys and for no others.
type Environment struct {
	// Name is the name of its folder under [Options.DataDir], and what logs call it.
	// Only an environment that is alone may have none.
	Name string
	// DatabaseURL is its Postgres; empty means one of our own, which only an
	// environment that is alone can have.
	DatabaseURL string
	// Keys are what clients present, one of them. None means a random one, which
	// only an environment that is alone can have.
	Keys jsonhttp.Keys
	// Slot and Publication name what is kept in the database; see [pulse.Options].
	Slot, Publication string
	// Region is what Accelerate names as its own; empty means "local".
	Region string
	// Schema is a Prisma schema, a file or a folder of them, that names the models;
	// empty means as the database has them. It is read once, by [Listen].
	Schema string
}

const (
	// startsAtOnce is how many environments start side by side: each waits for a
	// database, and checks files.
	startsAtOnce = 8
	// An environment that could not be started is tried again: soon, for its
	// database may be starting too, then as rarely as does no harm for days.
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

// named says of an error which environment it is about, where there may be several.
func (e Environment) named(err error) error {
	if err == nil || e.Name == "" {
		return err
	}
	return fmt.Errorf("environment %s: %w", e.Name, err)
}

// limitsOf are the limits of the queries of a database: what is set, else what its URL
// says.
func limitsOf(databaseURL string, set engine.Limits) (engine.Limits, error) {
	said, err := prisma.ReadURL(databaseURL)
	if err != nil {
		return engine.Limits{}, err
	}
	if set.Connections == 0 {
		set.Connections = said.ConnectionLimit
	}
	if set.PoolTimeout == 0 {
		set.PoolTimeout = said.PoolTimeout
	}
	return set, nil
}

// check tells what keeps the environments apart from being served together.
func check(all []Environment) error {
	names, keys := map[string]bool{}, map[jsonhttp.Key]bool{}
	for i, e := range all {
		name := strings.ToLower(e.Name)
		switch {
		case len(all) > 1 && (e.Name == "" || e.DatabaseURL == "" || len(e.Keys) == 0):
			return fmt.Errorf("environment %d (%q): one of several needs a name, a database URL and keys", i+1, e.Name)
		case names[name]:
			return fmt.Errorf("environment %d: the name %q was given before", i+1, e.Name)
		}
		names[name] = true
		for _, key := range e.Keys {
			if keys[key] {
				return fmt.Errorf("environment %d (%q): one of its keys was given before", i+1, e.Name)
			}
			keys[key] = true
		}
	}
	return nil
}

// tenant is an environment that is served.
type tenant struct {
	Environment
	log        *slog.Logger
	options    pulse.Options
	models     *catalog
	accelerate *accelerate.Service
	// bus tells other nodes of invalidations; nil where there are none.
	bus *bus.Bus
	// pulse is nil as long as it could not be opened; unopened answers until then.
	pulse    atomic.Pointer[pulse.Service]
	unopened http.Handler
}

// servePulse answers with what there is at the moment.
func (t *tenant) servePulse(w http.ResponseWriter, r *http.Request) {
	if service := t.pulse.Load(); service != nil {
		service.ServeHTTP(w, r)
		return
	}
	t.unopened.ServeHTTP(w, r)
}

// newTenant makes what an environment needs, and does not wait for its database.
func (r *Reference) newTenant(ctx context.Context, e Environment, schema *psl.Schema, limits engine.Limits, disposable bool) (*tenant, error) {
	t := &tenant{Environment: e, log: r.options.Log, unopened: pulse.Unopened(e.Keys)}
	if e.Name != "" {
		t.log = t.log.With("environment", e.Name)
	}
	t.models = newCatalog(e.DatabaseURL)
	t.models.path, t.models.file, t.models.log = e.Schema, schema, t.log
	if disposable && schema == nil {
		var err error
		if t.models.file, err = demo.Schema(); err != nil {
			return nil, err
		}
		t.models.isDemo = true
	}
	dataDir, temporary, err := r.dataDir(e, disposable)
	if err != nil {
		return nil, err
	}
	t.options = pulse.Options{
		DatabaseURL: e.DatabaseURL, Schema: t.models.fresh, Keys: e.Keys, Slot: e.Slot, Publication: e.Publication,
		DataDir: dataDir, Temporary: temporary, Disposable: disposable, Storage: r.options.Storage, MaxSubscribers: r.options.MaxSubscribers, Environment: e.Name, Log: t.log,
	}
	var peers cache.Peers
	if r.options.Storage.NATS.URL != "" {
		t.bus = bus.New(t.log)
		peers = t.bus
	}
	t.accelerate, err = accelerate.Open(ctx, accelerate.Options{
		DatabaseURL: e.DatabaseURL, Limits: limits, LogQueries: r.options.LogQueries,
		Peers: peers, CacheBytes: r.options.CacheBytes, InvalidationsPerMinute: r.options.InvalidationsPerMinute,
		Schema: t.models.recent, Keys: e.Keys, Region: e.Region, Log: t.log,
	})
	return t, err
}

// open opens Pulse, which has to reach the database.
func (t *tenant) open(ctx context.Context) error {
	if t.Schema != "" {
		if err := t.models.begin(ctx); err != nil {
			return err
		}
	}
	service, err := pulse.Open(ctx, t.options)
	if err != nil {
		return err
	}
	t.pulse.Store(service)
	if t.bus != nil {
		t.bus.Begin(service.Broker())
	}
	return nil
}

// openAll opens all environments. One that cannot be opened yet is no reason not to
// serve the others: it is told of and tried again, unless it is the only one or none
// can be opened.
func (r *Reference) openAll(ctx context.Context) error {
	errs := make([]error, len(r.tenants))
	var group errgroup.Group
	group.SetLimit(startsAtOnce)
	for i, t := range r.tenants {
		group.Go(func() error {
			errs[i] = t.open(ctx)
			return nil
		})
	}
	_ = group.Wait() // errs has the errors
	var failed []error
	for i, t := range r.tenants {
		if errs[i] != nil {
			failed = append(failed, t.named(errs[i]))
		}
	}
	if ctx.Err() != nil || len(failed) == len(errs) {
		return errors.Join(failed...)
	}
	for i, t := range r.tenants {
		if errs[i] != nil {
			r.working.Go(func() { t.keepOpening(r.live, errs[i]) })
		}
	}
	return nil
}

// keepOpening tries until Pulse is open or ctx ends. What is wrong is told once, and
// again when it is something else.
func (t *tenant) keepOpening(ctx context.Context, err error) {
	told := ""
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		if err.Error() != told {
			told = err.Error()
			t.log.Error("pulse: the environment is not served yet; it is tried again and again", "error", err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		if err = t.open(ctx); err == nil {
			t.log.Info("pulse: the environment is served from now on")
			return
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// close ends what was opened.
func (t *tenant) close(ctx context.Context) error {
	var err error
	if t.bus != nil {
		t.bus.Close()
	}
	if service := t.pulse.Load(); service != nil {
		err = service.Close(ctx)
	}
	t.accelerate.Close()
	t.models.close(ctx)
	return t.named(err)
}

// await waits for what is still being opened, and gives up when ctx ends: it would be
// open afterwards.
func (r *Reference) await(ctx context.Context) {
	idle := make(chan struct{})
	go func() {
		r.working.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// drainAll lets all environments end their work side by side.
func (r *Reference) drainAll(ctx context.Context) error {
	var draining sync.WaitGroup
	for _, t := range r.tenants {
		if service := t.pulse.Load(); service != nil {
			draining.Go(func() { service.Drain(ctx) })
		}
	}
	draining.Wait()
	return nil
}

// closeAll ends all environments side by side: each has the same time.
func (r *Reference) closeAll(ctx context.Context) error {
	r.await(ctx)
	errs := make([]error, len(r.tenants))
	var group errgroup.Group
	for i, t := range r.tenants {
		group.Go(func() error {
			errs[i] = t.close(ctx)
			return nil
		})
	}
	_ = group.Wait() // errs has the errors
	return errors.Join(errs...)
}

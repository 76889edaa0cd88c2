package boot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/metrics"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// Options says what is started. The zero value is a private Postgres with the
// demo database, and the two APIs on free ports.
type Options struct {
	// Environments are what is served, each with its keys and its database. None is
	// one without a name, on a Postgres of our own.
	Environments []Environment
	// Postgres says how to get a Postgres of our own.
	Postgres postgres.Mode
	// PulseAddr and AccelerateAddr are HOST:PORT; empty means a free port on the
	// loopback interface.
	PulseAddr, AccelerateAddr string
	// MetricsAddr is the HOST:PORT of a listener for Prometheus, which asks for no
	// key; empty means none.
	MetricsAddr string
	// DataDir holds the event log; in a folder of its name that of an environment
	// that has one. Empty means the user's state folder, one for each database; a
	// temporary one with a Postgres of our own, and with Ephemeral; none where Storage
	// keeps no events.
	DataDir string
	// Storage is how the events of each environment are kept.
	Storage pulse.Storage
	// MaxSubscribers is how many subscriptions each environment may have at a time; 0
	// means [pulse.DefaultMaxSubscribers].
	MaxSubscribers int
	// Limits bound what Accelerate's queries may take. What they leave open the
	// database URL of an environment says, then Accelerate.
	Limits engine.Limits
	// LogQueries has the text and the time of every statement of Accelerate in Log.
	LogQueries bool
	// CacheBytes and InvalidationsPerMinute are each environment's; see
	// [accelerate.Options].
	CacheBytes             int64
	InvalidationsPerMinute int
	// Ephemeral keeps nothing of a lasting database's events: its slot and
	// publication go with the process.
	Ephemeral bool
	// Progress, where given, takes lines for a person who waits.
	Progress func(string)
	// Log takes what an operator should know; nil drops it.
	Log *slog.Logger
}

// Reference is a running reference.
type Reference struct {
	PulseURL, AccelerateURL string
	// MetricsURL is empty without a MetricsAddr.
	MetricsURL string
	// APIKey is the random key of an environment without keys, else empty.
	// DatabaseURL is where the database is of an environment that is alone.
	APIKey, DatabaseURL string
	// Failed receives why the reference cannot go on: a listener that broke, a
	// Postgres of its own that ended. It stays empty otherwise.
	Failed <-chan error

	options           Options
	pulse, accelerate net.Listener
	// metrics is nil without an address for it.
	metrics net.Listener
	// schemas are the Prisma schemas of the environments, nil for one without.
	schemas []*psl.Schema
	tenants []*tenant
	// working counts the environments that are still to be opened.
	working sync.WaitGroup

	failed chan error
	// live ends when Stop begins.
	live    context.Context
	end     context.CancelFunc
	closers []func(context.Context) error
}

// stopWithin bounds Stop: readers have ten seconds to take what there is, the
// database has to answer that its slot is gone, and neither must hold the program
// longer than those wait who stop it: Kubernetes 30 s.
const stopWithin = 25 * time.Second

// Start starts the reference. The error is a [*postgres.UnavailableError] where
// no Postgres can be had; nothing is left running then.
func Start(ctx context.Context, o Options) (*Reference, error) {
	r, err := Listen(o)
	if err != nil {
		return nil, err
	}
	if err := r.Start(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Listen takes the reference's addresses and settles its keys, and starts nothing
// else: an address that is not to be had is the likeliest refusal, and costs nothing
// yet. Clients wait from here on; [Reference.Start] or [Reference.Stop] has to
// follow.
func Listen(o Options) (*Reference, error) {
	if err := check(o.Environments); err != nil {
		return nil, err
	}
	o.Environments = slices.Clone(o.Environments)
	if len(o.Environments) == 0 {
		o.Environments = []Environment{{}}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Reference{options: o, failed: make(chan error, 4)} // three listeners and Postgres
	r.Failed = r.failed
	if err := r.readSchemas(); err != nil {
		return nil, err
	}
	r.live, r.end = context.WithCancel(context.Background())
	if first := &o.Environments[0]; len(first.Keys) == 0 {
		r.APIKey = "local-" + rand.Text()
		first.Keys = jsonhttp.Keys{jsonhttp.NewKey(r.APIKey)}
	}
	var err error
	if r.pulse, err = r.listen(o.PulseAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for Pulse: %w: choose another --pulse-addr", err), r.Stop(context.Background()))
	}
	if r.accelerate, err = r.listen(o.AccelerateAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for Accelerate: %w: choose another --accelerate-addr", err), r.Stop(context.Background()))
	}
	r.PulseURL, r.AccelerateURL = urlOf(r.pulse), urlOf(r.accelerate)
	if o.MetricsAddr == "" {
		return r, nil
	}
	if r.metrics, err = r.listen(o.MetricsAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for metrics: %w: choose another --metrics-addr", err), r.Stop(context.Background()))
	}
	r.MetricsURL = urlOf(r.metrics) + "/metrics"
	return r, nil
}

// Start starts what [Listen] took the addresses for. Its errors are those of
// the function [Start]; the reference is stopped then.
func (r *Reference) Start(ctx context.Context) error {
	if err := r.start(ctx); err != nil {
		return errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}
	return nil
}

func (r *Reference) start(ctx context.Context) error {
	err := r.prepare(ctx)
	r.onStop(r.closeAll) // before what prepare started
	if err == nil && r.metrics != nil {
		r.serve(r.metrics, metrics.NewHandler(r.measured, r.options.Log))
	}
	if err == nil {
		err = r.openAll(ctx)
	}
	if err != nil {
		return err
	}
	r.serve(r.pulse, newFront(r.tenants, func(t *tenant) http.Handler { return http.HandlerFunc(t.servePulse) }))
	r.serve(r.accelerate, newFront(r.tenants, func(t *tenant) http.Handler { return t.accelerate }))
	r.onStop(r.drainAll) // while the listeners still answer
	return nil
}

// measured are the environments that are open.
func (r *Reference) measured() []metrics.Environment {
	var all []metrics.Environment
	for _, t := range r.tenants {
		if service := t.pulse.Load(); service != nil {
			all = append(all, metrics.Environment{Name: t.Name, Pulse: service, Accelerate: t.accelerate})
		}
	}
	return all
}

// prepare gives each environment a database, a folder and what else does not wait for
// the database.
func (r *Reference) prepare(ctx context.Context) error {
	for i, e := range r.options.Environments {
		// The URL that comes of it has none of Prisma's parameters any more.
		limits, err := limitsOf(e.DatabaseURL, r.options.Limits)
		if err != nil {
			return e.named(err)
		}
		disposable, err := r.startPostgres(ctx, &e)
		if err != nil {
			return e.named(err)
		}
		t, err := r.newTenant(ctx, e, r.schemas[i], limits, disposable)
		if err != nil {
			return e.named(err)
		}
		r.tenants = append(r.tenants, t)
	}
	return nil
}

// startPostgres finds or starts the database of an environment, and says whether it
// is ours.
func (r *Reference) startPostgres(ctx context.Context, e *Environment) (disposable bool, err error) {
	o := r.options
	if o.Storage.NATS.URL != "" && e.DatabaseURL == "" {
		return false, errors.New("--nats keeps events for nodes of one database: name it with --database-url")
	}
	server, err := postgres.Start(ctx, postgres.Options{DatabaseURL: e.DatabaseURL, Mode: o.Postgres, Progress: o.Progress})
	if err != nil {
		return false, err
	}
	r.onStop(func(context.Context) error { return server.Stop() })
	e.DatabaseURL = server.URL()
	if len(o.Environments) == 1 {
		r.DatabaseURL = e.DatabaseURL
	}
	if !server.Temporary() {
		return false, nil
	}
	go r.watch(server)
	return true, demo.Load(ctx, e.DatabaseURL)
}

// watch reports a Postgres of our own that ended before it was told to: nobody
// will start it again.
func (r *Reference) watch(server *postgres.Server) {
	select {
	case <-server.Ended():
		if r.live.Err() == nil {
			r.failed <- errors.New("the private Postgres ended by itself: start the reference again")
		}
	case <-r.live.Done():
	}
}

// dataDir is the folder of an environment's event log, and whether it goes with the
// process.
func (r *Reference) dataDir(e Environment, disposable bool) (dir string, temporary bool, err error) {
	switch {
	case r.options.DataDir != "":
		return filepath.Join(r.options.DataDir, e.Name), false, nil
	case r.options.Storage.NoPersistence:
		return "", false, nil
	case r.options.Storage.NATS.URL != "":
		// Only what goes with the process is in it: several nodes may share a machine.
		dir, err = broker.TemporaryFolder()
		if err == nil {
			r.onStop(func(context.Context) error { return os.RemoveAll(dir) })
		}
		return dir, false, err
	case disposable || r.options.Ephemeral:
		dir, err = broker.TemporaryFolder()
		if err == nil {
			r.onStop(func(context.Context) error { return os.RemoveAll(dir) })
		}
		return dir, true, err
	default:
		dir, err = StateDir(e.DatabaseURL)
		return dir, false, err
	}
}

func (r *Reference) onStop(f func(context.Context) error) { r.closers = append(r.closers, f) }

// Stop ends everything in the reverse order of its start, within 25 seconds or
// ctx. What is in flight comes first: see [pulse.Service.Drain]. It may be called
// twice.
func (r *Reference) Stop(ctx context.Context) error {
	r.end()
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	var errs []error
	for len(r.closers) > 0 {
		last := r.closers[len(r.closers)-1]
		r.closers = r.closers[:len(r.closers)-1]
		errs = append(errs, last(ctx))
	}
	return errors.Join(errs...)
}

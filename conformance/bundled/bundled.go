package bundled

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// bootWithin bounds the start of a server: thirty times what one takes on a quiet
// machine.
const bootWithin = time.Minute

// Options say on which Postgres the reference is booted. The zero value is a private
// one, from wherever binaries are to be had.
type Options struct {
	// Postgres says where the binaries of a private one come from.
	Postgres postgres.Mode
	// DatabaseURL is a server that is already there, as pgx or Prisma accept it. Its role
	// may create databases and replicate, and is a superuser.
	DatabaseURL string
	// Progress, where given, takes lines for a person who waits.
	Progress func(string)
	// Log takes what an operator of the references should know; nil drops all but the
	// errors that [Reference.Logged] tells.
	Log *slog.Logger
}

// Reference is the running reference. It is the [conformance.Controller] of itself.
type Reference struct {
	server *server
	log    *slog.Logger
	// schema is the fixture's Prisma schema as a file.
	schema      string
	databaseURL string
	target      conformance.Target
	main        *boot.Reference
	logged      journal
	// live ends when Stop begins.
	live       context.Context
	end        context.CancelFunc
	conditions map[conformance.Condition]*condition
}

// Start boots the reference. The error is a [*postgres.UnavailableError] where no
// Postgres can be had; nothing is left running then.
func Start(ctx context.Context, o Options) (*Reference, error) {
	r := &Reference{log: o.Log, conditions: map[conformance.Condition]*condition{}}
	for name, start := range conditions {
		r.conditions[name] = &condition{start: start}
	}
	r.live, r.end = context.WithCancel(context.Background())
	if err := r.start(ctx, o); err != nil {
		return nil, errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}
	return r, nil
}

func (r *Reference) start(ctx context.Context, o Options) (err error) {
	if r.server, err = startServer(ctx, o); err != nil {
		return err
	}
	if r.schema, err = writeSchema(); err != nil {
		return err
	}
	first, err := r.environment(ctx, "first")
	if err != nil {
		return err
	}
	r.databaseURL = first.DatabaseURL
	second, err := r.environment(ctx, "second")
	if err != nil {
		return err
	}
	r.target, r.main, err = r.boot(ctx, &r.logged, boot.Options{}, first, second)
	return err
}

// writeSchema writes the fixture's Prisma schema to a file.
func writeSchema() (string, error) {
	file, err := os.CreateTemp("", "conformance-*.prisma")
	if err != nil {
		return "", fmt.Errorf("writing the fixture's Prisma schema: %w", err)
	}
	_, err = file.WriteString(conformance.FixtureSchema)
	return file.Name(), errors.Join(err, file.Close())
}

// environment is one of [boot.Environment], with its key as clients send it.
type environment struct {
	boot.Environment
	key string
}

// environment is a new one, with a key and a new database of the fixture.
func (r *Reference) environment(ctx context.Context, name string) (environment, error) {
	url, err := r.server.create(ctx, name)
	key := newKey()
	return environment{boot.Environment{
		Name: name, DatabaseURL: url, Schema: r.schema, Keys: jsonhttp.Keys{jsonhttp.NewKey(key)},
	}, key}, err
}

func newKey() string { return "conformance-" + rand.Text() }

// boot boots a reference with these environments, the first of which is the target's.
func (r *Reference) boot(ctx context.Context, logged *journal, o boot.Options, environments ...environment) (conformance.Target, *boot.Reference, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, bootWithin, fmt.Errorf("the reference did not start within %s", bootWithin))
	defer cancel()
	o.Ephemeral, o.Log = true, logged.logger(r.log)
	for _, e := range environments {
		o.Environments = append(o.Environments, e.Environment)
	}
	booted, err := boot.Start(ctx, o)
	if err != nil {
		return conformance.Target{}, nil, fmt.Errorf("booting the reference: %w", err)
	}
	target := conformance.Target{PulseURL: booted.PulseURL, AccelerateURL: booted.AccelerateURL, APIKey: environments[0].key}
	if len(environments) > 1 {
		target.OtherAPIKey = environments[1].key
	}
	return target, booted, nil
}

// Target is the reference on which no condition holds.
func (r *Reference) Target() conformance.Target { return r.target }

// DatabaseURL is where the database of the target's first environment is.
func (r *Reference) DatabaseURL() string { return r.databaseURL }

// DatabaseVersion is what its Postgres calls its version, such as 17.2.
func (r *Reference) DatabaseVersion() string { return r.server.version }

// Stop ends everything, also what is being booted, and removes the databases. It may
// be called twice, and not while cases run.
func (r *Reference) Stop(ctx context.Context) error {
	r.end()
	errs := make([]error, 0, len(r.conditions)+4)
	var mutex sync.Mutex
	var stopping sync.WaitGroup
	stop := func(f func(context.Context) error) {
		stopping.Go(func() {
			err := f(ctx)
			mutex.Lock()
			defer mutex.Unlock()
			errs = append(errs, err)
		})
	}
	for _, c := range r.conditions {
		stop(c.stop)
	}
	if r.main != nil {
		stop(r.main.Stop)
	}
	stopping.Wait()
	if r.server != nil {
		errs = append(errs, r.server.stop(ctx))
	}
	if r.schema != "" {
		errs = append(errs, os.Remove(r.schema))
		r.schema = ""
	}
	return errors.Join(errs...)
}

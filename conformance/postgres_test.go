package conformance_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/reference/boot"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// container is the way to a Postgres that the tests have and the programs have
// not: it costs every start-up the Docker client.
const container postgres.Mode = "container"

// databaseFlags say which Postgres the bundled reference works on.
type databaseFlags struct{ mode, image, url string }

var defaultDatabase = databaseFlags{mode: string(postgres.Auto), image: "postgres:17-alpine"}

func (d *databaseFlags) flags(f *flag.FlagSet) {
	f.StringVar(&d.mode, "postgres", defaultDatabase.mode,
		"how the reference gets a Postgres: container, launcher, download, or auto, the first of these that is to be had")
	f.StringVar(&d.image, "postgres-image", defaultDatabase.image, "the `IMAGE` of -postgres container")
	f.StringVar(&d.url, "database-url", "", "a Postgres for the reference that is there already, as a `URL`; it needs wal_level=logical and the model User")
}

func (d databaseFlags) check() error {
	switch postgres.Mode(d.mode) {
	case postgres.Auto, container, postgres.Launcher, postgres.Download:
	default:
		return fmt.Errorf("--postgres %s: expected auto, container, launcher or download", d.mode)
	}
	if d.url != "" && (d.mode != defaultDatabase.mode || d.image != defaultDatabase.image) {
		return errors.New("--database-url names a Postgres that is there already: leave out --postgres and --postgres-image")
	}
	return nil
}

// bundled is the reference that the tests of this package share.
var bundled reference

type reference struct {
	once    sync.Once
	booted  *boot.Reference
	err     error
	closers []func() error
}

// target boots the reference for the first test that asks; its log says which
// Postgres was taken.
func (r *reference) target(t *testing.T) conformance.Target {
	t.Helper()
	r.once.Do(func() { r.err = r.boot(context.Background(), func(line string) { t.Log(line) }) })
	if r.err != nil {
		t.Fatalf("the bundled reference cannot be booted: %v", r.err)
	}
	return conformance.Target{PulseURL: r.booted.PulseURL, AccelerateURL: r.booted.AccelerateURL, APIKey: r.booted.APIKey}
}

func (r *reference) boot(ctx context.Context, say func(string)) error {
	url, err := r.database(ctx, say)
	if err != nil {
		return err
	}
	mode := postgres.Mode(database.mode)
	if mode == container {
		mode = postgres.Auto
	}
	r.booted, err = boot.Start(ctx, boot.Options{Environments: []boot.Environment{{DatabaseURL: url}}, Postgres: mode, Ephemeral: true, Progress: say})
	if err != nil {
		return err
	}
	r.closers = append(r.closers, func() error { return r.booted.Stop(context.Background()) })
	return nil
}

// database is the URL of the Postgres to use, empty when the reference is to
// start its own.
func (r *reference) database(ctx context.Context, say func(string)) (string, error) {
	mode := postgres.Mode(database.mode)
	if database.url != "" || mode != postgres.Auto && mode != container {
		return database.url, nil
	}
	c, err := startContainer(ctx, database.image, say)
	var missing *unavailableError
	if errors.As(err, &missing) && mode == postgres.Auto {
		say("postgres: no container: " + missing.reason)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r.closers = append(r.closers, c.stop)
	say("postgres: container " + database.image)
	return c.url, nil
}

// stop ends what was started, in reverse order.
func (r *reference) stop() error {
	var errs []error
	for i := len(r.closers) - 1; i >= 0; i-- {
		errs = append(errs, r.closers[i]())
	}
	return errors.Join(errs...)
}

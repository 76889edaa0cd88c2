package conformance_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"sync"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// container is the way to a Postgres that the tests have and the programs have
// not: it costs every start-up the Docker client.
const container postgres.Mode = "container"

// postgresFlags say which Postgres the bundled reference is given a server of.
type postgresFlags struct{ mode, image string }

var anyPostgres = postgresFlags{mode: string(postgres.Auto), image: "postgres:17-alpine"}

func (p *postgresFlags) add(f *flag.FlagSet) {
	f.StringVar(&p.mode, "postgres", anyPostgres.mode,
		"how the reference gets a Postgres: container, launcher, download, or auto, the first of these that is to be had")
	f.StringVar(&p.image, "postgres-image", anyPostgres.image, "the `IMAGE` of -postgres container")
}

func (p postgresFlags) check(f conformance.Flags) error {
	switch postgres.Mode(p.mode) {
	case postgres.Auto, container, postgres.Launcher, postgres.Download:
	default:
		return fmt.Errorf("--postgres %s: expected auto, container, launcher or download", p.mode)
	}
	switch {
	case p == anyPostgres:
		return nil
	case f.Target.Named():
		return errors.New("a target is named, so nothing is booted: leave out --postgres and --postgres-image")
	case f.DatabaseURL != "":
		return errors.New("--database-url names a Postgres that is there already: leave out --postgres and --postgres-image")
	default:
		return nil
	}
}

// shared is the reference that the tests of this package share.
var shared reference

type reference struct {
	once    sync.Once
	booted  *bundled.Reference
	err     error
	closers []func() error
}

// start boots the reference for the first test that asks; its log says which Postgres
// was taken.
func (r *reference) start(t *testing.T) *bundled.Reference {
	t.Helper()
	r.once.Do(func() { r.err = r.boot(context.Background(), func(line string) { t.Log(line) }) })
	if r.err != nil {
		t.Fatalf("the bundled reference cannot be booted: %v", r.err)
	}
	return r.booted
}

func (r *reference) boot(ctx context.Context, say func(string)) error {
	url, err := r.database(ctx, say)
	if err != nil {
		return err
	}
	mode := postgres.Mode(postgresFrom.mode)
	if mode == container {
		mode = postgres.Auto
	}
	r.booted, err = bundled.Start(ctx, bundled.Options{DatabaseURL: url, Postgres: mode, Progress: say})
	if err != nil {
		return err
	}
	r.closers = append(r.closers, func() error { return r.booted.Stop(context.Background()) })
	return nil
}

// database is the URL of the Postgres to use, empty when the reference is to
// start its own.
func (r *reference) database(ctx context.Context, say func(string)) (string, error) {
	mode := postgres.Mode(postgresFrom.mode)
	if !flags.Target.Named() && flags.DatabaseURL != "" || mode != postgres.Auto && mode != container {
		return flags.DatabaseURL, nil
	}
	c, err := startContainer(ctx, postgresFrom.image, say)
	var missing *unavailableError
	if errors.As(err, &missing) && mode == postgres.Auto {
		say("postgres: no container: " + missing.reason)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r.closers = append(r.closers, c.stop)
	say("postgres: container " + postgresFrom.image)
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

package conformance_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	postgrescontainer "github.com/testcontainers/testcontainers-go/modules/postgres"
)

// How long an engine is waited for: one that works answers within 200 ms, and
// the images have 110 MB and 10 MB, at 1 MB a second or better.
const (
	engineTimeout = 10 * time.Second
	pullTimeout   = 2 * time.Minute
	reaperTimeout = 20 * time.Second
)

// unavailableError says that no container can be had on this machine.
type unavailableError struct{ reason, next string }

func (e *unavailableError) Error() string {
	return fmt.Sprintf("-postgres container is not to be had: %s; next: %s, or take -postgres launcher", e.reason, e.next)
}

// containerized is a Postgres in a container.
type containerized struct {
	url  string
	stop func() error
}

// startContainer starts a Postgres that can replicate. The error is an
// [unavailableError] when there is no engine or no image; any other is a fault
// of what is there.
func startContainer(ctx context.Context, image string, say func(string)) (containerized, error) {
	if err := settle(ctx, image, say); err != nil {
		return containerized{}, err
	}
	c, err := postgrescontainer.Run(ctx, image,
		postgrescontainer.WithPassword(rand.Text()),
		testcontainers.WithCmdArgs("-c", "wal_level=logical", "-c", "max_replication_slots=32", "-c", "max_wal_senders=32"),
		postgrescontainer.BasicWaitStrategies(),
	)
	stop := func() error { return testcontainers.TerminateContainer(c) }
	if err != nil {
		return containerized{}, errors.Join(fmt.Errorf("starting a container of %s: %w", image, err), stop())
	}
	url, err := c.ConnectionString(ctx, "sslmode=disable")
	if err != nil {
		return containerized{}, errors.Join(fmt.Errorf("asking where the container of %s listens: %w", image, err), stop())
	}
	return containerized{url: url, stop: stop}, nil
}

// settle makes sure of the engine, DOCKER_HOST's or the one on the default
// socket, and of its images. It asks directly: testcontainers reads its settings
// once, when it is first used, and waits for an engine that hangs as long as it
// may.
func settle(ctx context.Context, image string, say func(string)) error {
	engine, err := client.New(client.FromEnv)
	if err == nil {
		defer engine.Close()
		err = within(ctx, engineTimeout, func(ctx context.Context) error {
			_, err := engine.Ping(ctx, client.PingOptions{})
			return err
		})
	}
	if err != nil {
		return &unavailableError{
			reason: fmt.Sprintf("no Docker engine answers (%v)", err),
			next:   "start one, or say with DOCKER_HOST where it is",
		}
	}
	err = within(ctx, pullTimeout, func(ctx context.Context) error { return needImage(ctx, engine, image) })
	if err != nil {
		return &unavailableError{
			reason: fmt.Sprintf("the image %s is neither present nor to be pulled (%v)", image, err),
			next:   "docker pull " + image + ", or build one with conformance/image/build.sh TAG and name it with -postgres-image TAG",
		}
	}
	// What testcontainers would log goes between all tests; errors come back.
	log.SetDefault(log.NewNoopLogger())
	return errors.Join(settleHost(engine.DaemonHost()), settleReaper(ctx, engine, say))
}

// within bounds one question to the engine.
func within(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not within %s", limit))
	defer cancel()
	return ask(ctx)
}

// settleHost keeps testcontainers with the engine that was asked, and from
// dialling the bridge's gateway instead of the loopback interface, which it
// does where it takes the machine for a container (some virtual machines have a
// /.dockerenv): an engine that publishes on loopback alone is not reached there.
func settleHost(engine string) error {
	const host, override = "DOCKER_HOST", "TESTCONTAINERS_HOST_OVERRIDE"
	if _, set := os.LookupEnv(override); !set && strings.HasPrefix(os.Getenv(host), "unix://") {
		if err := os.Setenv(override, "127.0.0.1"); err != nil {
			return err
		}
	}
	return os.Setenv(host, engine)
}

// settleReaper turns the reaper off when its image cannot be had.
func settleReaper(ctx context.Context, engine client.APIClient, say func(string)) error {
	const disabled = "TESTCONTAINERS_RYUK_DISABLED"
	if _, set := os.LookupEnv(disabled); set {
		return nil
	}
	//nolint:staticcheck // SA1019: its successor is internal, and a copy of the name would grow old.
	image := testcontainers.ReaperDefaultImage
	err := within(ctx, reaperTimeout, func(ctx context.Context) error { return needImage(ctx, engine, image) })
	if err == nil {
		return nil
	}
	say(fmt.Sprintf("postgres: container: the reaper is off, for %s is not to be had (%v); should the test be killed, remove its container by hand", image, err))
	return os.Setenv(disabled, "true")
}

// needImage pulls the image when it is not present. Testcontainers would do it
// too, but tries again for as long as it may where there is no network.
func needImage(ctx context.Context, engine client.APIClient, image string) error {
	if _, err := engine.ImageInspect(ctx, image); err == nil {
		return nil
	}
	pull, err := engine.ImagePull(ctx, image, client.ImagePullOptions{})
	if err != nil {
		return err
	}
	return pull.Wait(ctx)
}

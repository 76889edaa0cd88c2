package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// stopTimeout bounds the clean end: the database has to answer that its slot is
// gone. Without it a database that hangs would hold the program.
const stopTimeout = 20 * time.Second

// Command is the command under the given name.
func Command(name string) *cobra.Command {
	o := boot.Options{}
	var mode, readyFile string
	c := &cobra.Command{
		Use:   name,
		Short: "Serve the Prisma Pulse and Accelerate reference in the foreground",
		Long: "Serve the bundled Prisma Pulse and Accelerate APIs on a Postgres, until interrupted.\n" +
			"Without --database-url it boots a private Postgres with a demo database.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			if o.Postgres, err = postgres.ParseMode(orEnvironment(mode, "ARAZZO_POSTGRES")); err != nil {
				return err
			}
			o.DatabaseURL = orEnvironment(o.DatabaseURL, "DATABASE_URL")
			return serve(c.Context(), o, readyFile, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.PulseAddr, "pulse-addr", "127.0.0.1:4466", "where Pulse listens, `HOST:PORT`; port 0 picks a free one")
	flags.StringVar(&o.AccelerateAddr, "accelerate-addr", "127.0.0.1:4467", "where Accelerate listens, `HOST:PORT`; port 0 picks a free one")
	flags.StringVar(&o.DatabaseURL, "database-url", "", "the Postgres to serve, as a `URL` (or DATABASE_URL)")
	flags.StringVar(&mode, "postgres", "", "how to get a Postgres without --database-url: auto, launcher or download (or ARAZZO_POSTGRES)")
	flags.StringVar(&o.APIKey, "api-key", "", "the `KEY` that clients send as \"Authorization: Bearer KEY\"; default: a random one")
	flags.StringVar(&o.DataDir, "data", "", "the `DIR` of the event log; default: temporary with a temporary Postgres, else the user's state folder")
	flags.StringVar(&readyFile, "ready-file", "", "a `FILE` to write, as JSON, once both APIs answer")
	return c
}

func orEnvironment(value, name string) string {
	if value == "" {
		return os.Getenv(name)
	}
	return value
}

// serve runs the reference until ctx ends.
func serve(ctx context.Context, o boot.Options, readyFile string, stdout, stderr io.Writer) (err error) {
	o.Progress = func(line string) { fmt.Fprintln(stderr, line) }
	o.Log = slog.New(slog.NewTextHandler(stderr, nil))
	r, err := boot.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, r.Stop(bounded))
	}()
	if readyFile != "" {
		defer os.Remove(readyFile)
		if err := writeReady(readyFile, r); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "Pulse       %s\nAccelerate  %s\nAPI key     %s\nDatabase    %s\n", r.PulseURL, r.AccelerateURL, r.APIKey, r.DatabaseURL)
	fmt.Fprintln(stderr, "serving; stop with Ctrl-C")
	select {
	case <-ctx.Done():
		fmt.Fprintln(stderr, "stopping")
		return nil
	case err := <-r.Failed:
		return err
	}
}

// writeReady tells a program that waits where everything is. The file appears
// whole or not at all.
func writeReady(name string, r *boot.Reference) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".ready-*")
	if err != nil {
		return fmt.Errorf("--ready-file: %w", err)
	}
	encoder := json.NewEncoder(temporary)
	encoder.SetEscapeHTML(false) // the URL has & in it, and shell scripts read this
	err = encoder.Encode(map[string]string{
		"pulse": r.PulseURL, "accelerate": r.AccelerateURL, "apiKey": r.APIKey, "databaseUrl": r.DatabaseURL,
	})
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--ready-file: %w", err), os.Remove(temporary.Name()))
	}
	return nil
}

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

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/reference/boot"
)

// Command is the command under the given name.
func Command(name string) *cobra.Command {
	o := boot.Options{}
	var database Database
	var readyFile string
	c := &cobra.Command{
		Use:   name,
		Short: "Serve the Prisma Pulse and Accelerate reference in the foreground",
		Long: "Serve the bundled Prisma Pulse and Accelerate APIs on a Postgres, until interrupted.\n" +
			"Without --database-url it boots a private Postgres with a demo database.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := database.Apply(&o); err != nil {
				return err
			}
			return serve(c.Context(), o, readyFile, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.PulseAddr, "pulse-addr", "127.0.0.1:4466", "where Pulse listens, `HOST:PORT`; port 0 picks a free one")
	flags.StringVar(&o.AccelerateAddr, "accelerate-addr", "127.0.0.1:4467", "where Accelerate listens, `HOST:PORT`; port 0 picks a free one")
	database.Flags(flags)
	flags.StringVar(&o.APIKey, "api-key", "", "the `KEY` that clients send as \"Authorization: Bearer KEY\"; default: a random one")
	flags.StringVar(&o.DataDir, "data", "", "the `DIR` of the event log; default: temporary with a temporary Postgres, else the user's state folder")
	storageFlags(flags, &o.Storage)
	flags.StringVar(&readyFile, "ready-file", "", "a `FILE` to write, as JSON, once both APIs answer")
	c.AddCommand(doctorCommand())
	return c
}

// serve runs the reference until ctx ends.
func serve(ctx context.Context, o boot.Options, readyFile string, stdout, stderr io.Writer) (err error) {
	if err := clearReady(readyFile); err != nil {
		return err
	}
	o.Progress = func(line string) { fmt.Fprintln(stderr, line) }
	o.Log = slog.New(slog.NewTextHandler(stderr, nil))
	r, err := boot.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}()
	if readyFile != "" {
		if err := writeReady(readyFile, r); err != nil {
			return err
		}
		defer os.Remove(readyFile)
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

// clearReady removes the file of an earlier run that was killed: who waits for it
// must not read where nothing is any more.
func clearReady(name string) error {
	info, err := os.Lstat(name)
	if err != nil {
		// There is nothing to remove, or writing it will say what is wrong.
		return nil
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("--ready-file: expected the name of a file to write, found %s, which is something else", name)
	}
	if err := os.Remove(name); err != nil {
		return fmt.Errorf("--ready-file: %w", err)
	}
	return nil
}

// writeReady tells a program that waits where everything is. The file appears
// whole or not at all.
func writeReady(name string, r *boot.Reference) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".ready-*")
	if err != nil {
		return fmt.Errorf("--ready-file: %w: name a file in a folder that you may write", err)
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

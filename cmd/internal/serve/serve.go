package serve

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// Command is the command under the given name.
func Command(name string) *cobra.Command {
	o := boot.Options{}
	var who served
	var readyFile string
	var lines logging
	c := &cobra.Command{
		Use:   name,
		Short: "Serve the Prisma Pulse and Accelerate reference in the foreground",
		Long: "Serve the bundled Prisma Pulse and Accelerate APIs on a Postgres, until interrupted.\n" +
			"Without --database-url it boots a private Postgres with a demo database.\n" +
			"With --environments it serves several databases, each to its own API keys.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			err := checkStorage(c.Flags(), &o.Storage)
			if err == nil {
				err = who.apply(c, &o)
			}
			if err != nil {
				return err
			}
			if o.Log, err = lines.logger(c.ErrOrStderr()); err != nil {
				return err
			}
			tell := lines.teller(c.ErrOrStderr(), o.Log)
			return serve(c, o, tell, readyFile, who.plainKey())
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.PulseAddr, "pulse-addr", "127.0.0.1:4466", "where Pulse listens, `HOST:PORT`; port 0 picks a free one")
	flags.StringVar(&o.AccelerateAddr, "accelerate-addr", "127.0.0.1:4467", "where Accelerate listens, `HOST:PORT`; port 0 picks a free one")
	who.flags(flags)
	flags.StringVar(&o.DataDir, "data", "", "the `DIR` of the event log, in which each of several environments has a folder of its name; default: temporary with a temporary Postgres, else in the user's state folder one for each database")
	storageFlags(flags, &o.Storage)
	o.MaxSubscribers = pulse.DefaultMaxSubscribers
	flags.Var((*subscribers)(&o.MaxSubscribers), "max-subscribers", fmt.Sprintf("the `NUMBER` of subscriptions of an environment at a time, at most %d; each is an open file and about 100 KiB", pulse.MostSubscribers))
	limitFlags(flags, &o)
	flags.StringVar(&o.MetricsAddr, "metrics-addr", "", "where Prometheus finds /metrics, `HOST:PORT`, without a key; default: nowhere")
	lines.flags(flags)
	flags.StringVar(&readyFile, "ready-file", "", "a `FILE` to write, as JSON, once both APIs answer")
	c.AddCommand(doctorCommand(), dropCommand())
	return c
}

// serve runs the reference until the command's context ends.
func serve(c *cobra.Command, o boot.Options, tell func(string), readyFile, plainKey string) (err error) {
	ctx := c.Context()
	if err := clearReady(readyFile); err != nil {
		return err
	}
	o.Progress = tell
	boundGarbage()
	r, err := boot.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, r.Stop(context.WithoutCancel(ctx)))
	}()
	if readyFile != "" {
		is := ready{Pulse: r.PulseURL, Accelerate: r.AccelerateURL, APIKey: r.APIKey + plainKey, DatabaseURL: r.DatabaseURL, Metrics: r.MetricsURL}
		for _, e := range o.Environments {
			if e.Name != "" {
				is.Environments = append(is.Environments, e.Name)
			}
		}
		if err := is.write(readyFile); err != nil {
			return err
		}
		defer os.Remove(readyFile)
	}
	show(c.OutOrStdout(), r, o.Environments)
	tell("serving; stop with Ctrl-C")
	select {
	case <-ctx.Done():
		tell("stopping")
		return nil
	case err := <-r.Failed:
		return err
	}
}

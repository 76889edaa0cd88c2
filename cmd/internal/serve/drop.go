package serve

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/environments"
	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// dropCommand removes what the reference keeps in a database.
func dropCommand() *cobra.Command {
	var o capture.RemoveOptions
	var data string
	c := &cobra.Command{
		Use:   "drop",
		Short: "Drop the replication slot and the publication that the reference keeps in a database",
		Long: "Drop the replication slot and the publication that the reference keeps in a Postgres\n" +
			"database, when it is not to come back: a slot that nobody reads keeps the server's\n" +
			"log for ever. Nothing is dropped while a service reads the slot. A publication stays\n" +
			"that no reference made. Named streams that resume from the slot are told of: they\n" +
			"have a gap then. Exit code 0: dropped, or not there; 1: refused, and why; 2: the\n" +
			"database could not be asked.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.DatabaseURL, err = namedDatabase(o.DatabaseURL); err != nil {
				return err
			}
			if err := environments.CheckSlot(o.Slot); o.Slot != "" && err != nil {
				return exit.Usage{Err: fmt.Errorf("--slot: %w", err)}
			}
			if data == "" {
				if data, err = boot.StateDir(o.DatabaseURL); err != nil {
					return exit.Usage{Err: err}
				}
			}
			return drop(c, o, data)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.DatabaseURL, "database-url", "", "the Postgres, as a `URL` (or DATABASE_URL)")
	flags.StringVar(&data, "data", "", "the `DIR` of the event log, to tell which named streams lose by it; that of one of several environments has its name; default: as the reference has it")
	flags.StringVar(&o.Slot, "slot", "", "the `NAME` of the replication slot, where the reference was given one")
	flags.StringVar(&o.Publication, "publication", "", "the `NAME` of the publication, where the reference was given one")
	flags.BoolVar(&o.DryRun, "dry-run", false, "drop nothing, and say what would be dropped")
	return c
}

func drop(c *cobra.Command, o capture.RemoveOptions, data string) error {
	done, err := pulse.Withdraw(c.Context(), o, data)
	if c.Context().Err() != nil {
		return c.Context().Err()
	}
	// Where only a part was refused, the rest is done.
	if err := writeDropped(c.OutOrStdout(), done, o.DryRun, data); err != nil {
		return exit.Late{Err: err}
	}
	var unreachable *capture.UnreachableError
	var refused *capture.RefusedError
	switch {
	case errors.As(err, &unreachable):
		return tellUnreachable(c.ErrOrStderr(), unreachable)
	case errors.As(err, &refused):
		fmt.Fprintf(c.ErrOrStderr(), "error[not-dropped]: %v\n  next: %s\n", refused, refused.Next)
		return exit.Code(exit.Failed)
	case err != nil:
		return exit.Usage{Err: err}
	}
	return nil
}

func tellUnreachable(w io.Writer, e *capture.UnreachableError) error {
	fmt.Fprintf(w, "error[database-unreachable]: %s: %v\n  next: start that Postgres, or correct the database URL\n", e.Database, e)
	return exit.Code(exit.BadInput)
}

// streamsShown is how many names of streams are shown.
const streamsShown = 20

func writeDropped(w io.Writer, done pulse.Withdrawn, dryRun bool, data string) error {
	words := map[capture.Fate]string{capture.Dropped: "dropped", capture.Kept: "kept", capture.Absent: "not there"}
	if dryRun {
		words[capture.Dropped] = "would be dropped"
	}
	var text strings.Builder
	for _, o := range done.Objects {
		fmt.Fprintf(&text, "%s: %s %s", words[o.Fate], o.Kind, o.Name)
		if o.Why != "" {
			fmt.Fprintf(&text, ": %s", o.Why)
		}
		text.WriteByte('\n')
	}
	if gap := gapOf(done, data); gap != "" {
		fmt.Fprintf(&text, "%s\n  next: the reference stops them at its next start; delete them, create them anew, and read their tables again\n", gap)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// gapOf says which named streams lose by it, empty where none does. The first object
// is the slot that they resume from.
func gapOf(done pulse.Withdrawn, data string) string {
	n := len(done.Streams)
	switch {
	case len(done.Objects) == 0 || done.Objects[0].Fate != capture.Dropped || done.Folder && n == 0:
		return ""
	case !done.Folder:
		return fmt.Sprintf("there is no event log in %s: named streams that are kept elsewhere, and resume from the slot, have a gap", data)
	}
	// A name may hold what a terminal understands.
	var shown []string
	for _, name := range done.Streams[:min(n, streamsShown)] {
		shown = append(shown, strconv.Quote(name))
	}
	if n > streamsShown {
		shown = append(shown, fmt.Sprintf("%d more", n-streamsShown))
	}
	return "named streams with a gap from then on: " + strings.Join(shown, ", ")
}

package serve

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/doctor"
)

// doctorCommand examines a database for the reference.
func doctorCommand() *cobra.Command {
	var o doctor.Options
	var format string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check a Postgres database for change capture, and say what to fix",
		Long: "Check a Postgres database for change capture, and say what to fix, with the SQL to\n" +
			"run. It changes nothing. Exit code 0: no errors; 1: errors were found; 2: the\n" +
			"database could not be asked.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if o.DatabaseURL, err = namedDatabase(o.DatabaseURL); err != nil {
				return err
			}
			if format != "text" && format != "json" {
				return exit.Usage{Err: fmt.Errorf("--format: expected text or json, found %q", format)}
			}
			return examine(c, o, format)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.DatabaseURL, "database-url", "", "the Postgres to check, as a `URL` (or DATABASE_URL)")
	flags.StringVar(&o.Data, "data", "", "the data `DIR` of the reference, to check that too")
	flags.StringVar(&o.Schema, "schema", "", "the Prisma schema `FILE` of the reference, or a folder of them, to check that too")
	flags.StringVar(&o.Slot, "slot", "", "the `NAME` of the replication slot; default: the reference's own")
	flags.StringVar(&o.Publication, "publication", "", "the `NAME` of the publication; default: the reference's own")
	flags.StringVar(&format, "format", "text", "how the findings are printed: text or json")
	return c
}

func examine(c *cobra.Command, o doctor.Options, format string) error {
	report, err := doctor.Examine(c.Context(), o)
	var unreachable *capture.UnreachableError
	switch {
	case c.Context().Err() != nil:
		return c.Context().Err()
	case errors.As(err, &unreachable):
		return tellUnreachable(c.ErrOrStderr(), unreachable)
	case err != nil:
		return exit.Usage{Err: err}
	}
	write := report.WriteText
	if format == "json" {
		write = report.WriteJSON
	}
	if err := write(c.OutOrStdout()); err != nil {
		return exit.Unwritten{Err: err}
	}
	if report.Worst() == doctor.Error {
		return exit.Code(exit.Failed)
	}
	return nil
}

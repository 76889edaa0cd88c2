package serve

import (
	"errors"
	"os"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Database is the flags that say which Postgres the reference takes.
type Database struct{ url, mode string }

// Flags adds the flags.
func (d *Database) Flags(flags *pflag.FlagSet) {
	flags.StringVar(&d.url, "database-url", "", "the Postgres of the reference, as a `URL` (or DATABASE_URL)")
	flags.StringVar(&d.mode, "postgres", "", "how to get a Postgres without --database-url: auto, launcher or download (or ARAZZO_POSTGRES)")
}

// Given tells whether one of the flags was given.
func (d *Database) Given() bool { return *d != Database{} }

// Apply puts what the flags say, else the environment, into the options, which are
// then for this one database.
func (d *Database) Apply(o *boot.Options) (err error) {
	if o.Postgres, err = postgres.ParseMode(orEnvironment(d.mode, "ARAZZO_POSTGRES")); err != nil {
		return exit.Usage{Err: err}
	}
	o.Environments = []boot.Environment{{DatabaseURL: orEnvironment(d.url, "DATABASE_URL")}}
	return nil
}

// namedDatabase is the URL of a command's database, which has to be given, as pgx
// accepts it.
func namedDatabase(url string) (string, error) {
	if url = orEnvironment(url, "DATABASE_URL"); url == "" {
		return "", exit.Usage{Err: errors.New("no database is named: give --database-url URL, or set DATABASE_URL")}
	}
	read, err := prisma.ReadURL(url)
	if err != nil {
		return "", exit.Usage{Err: err}
	}
	return read.Address, nil
}

func orEnvironment(value, name string) string {
	if value == "" {
		return os.Getenv(name)
	}
	return value
}

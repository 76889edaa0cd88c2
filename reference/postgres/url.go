package postgres

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// givenURL checks a database URL and makes of one with Prisma's parameters, which
// its users have in DATABASE_URL, one that psql and pgx accept. What of it has no
// meaning here progress is told.
func (e environment) givenURL(given string) (string, error) {
	read, err := prisma.ReadURL(given)
	if err != nil {
		return "", err
	}
	if read.Unused != nil {
		e.progress("postgres: not used, for it is about another pool or engine: " + strings.Join(read.Unused, ", "))
	}
	config, err := pgconn.ParseConfig(read.Address)
	if err != nil {
		return "", prisma.URLError(err)
	}
	// It may come from the environment, and be another than its owner thinks of.
	e.progress(fmt.Sprintf("postgres: the database %q on %s, which was given", config.Database, config.Host))
	return read.Address, nil
}

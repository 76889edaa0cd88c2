package postgres

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// prismaOnly are parameters of a database URL that tune Prisma's own engine, as
// its reference of connection URLs lists them for PostgreSQL. Neither psql nor pgx
// knows them, and Postgres refuses what they pass on.
var prismaOnly = []string{
	"connection_limit", "pgbouncer", "pool_timeout", "socket_timeout", "sslaccept", "sslidentity", "statement_cache_size",
}

// givenURL checks a database URL and makes of one with Prisma's parameters, which
// its users have in DATABASE_URL, one that psql and pgx accept: schema becomes the
// search path, the others are dropped, which progress is told.
func (e environment) givenURL(given string) (string, error) {
	base, query, _ := strings.Cut(given, "?")
	parameters, err := url.ParseQuery(query)
	if err == nil && strings.Contains(base, "://") {
		given = e.withoutPrisma(base, parameters, given)
	}
	config, err := pgconn.ParseConfig(given)
	if err != nil {
		return "", prisma.URLError(err)
	}
	// It may come from the environment, and be another than its owner thinks of.
	e.progress(fmt.Sprintf("postgres: the database %q on %s, which was given", config.Database, config.Host))
	return given, nil
}

func (e environment) withoutPrisma(base string, parameters url.Values, given string) string {
	var dropped []string
	for name := range parameters {
		if slices.Contains(prismaOnly, name) {
			dropped = append(dropped, name)
			parameters.Del(name)
		}
	}
	if dropped != nil {
		slices.Sort(dropped)
		e.progress("postgres: not used, for it is about Prisma's own engine: " + strings.Join(dropped, ", "))
	}
	schema := parameters.Get("schema")
	if schema == "" && dropped == nil {
		return given
	}
	if schema != "" {
		parameters.Del("schema")
		// In options a backslash takes away the meaning of what follows it.
		path := strings.NewReplacer(`\`, `\\`, " ", `\ `).Replace(pgx.Identifier{schema}.Sanitize())
		parameters.Set("options", strings.TrimSpace(parameters.Get("options")+" -csearch_path="+path))
	}
	if len(parameters) == 0 {
		return base
	}
	// libpq takes a plus for a plus.
	return base + "?" + strings.ReplaceAll(parameters.Encode(), "+", "%20")
}

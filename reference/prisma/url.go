package prisma

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// URL is what a database URL says, as psql, pgx or Prisma's users have one.
type URL struct {
	// Address is the URL as psql and pgx accept it.
	Address string
	// ConnectionLimit is connection_limit, 0 where it is not given.
	ConnectionLimit int
	// PoolTimeout is pool_timeout, 0 where it is not given. The 0 of Prisma, which
	// means without an end, is the longest there is.
	PoolTimeout time.Duration
	// Unused are parameters without a meaning here, in the order of their names.
	Unused []string
}

// unusedParameters tune Prisma's own engine, as its reference of connection URLs lists
// them for PostgreSQL, or the pool of pgx. Neither psql nor pgx's connections know
// them, and Postgres refuses what they pass on.
var unusedParameters = []string{
	"pgbouncer", "socket_timeout", "sslidentity", "statement_cache_size",
	"max_connection_lifetime", "max_idle_connection_lifetime", "single_use_connections",
	"pool_min_conns", "pool_min_idle_conns", "pool_max_conn_lifetime", "pool_max_conn_idle_time",
	"pool_health_check_period", "pool_max_conn_lifetime_jitter", "pool_ping_timeout",
}

// ReadURL reads a database URL. Of Prisma's parameters schema becomes the search path,
// sslcert and sslaccept=strict are said in libpq's terms, connection_limit (or pgx's
// pool_max_conns) and pool_timeout, in seconds, are about the pool, and the others are
// named. What is no URL is left as it is: see [URLError]. No error shows the URL.
func ReadURL(given string) (URL, error) {
	base, query, _ := strings.Cut(given, "?")
	parameters, err := url.ParseQuery(query)
	if err != nil || !strings.Contains(base, "://") {
		return URL{Address: given}, nil
	}
	before := parameters.Encode()
	u := URL{Address: given}
	if err := u.readPool(parameters); err != nil {
		return URL{}, err
	}
	toLibpq(parameters)
	for _, name := range unusedParameters {
		if _, has := take(parameters, name); has {
			u.Unused = append(u.Unused, name)
		}
	}
	slices.Sort(u.Unused)
	switch after := parameters.Encode(); after {
	case before:
	case "":
		u.Address = base
	default:
		// libpq takes a plus for a plus.
		u.Address = base + "?" + strings.ReplaceAll(after, "+", "%20")
	}
	return u, nil
}

func (u *URL) readPool(parameters url.Values) (err error) {
	most, hasMost := take(parameters, "pool_max_conns")
	limit, hasLimit := take(parameters, "connection_limit")
	if !hasLimit {
		limit, hasLimit = most, hasMost
	}
	if hasLimit {
		if u.ConnectionLimit, err = strconv.Atoi(limit); err != nil || u.ConnectionLimit < 1 {
			return errors.New("the database URL's connection_limit: expected a whole number of connections, 1 or more")
		}
	}
	if timeout, has := take(parameters, "pool_timeout"); has {
		u.PoolTimeout, err = poolTimeout(timeout)
	}
	return err
}

// toLibpq says what is left in libpq's terms. sslcert alone is Prisma's: the authority
// that the server's certificate is judged by.
func toLibpq(parameters url.Values) {
	if schema, _ := take(parameters, "schema"); schema != "" {
		// In options a backslash takes away the meaning of what follows it.
		path := strings.NewReplacer(`\`, `\\`, " ", `\ `).Replace(pgx.Identifier{schema}.Sanitize())
		parameters.Set("options", strings.TrimSpace(parameters.Get("options")+" -csearch_path="+path))
	}
	if parameters.Has("sslcert") && !parameters.Has("sslkey") {
		authority, _ := take(parameters, "sslcert")
		parameters.Set("sslrootcert", authority)
	}
	if accept, _ := take(parameters, "sslaccept"); accept == "strict" && parameters.Get("sslmode") != "disable" {
		parameters.Set("sslmode", "verify-full")
	}
}

// take is a parameter, which is gone then.
func take(parameters url.Values, name string) (value string, ok bool) {
	value, ok = parameters.Get(name), parameters.Has(name)
	parameters.Del(name)
	return value, ok
}

func poolTimeout(text string) (time.Duration, error) {
	seconds, err := strconv.ParseUint(text, 10, 31)
	switch {
	case err != nil:
		return 0, errors.New("the database URL's pool_timeout: expected a whole number of seconds, or 0 for no end")
	case seconds == 0:
		return math.MaxInt64, nil
	}
	return time.Duration(seconds) * time.Second, nil
}

// URLError says what is wrong with a database URL that pgx does not take, given pgx's
// error, and how one is written. It shows nothing of the URL: pgx masks the passwords
// in what it quotes as well as it can, and of what is no URL it cannot know them.
func URLError(err error) error {
	reason := err.Error()
	// The reason stands behind the quoted URL; behind it, in parentheses, may stand a
	// piece of it.
	if end := strings.LastIndex(reason, "`: "); end >= 0 {
		reason = reason[end+len("`: "):]
	}
	reason, _, _ = strings.Cut(reason, " (")
	return fmt.Errorf("this is no database URL (%s): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %%2F and %%40", reason)
}

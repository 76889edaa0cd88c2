package prisma

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
)

// TestURLError has URLs from which pgx's own error tells the password.
func TestURLError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ url, reason string }{
		"keywords with spaces":          {"host = x password = SECRET port=zz", "invalid port"},
		"a quote in the password":       {`host=x password='it\'s SECRET' port=zz`, "invalid port"},
		"no host":                       {"postgres://user:SECRET", "invalid port"},
		"@ and / in the password":       {"postgres://user:p@SECRET:w/rd@host/db", "invalid port"},
		"a percent sign":                {"postgres://user:%SECRET@host/db", "failed to parse as URL"},
		"another database":              {"mysql://user:SECRET@host/db", "failed to parse as keyword/value"},
		"a parameter":                   {"postgres://user:SECRET@host/db?connect_timeout=SECRET", "invalid connect_timeout"},
		"a parameter of the pool":       {"host=h password = SECRET pool_max_conns=x", "cannot parse pool_max_conns"},
		"what looks like the URL's end": {"postgres://user:a`: SECRET (@host:x/db", "failed to parse as URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pgxpool.ParseConfig(tt.url)
			if err == nil {
				t.Fatal("pgx takes it")
			}
			want := "this is no database URL (" + tt.reason + "): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %2F and %40"
			if got := URLError(err).Error(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestReadURL(t *testing.T) {
	t.Parallel()
	const base = "postgresql://me:p%40ss@db.example:5432/shop"
	for _, test := range []struct {
		name, given string
		want        URL
	}{
		{"nothing of Prisma's", base + "?sslmode=disable&application_name=a+b", URL{Address: base + "?sslmode=disable&application_name=a+b"}},
		{"keywords", "host=h pool_max_conns=3", URL{Address: "host=h pool_max_conns=3"}},
		{"the pool's", base + "?connection_limit=5&pool_timeout=20", URL{Address: base, ConnectionLimit: 5, PoolTimeout: 20 * time.Second}},
		{"pgx's name of it", base + "?pool_max_conns=7&pool_min_conns=1", URL{Address: base, ConnectionLimit: 7, Unused: []string{"pool_min_conns"}}},
		{"both names", base + "?pool_max_conns=7&connection_limit=5", URL{Address: base, ConnectionLimit: 5}},
		{"a wait without an end", base + "?pool_timeout=0", URL{Address: base, PoolTimeout: math.MaxInt64}},
		{"an authority", base + "?sslcert=ca.pem&sslmode=require", URL{Address: base + "?sslmode=require&sslrootcert=ca.pem"}},
		{"a certificate of libpq's", base + "?sslcert=c.pem&sslkey=k.pem", URL{Address: base + "?sslcert=c.pem&sslkey=k.pem"}},
		{"a strict look at certificates", base + "?sslmode=require&sslaccept=strict", URL{Address: base + "?sslmode=verify-full"}},
		{"a lax one", base + "?sslmode=require&sslaccept=accept_invalid_certs", URL{Address: base + "?sslmode=require"}},
		{"strict without TLS", base + "?sslmode=disable&sslaccept=strict", URL{Address: base + "?sslmode=disable"}},
		{"Postgres' own", base + "?statement_timeout=500&schema=", URL{Address: base + "?statement_timeout=500"}},
		{"others of Prisma's", base + "?statement_cache_size=0&pgbouncer=true&socket_timeout=3", URL{Address: base, Unused: []string{"pgbouncer", "socket_timeout", "statement_cache_size"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadURL(test.given)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("URL, %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestReadURLRefuses(t *testing.T) {
	t.Parallel()
	const limit, timeout = "connection_limit: expected a whole number of connections, 1 or more", "pool_timeout: expected a whole number of seconds, or 0 for no end"
	for parameters, want := range map[string]string{
		"connection_limit=0":                    limit,
		"connection_limit=":                     limit,
		"connection_limit=SECRET":               limit,
		"pool_max_conns=-1":                     limit,
		"connection_limit=99999999999999999999": limit,
		"pool_timeout=-1":                       timeout,
		"pool_timeout=SECRET":                   timeout,
		"pool_timeout=99999999999":              timeout,
	} {
		_, err := ReadURL("postgres://user:SECRET@host/db?" + parameters)
		if err == nil || err.Error() != "the database URL's "+want || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", parameters, err)
		}
	}
}

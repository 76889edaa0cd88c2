package prisma

import (
	"testing"

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

package postgres

import (
	"cmp"
	"fmt"
	"net/url"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestGivenURL(t *testing.T) {
	t.Parallel()
	const base = "postgresql://me:p%40ss@db.example:5432/shop"
	for _, test := range []struct{ name, given, want, told, err, host string }{
		{name: "a URI", given: base, want: base},
		{name: "libpq's parameters, as they are", given: base + "?sslmode=disable&application_name=a+b", want: base + "?sslmode=disable&application_name=a+b"},
		{name: "keywords", given: "host=/tmp dbname=shop", want: "host=/tmp dbname=shop", host: "/tmp"},
		{name: "several hosts", given: "postgres://a:1,b:2/shop?pgbouncer=true", want: "postgres://a:1,b:2/shop", told: "pgbouncer", host: "a"},
		{name: "Prisma's parameters", given: base + "?schema=public&connection_limit=5&pool_timeout=0&sslmode=disable&statement_cache_size=0&pgbouncer=true", want: base + "?options=-csearch_path%3D%22public%22&sslmode=disable", told: "pgbouncer, statement_cache_size"},
		{name: "a schema with a space, beside options", given: base + "?schema=my+shop&options=-cgeqo%3Doff", want: base + `?options=-cgeqo%3Doff%20-csearch_path%3D%22my%5C%20shop%22`},
		{name: "another database", given: "mysql://me@db.example/shop", err: "this is no database URL (failed to parse as keyword/value): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %2F and %40"},
		{name: "a password is not told", given: "postgres://me:secret@h:x/shop", err: "this is no database URL (invalid port): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %2F and %40"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var told []string
			e := environment{progress: func(line string) { told = append(told, line) }}
			got, err := e.givenURL(test.given)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if diff := gocmp.Diff([]string{test.want, test.err}, []string{got, said}); diff != "" {
				t.Errorf("URL and error (-want +got):\n%s", diff)
			}
			want := []string(nil)
			if test.told != "" {
				want = []string{"postgres: not used, for it is about another pool or engine: " + test.told}
			}
			if test.err == "" {
				want = append(want, fmt.Sprintf(`postgres: the database "shop" on %s, which was given`, cmp.Or(test.host, "db.example")))
			}
			if diff := gocmp.Diff(want, told); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
		})
	}
}

// A Prisma URL connects, and finds tables in its schema first.
func TestGivenURLConnects(t *testing.T) {
	t.Parallel()
	server := start(t, testEnvironment(t))
	owner, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	const schema = `my "shop\`
	if _, err := owner.Exec(t.Context(), "CREATE SCHEMA "+pgx.Identifier{schema}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	given, err := Start(t.Context(), Options{DatabaseURL: server.URL() + "&connection_limit=1&schema=" + url.QueryEscape(schema)})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), given.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var first string
	if err := conn.QueryRow(t.Context(), "SELECT current_schema()").Scan(&first); err != nil || first != schema {
		t.Errorf("the first schema is %q, %v", first, err)
	}
}

func FuzzGivenURL(f *testing.F) {
	for _, given := range []string{"postgres://h/d?schema=a&connection_limit=1", "?", "://?schema=%00", "host=x", "postgres://h/d?options=%5C"} {
		f.Add(given)
	}
	f.Fuzz(func(t *testing.T, given string) {
		e := environment{progress: func(string) {}}
		once, err := e.givenURL(given)
		if err != nil {
			return
		}
		if again, err := e.givenURL(once); err != nil || again != once {
			t.Errorf("%q becomes %q and then %q, %v", given, once, again, err)
		}
	})
}

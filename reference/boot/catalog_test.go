package boot

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// A Postgres that was restarted since the last look answers the next one.
func TestCatalogConnectsAgain(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int PRIMARY KEY)`)
	c := newCatalog(database)
	defer c.close(context.Background())
	for range 2 {
		schema, err := c.fresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := schema.Model("User"); !ok {
			t.Error("there is no model User")
		}
		postgrestest.Exec(t, db, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
}

// Who waits for somebody else's look waits no longer than its own context.
func TestCatalogWaitsWithinTheContext(t *testing.T) {
	t.Parallel()
	c := newCatalog("")
	c.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.recent(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The demo has the relations of its Prisma schema, and everything else that somebody
// makes in its database, until its own tables are changed. What nothing was changed in
// is the same schema.
func TestCatalogOfTheDemo(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	if err := demo.Load(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	file, err := demo.Schema()
	if err != nil {
		t.Fatal(err)
	}
	db := postgrestest.Connect(t, database)
	c := newCatalog(database)
	c.file, c.isDemo = file, true
	defer c.close(context.Background())
	for _, test := range []struct{ script, want string }{
		{``, `Post: author; Profile: user; User: profile posts; `},
		{
			`CREATE TABLE note (id int PRIMARY KEY, "postId" int REFERENCES "Post"); ALTER TABLE "Post" ADD subtitle text`,
			`Post: author note; Profile: user; User: profile posts; note: Post; `,
		},
		{`DROP TABLE "Profile"`, `Post: User note; User: Post; note: Post; `},
	} {
		postgrestest.Exec(t, db, test.script)
		schema, err := c.fresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range schema.Models {
			names := []string{m.Name + ":"}
			for _, r := range m.Relations {
				names = append(names, r.Name)
			}
			got += strings.Join(names, " ") + "; "
		}
		if got != test.want {
			t.Errorf("after %s: %s", test.script, got)
		}
		post, _ := schema.Model("Post")
		if _, ok := post.Field("subtitle"); ok != (test.script != "") {
			t.Errorf("after %s there is a new column: %v", test.script, ok)
		}
		if again, err := c.fresh(t.Context()); again != schema || err != nil {
			t.Errorf("after %s another look gives another schema, %v", test.script, err)
		}
	}
}

package accelerate

import (
	"context"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// demoDatabase is the URL of a database of the test's own that holds the demo.
func demoDatabase(t testing.TB) string {
	t.Helper()
	address := postgrestest.Database(t)
	if err := demo.Load(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	return address
}

// openOn is a service on the database, whose schema is read once.
func openOn(t testing.TB, databaseURL string) *Service {
	t.Helper()
	return openWith(t, databaseURL, Options{})
}

// openWith is one with options beside those of openOn.
func openWith(t testing.TB, databaseURL string, o Options) *Service {
	t.Helper()
	o.DatabaseURL, o.Region, o.CacheBytes = databaseURL, "test-1", 1<<20
	if o.Schema == nil {
		schema := introspect(t, databaseURL)
		o.Schema = func(context.Context) (*prisma.Schema, error) { return schema, nil }
	}
	o.Keys = jsonhttp.Keys{jsonhttp.NewKey("key")}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func introspect(t testing.TB, databaseURL string) *prisma.Schema {
	t.Helper()
	schema, err := prisma.Introspect(t.Context(), postgrestest.Connect(t, databaseURL))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

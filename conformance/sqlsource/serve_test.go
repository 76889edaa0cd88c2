package sqlsource_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/internal/asktest"
	"github.com/arazzo-conformance/arazzo/conformance/sqlsource"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// TestServe holds that a target whose database is named gets the tables, and one without
// Accelerate a source of rows.
func TestServe(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	for _, test := range []struct {
		name  string
		o     conformance.Options
		rows  bool
		known bool
	}{
		{"the bundled reference", conformance.Options{DatabaseURL: database}, false, false},
		{"no database", conformance.Options{Target: conformance.Target{PulseURL: "http://localhost", APIKey: key}}, false, false},
		{"Pulse alone", conformance.Options{DatabaseURL: database, Target: conformance.Target{PulseURL: "http://localhost", APIKey: key}}, true, true},
		{"both", conformance.Options{DatabaseURL: database, Target: conformance.Target{PulseURL: "http://localhost", AccelerateURL: "http://localhost", APIKey: key}}, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := test.o
			stop, err := sqlsource.Serve(t.Context(), &o)
			if err != nil {
				t.Fatal(err)
			}
			if o.RowsBySQL != test.rows || strings.HasPrefix(o.DatabaseVersion, "PostgreSQL 1") != test.known {
				t.Errorf("rows by SQL: %t, and the database is %q", o.RowsBySQL, o.DatabaseVersion)
			}
			if (o.HasAccount != nil) != test.known {
				t.Error("whether the database is the target's can be asked exactly where one is named")
			}
			if test.rows {
				if got := asktest.Ask(t, http.MethodPost, o.Target.AccelerateURL+"/1/x/graphql", key, q(`query { findManyAccount(take: 1) { id } }`)); !strings.HasPrefix(got, "200 ") {
					t.Errorf("a source of rows answers %s", got)
				}
			}
			if err := stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	gone := conformance.Options{DatabaseURL: "postgres://me:hunter22@127.0.0.1:1/x", Target: conformance.Target{PulseURL: "http://localhost"}}
	if _, err := sqlsource.Serve(t.Context(), &gone); err == nil || !strings.HasPrefix(err.Error(), "--database-url: ") || strings.Contains(err.Error(), "hunter") {
		t.Errorf("a database that is not there: %v", err)
	}
}

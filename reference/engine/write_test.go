package engine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// world is a database of the schema prismatest.Everything with the rows of
// testdata/everything.sql, and an engine on it whose clock stands.
type world struct {
	schema *prisma.Schema
	db     *pgx.Conn
	engine *Engine
	url    string
	rows   string
	seed   map[string]map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	rows, err := os.ReadFile("testdata/everything.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema, url := prismatest.Database(t, prismatest.Everything)
	return newWorldOf(t, schema, url, string(rows))
}

func newWorldOf(t *testing.T, schema *prisma.Schema, url, rows string) *world {
	t.Helper()
	e, err := Open(t.Context(), Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	e.now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC) }
	w := &world{schema: schema, db: postgrestest.Connect(t, url), engine: e, url: url, rows: rows}
	w.reset(t)
	w.seed = w.dump(t)
	return w
}

func (w *world) reset(t *testing.T) {
	t.Helper()
	postgrestest.Exec(t, w.db, w.rows)
}

// run runs a document and is its data or its error, and what it changed, a line each.
func (w *world) run(t *testing.T, query string) string {
	t.Helper()
	w.reset(t)
	return w.ask(t, query) + w.changes(t)
}

// ask runs a document and is its data or its error. Any goroutine may call it.
func (w *world) ask(t *testing.T, query string) string {
	t.Helper()
	data, err := w.execute(t.Context(), query)
	var refused *prisma.Error
	switch {
	case errors.As(err, &refused):
		return fmt.Sprintf("%s %s\n", refused.Code, refused.Message)
	case err != nil:
		t.Errorf("%s: %v", query, err)
	}
	return string(data) + "\n"
}

func (w *world) execute(ctx context.Context, query string) ([]byte, error) {
	doc, err := graphql.Parse(query, nil)
	if err != nil {
		return nil, err
	}
	operations, err := queryschema.Check(w.schema, doc)
	if err != nil {
		return nil, err
	}
	data, _, err := w.engine.Execute(ctx, ast.Mutation, operations)
	return data, err
}

// changes are the differences between the rows and those at the beginning.
func (w *world) changes(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	now := w.dump(t)
	for _, key := range slices.Sorted(maps.Keys(now)) {
		switch old, ok := w.seed[key]; {
		case !ok:
			fmt.Fprintf(&text, "+ %s%s\n", key, fieldsOf(now[key], nil))
		case !maps.Equal(old, now[key]):
			fmt.Fprintf(&text, "~ %s%s\n", key, fieldsOf(now[key], old))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.seed)) {
		if _, ok := now[key]; !ok {
			fmt.Fprintf(&text, "- %s\n", key)
		}
	}
	return text.String()
}

// fieldsOf are the values of a row that are not those of old, which nil has none of.
func fieldsOf(row, old map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(row)) {
		if was := old[name]; was != row[name] {
			fmt.Fprintf(&text, " %s=%s", name, row[name])
		}
	}
	return text.String()
}

// dump are the rows of all tables by model and key; a null is "", and a value is not
// shown which is another each time.
func (w *world) dump(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, m := range w.schema.Models {
		var names, columns []string
		for _, f := range m.Fields {
			names = append(names, f.Name)
			columns = append(columns, "coalesce("+pgx.Identifier{f.Column}.Sanitize()+"::text, '')")
		}
		for _, row := range w.table(t, m.Namespace, m.Table, columns) {
			key, values := m.Name, map[string]string{}
			for i, f := range m.Fields {
				values[names[i]] = row[i]
				if f.ID || m.ID == nil && f.Unique {
					key += " " + row[i]
				}
			}
			all[key] = values
		}
		for _, r := range m.Relations {
			if r.Join == nil || r.Join.Own != "A" {
				continue
			}
			for _, row := range w.table(t, r.Join.Namespace, r.Join.Table, []string{`"A"::text`, `"B"::text`}) {
				all[fmt.Sprintf("%s.%s %s %s", m.Name, r.Name, row[0], row[1])] = nil
			}
		}
	}
	return all
}

func (w *world) table(t *testing.T, namespace, table string, columns []string) [][]string {
	t.Helper()
	rows, err := w.db.Query(t.Context(), "SELECT ARRAY["+strings.Join(columns, ", ")+"] FROM "+pgx.Identifier{namespace, table}.Sanitize())
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var update = flag.Bool("update", false, "write what TestWrites saw into testdata/writes.txt")

// TestWrites holds testdata/writes.txt: under the name of a case the mutation, what it
// answers, and which rows it added (+), changed (~) and removed (-). What it says was
// compared with what Prisma's own query engine does.
func TestWrites(t *testing.T) {
	t.Parallel()
	const file = "testdata/writes.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	var seen []string
	for entry := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		head, want, _ := strings.Cut(entry, "\n< ")
		name, query, isCase := strings.Cut(head, "\n> ")
		if !isCase {
			seen = append(seen, entry)
			continue
		}
		got := strings.TrimSpace(w.run(t, "mutation { "+query+" }"))
		seen = append(seen, head+"\n< "+got)
		if diff := cmp.Diff(want, got); diff != "" && !*update {
			t.Errorf("%s: answer and rows (-want +got):\n%s", name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(seen, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// TestMain plays the role of the yardstick: the program that measures starts itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == yardstickRole {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestEveryCase runs every case for a moment: that the servers are started, asked and
// answer what is asked. What the figures are is not looked at.
func TestEveryCase(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("pgbench"); err != nil {
		t.Skipf("pgbench, which comes with Postgres, is not there: %v", err)
	}
	reference := filepath.Join(t.TempDir(), "reference")
	if out, err := exec.Command("go", "build", "-o", reference, "../../reference").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := newBench(t.Context(), reference, sizes{runs: 1, lasts: 50 * time.Millisecond, parents: 50, children: 2, connections: 2})
	postgrestest.Skip(t, err)
	defer func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	}()
	var out bytes.Buffer
	b.out = &out
	if err := b.measure(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	// The names of all cases and servers; what stands beside them differs each time.
	var found []string
	for line := range strings.Lines(out.String()) {
		if name, ok := strings.CutPrefix(line, "| "); ok && !strings.HasPrefix(line, "| ---") {
			name, _, _ = strings.Cut(name, " |")
			found = append(found, name)
		}
	}
	want := []string{
		"an answer from the cache, min / median / max of 1",
		"net/http: the same bytes and headers each time", "net/http: the row alone, looked up by the SHA-256 of the body",
		"arazzo reference, ttl", "arazzo reference, ttl and a tag", "arazzo reference, a second of ttl, then swr", "arazzo reference, swr alone",
		"findUnique by primary key, min / median / max of 1",
		"net/http and pgx", "pgbench, prepared", "arazzo reference, a variable", "arazzo reference, as Prisma Client 4 writes it",
		"20 parents with their 2 children, min / median / max of 1",
		"net/http and pgx, json_agg by hand", "pgbench, prepared", "arazzo reference",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("tables (-want +got):\n%s\n%s", diff, out.String())
	}
}

// A server that answers something else is no contender.
func TestAnotherAnswerIsRefused(t *testing.T) {
	t.Parallel()
	reference := filepath.Join(t.TempDir(), "reference")
	b, err := newBench(t.Context(), reference, sizes{runs: 1, lasts: 50 * time.Millisecond, parents: 50, children: 2, connections: 2})
	postgrestest.Skip(t, err)
	defer func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
	}()
	c := b.hits()
	c.contenders = c.contenders[1:2]
	c.contenders[0].answers = "user1@example.org"
	if err := b.turns(t.Context(), c); err == nil || !strings.Contains(err.Error(), "it answered 200:") {
		t.Errorf("found %v, expected a refusal", err)
	}
}

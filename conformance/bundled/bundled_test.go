package bundled_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/conformance/bundled"
	"github.com/arazzo-conformance/arazzo/conformance/internal/asktest"
	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// start starts a reference that ends with the test.
func start(t *testing.T, o bundled.Options) *bundled.Reference {
	t.Helper()
	r, err := bundled.Start(t.Context(), o)
	postgrestest.Skip(t, err)
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// expect makes a request and looks for a text in its status and body.
func expect(t *testing.T, want, method, url, key, body string) {
	t.Helper()
	if got := asktest.Ask(t, method, url, key, body); !strings.Contains(got, want) {
		t.Errorf("%s %s %s\n%s\nwant %s", method, url, body, got, want)
	}
}

func query(text string) string {
	return fmt.Sprintf(`{"query":%q,"variables":{}}`, text)
}

const graphql = "/1/x/graphql"

// The reference has the fixture's tables under the names of its Prisma schema, in two
// environments that are apart.
func TestTarget(t *testing.T) {
	t.Parallel()
	var progress []string
	r := start(t, bundled.Options{Progress: func(line string) { progress = append(progress, line) }})
	if len(progress) != 1 || !strings.HasPrefix(progress[0], "postgres: ") {
		t.Errorf("progress: %q", progress)
	}
	if version := r.DatabaseVersion(); version == "" || !strings.Contains(progress[0], version) {
		t.Errorf("the version is %q, and %s", version, progress[0])
	}
	target := r.Target()
	queries := target.AccelerateURL + graphql
	expect(t, `201 {"name":"renamed"`, "POST", target.PulseURL+"/streams", target.APIKey, `{"name":"renamed","model":"Renamed"}`)
	expect(t, `{"createOneRenamed":{"fullName":"ada","rank":"FIRST"}}`, "POST", queries, target.APIKey,
		query(`mutation { createOneRenamed(data: {fullName: "ada", rank: FIRST}) { fullName rank } }`))
	expect(t, `{"findManyRenamed":[{"fullName":"ada"}]}`, "POST", queries, target.APIKey, query(`{ findManyRenamed { fullName } }`))
	if diff := cmp.Diff([]string{"ada first"}, inServer(t, r.DatabaseURL(), `SELECT full_name || ' ' || rank FROM conformance_renamed`)); diff != "" {
		t.Errorf("in the first environment's database (-want +got):\n%s", diff)
	}
	expect(t, `{"findManyRenamed":[]}`, "POST", queries, target.OtherAPIKey, query(`{ findManyRenamed { fullName } }`))
	expect(t, `200 {"data":[]}`, "GET", target.PulseURL+"/streams", target.OtherAPIKey, "")
}

// TestUnder holds what each condition comes to, on one server that was given, and that
// nothing of it stays there.
func TestUnder(t *testing.T) {
	t.Parallel()
	given := owned(t, "SUPERUSER")
	r := start(t, bundled.Options{DatabaseURL: given})
	if got := inServer(t, given, left); len(got) != 4 {
		t.Errorf("two environments have %q", got)
	}
	t.Run("conditions", func(t *testing.T) {
		for _, condition := range conformance.Conditions {
			t.Run(string(condition), func(t *testing.T) {
				t.Parallel()
				targets := askAtOnce(t, r, condition)
				check, ok := holds[condition]
				if !ok {
					t.Fatal("nothing says what the condition comes to")
				}
				for _, target := range targets {
					if target.PulseURL == r.Target().PulseURL || target.PulseURL != targets[0].PulseURL {
						t.Errorf("the target is %v, the others %v and %v", target, targets[0], r.Target())
					}
				}
				check(t, targets)
			})
		}
	})
	// Nothing of it remains, and a second Stop does nothing.
	for range 2 {
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{}, inServer(t, given, left)); diff != "" {
		t.Errorf("left in the server (-want +got):\n%s", diff)
	}
}

// owned is the URL of a database, for a role of its own: the other databases of the
// role are those that the reference makes. Rights are what it may do.
func owned(t *testing.T, rights string) string {
	t.Helper()
	given := postgrestest.Database(t)
	role := "owner_of_" + strings.TrimPrefix(strings.SplitN(given, "?", 2)[0], "postgresql:///")
	postgrestest.Exec(t, postgrestest.Connect(t, given), "CREATE ROLE "+role+" LOGIN "+rights)
	return strings.Replace(given, "user=postgres", "user="+role, 1)
}

// left finds the databases of the role that asks, and the slots in them.
const left = `SELECT datname FROM pg_database WHERE datdba = current_user::regrole
	UNION ALL SELECT slot_name FROM pg_replication_slots JOIN pg_database ON datname = database WHERE datdba = current_user::regrole`

// askAtOnce asks for a condition from several sides.
func askAtOnce(t *testing.T, r *bundled.Reference, condition conformance.Condition) []conformance.Target {
	t.Helper()
	targets, errs := make([]conformance.Target, 3), make([]error, 3)
	var asking sync.WaitGroup
	for i := range targets {
		asking.Go(func() { targets[i], errs[i] = r.Under(t.Context(), condition) })
	}
	asking.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return targets
}

// holds see that a condition holds on the targets, which are one server.
var holds = map[conformance.Condition]func(*testing.T, []conformance.Target){
	conformance.PersistenceOff: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		expect(t, `{"code":"P6106"`, "POST", targets[0].PulseURL+"/streams", targets[0].APIKey, `{"name":"a","model":"Account"}`)
		expect(t, `200 {"status":"healthy"`, "GET", targets[0].PulseURL+"/health", "", "")
		expect(t, `{"createOneAccount":{"name":null}}`, "POST", targets[0].AccelerateURL+graphql, targets[0].APIKey,
			query(`mutation { createOneAccount(data: {email: "a"}) { name } }`))
	},
	conformance.DatabaseDown: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		expect(t, `503 {"status":"unavailable"`, "GET", targets[0].PulseURL+"/health", "", "")
		expect(t, `200 {"data":[{"name":"conformance_before","model":"Entry","status":"paused"`, "GET", targets[0].PulseURL+"/streams", targets[0].APIKey, "")
		expect(t, `503 {"status":"unavailable"`, "GET", targets[0].AccelerateURL+"/health", "", "")
		expect(t, `500 {"code":"P6008"`, "POST", targets[0].AccelerateURL+graphql, targets[0].APIKey, query(`{ findManyAccount { id } }`))
	},
	conformance.PoolExhausted: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		expect(t, `200 {"status":"degraded"`, "GET", targets[0].AccelerateURL+"/health", "", "")
		for range 3 {
			expect(t, `"prismaCode":"P2024"`, "POST", targets[0].AccelerateURL+graphql, targets[0].APIKey, query(`{ findManyAccount { id } }`))
		}
	},
	conformance.RateLimited: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		for _, target := range targets {
			for _, key := range []string{target.APIKey, target.OtherAPIKey} {
				for _, want := range []string{"200 ", "200 ", `429 {"code":"P6003"`} {
					expect(t, want, "POST", target.AccelerateURL+"/invalidate-all", key, "")
				}
			}
		}
	},
	conformance.ResponseLimit: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		queries := targets[0].AccelerateURL + graphql
		for size, want := range map[int]string{60 << 10: `200 {"data"`, 70 << 10: `500 {"code":"P6009"`} {
			expect(t, want, "POST", queries, targets[0].APIKey, query(fmt.Sprintf(`mutation { createOneEntry(data: {title: "%s"}) { title } }`, strings.Repeat("a", size))))
		}
	},
	conformance.QueryTimeout: func(t *testing.T, targets []conformance.Target) {
		t.Helper()
		expect(t, `500 {"code":"P6004"`, "POST", targets[0].AccelerateURL+graphql, targets[0].APIKey, query(`mutation { executeRaw(query: "SELECT pg_sleep(30)", parameters: "[]") }`))
	},
}

// inServer are the texts that a query finds.
func inServer(t *testing.T, url, query string) []string {
	t.Helper()
	rows, err := postgrestest.Connect(t, url).Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What cannot be had is told, and leaves nothing.
func TestStartRefuses(t *testing.T) {
	t.Parallel()
	given := owned(t, "NOSUPERUSER")
	for _, test := range []struct {
		o    bundled.Options
		want string
	}{
		{bundled.Options{DatabaseURL: given}, "permission denied to create database (SQLSTATE 42501); next: a role that may, such as a superuser"},
		{bundled.Options{DatabaseURL: "postgres://me:hunter22@127.0.0.1:1/x"}, "asking Postgres for its version: failed to connect to `user=me database=x`: 127.0.0.1:1 (127.0.0.1): dial error: dial tcp 127.0.0.1:1: connect: connection refused; next: start that Postgres, or correct the database URL"},
		{bundled.Options{Postgres: "nowhere"}, `unknown Postgres mode "nowhere"`},
	} {
		r, err := bundled.Start(t.Context(), test.o)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %s", test.o, err, test.want)
		}
		if r != nil {
			t.Errorf("%+v: a reference was made", test.o)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := bundled.Start(ctx, bundled.Options{Postgres: postgres.Auto}); err == nil {
		t.Error("a start after its end succeeded")
	}
}

// TestLogged holds that a case which fails says what the reference logged meanwhile, that
// of the others the reference on which no condition holds says nothing, and that no key is
// in it.
func TestLogged(t *testing.T) {
	t.Parallel()
	r := start(t, bundled.Options{})
	down, err := r.Under(t.Context(), conformance.DatabaseDown)
	if err != nil {
		t.Fatal(err)
	}
	o := conformance.Options{Target: down, WithoutSmoke: true, Run: conformance.Patterns{"pulse-health/without-key", "accelerate-query/read-back"}}
	o.Logged = func(_ conformance.Condition, from time.Time) []string {
		return r.Logged(conformance.DatabaseDown, from)
	}
	judged, err := conformance.Judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range judged.Cases {
		logged := strings.Join(c.Logged, "\n")
		switch {
		case c.ID == "accelerate-query/read-back" && (c.Verdict != report.Fail || !strings.Contains(logged, ` code=P6008 `)):
			t.Errorf("%s %ss, and says that this was logged:\n%s", c.ID, c.Verdict, logged)
		case c.Verdict != report.Fail && logged != "":
			t.Errorf("%s %ss, and says that this was logged:\n%s", c.ID, c.Verdict, logged)
		case strings.Contains(logged, down.APIKey):
			t.Errorf("the key was logged:\n%s", logged)
		}
	}
	if got := r.Logged("", time.Time{}); len(got) > 0 {
		t.Errorf("the reference on which no condition holds logged %q", got)
	}
}

// A condition that is asked for when the reference ends, or afterwards, is refused or
// ended: it does not stay behind.
func TestUnderWhileItEnds(t *testing.T) {
	t.Parallel()
	given := owned(t, "SUPERUSER")
	r := start(t, bundled.Options{DatabaseURL: given})
	var asking sync.WaitGroup
	for _, condition := range []conformance.Condition{conformance.DatabaseDown, conformance.PoolExhausted} {
		asking.Go(func() { _, _ = r.Under(t.Context(), condition) })
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	asking.Wait()
	if diff := cmp.Diff([]string{}, inServer(t, given, left)); diff != "" {
		t.Errorf("left in the server (-want +got):\n%s", diff)
	}
	if _, err := r.Under(t.Context(), conformance.ResponseLimit); err == nil || !strings.Contains(err.Error(), "the reference was stopped") {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := r.Under(t.Context(), "moonlight"); err == nil || !strings.Contains(err.Error(), `no way to the condition "moonlight"`) {
		t.Errorf("an unknown condition: %v", err)
	}
}

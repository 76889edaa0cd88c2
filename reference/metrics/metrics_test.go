package metrics

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/meter"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// patience bounds what is bound to happen, on a loaded machine too.
const patience = time.Minute

// open opens a service with a stream whose name needs escaping.
func open(t *testing.T) *pulse.Service {
	t.Helper()
	database := postgrestest.Database(t)
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int PRIMARY KEY)`)
	service, err := pulse.Open(t.Context(), pulse.Options{
		DatabaseURL: database, DataDir: t.TempDir(), Temporary: true, Keys: jsonhttp.Keys{jsonhttp.NewKey("key")},
		Schema: func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, db) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := service.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	call(t, service, http.MethodPost, "/streams", `{"name":"of \"users\"\\\n","model":"User"}`, http.StatusCreated)
	call(t, service, http.MethodGet, "/nothing", "", http.StatusNotFound)
	postgrestest.Exec(t, postgrestest.Connect(t, database), `INSERT INTO "User" VALUES (1)`)
	for deadline := time.Now().Add(patience); ; {
		stats, err := service.Stats(t.Context())
		if err == nil && stats.Capture.Events == 1 && !stats.Capture.Slot.Checked.IsZero() {
			return service
		}
		if time.Now().After(deadline) {
			t.Fatalf("the event was not stored within %s: %v", patience, err)
		}
	}
}

// openAccelerate opens a service that was asked four times, twice from its cache, which
// was emptied then.
func openAccelerate(t *testing.T) *accelerate.Service {
	t.Helper()
	database := postgrestest.Database(t)
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int PRIMARY KEY)`)
	service, err := accelerate.Open(t.Context(), accelerate.Options{
		DatabaseURL: database, Keys: jsonhttp.Keys{jsonhttp.NewKey("key")},
		Schema: func(ctx context.Context) (*prisma.Schema, error) { return prisma.Introspect(ctx, db) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	const query, strategy = `{"query":"{ findManyUser { id } }"`, `,"extensions":{"cacheStrategy":{"ttl":3600}}`
	for _, body := range []string{query + strategy + "}", query + strategy + "}", query + strategy + "}", query + "}"} {
		call(t, service, http.MethodPost, "/1/a/graphql", body, http.StatusOK)
	}
	call(t, service, http.MethodPost, "/invalidate-all", "", http.StatusOK)
	return service
}

func call(t *testing.T, h http.Handler, method, path, body string, status int) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer key")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, h http.Handler) (map[string]*dto.MetricFamily, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != contentType {
		t.Fatalf("%d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	found, err := parser.TextToMetricFamilies(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, w.Body)
	}
	return found, w.Body.String()
}

// TestMetricsAreDocumented holds the table of docs/pulse.md and the real output of
// two environments against each other: names, types and labels. The text is read by
// Prometheus' own parser, and the names are judged by its linter.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	a, b := open(t), open(t)
	queries := openAccelerate(t)
	found, text := scrape(t, NewHandler(func() []Environment {
		return []Environment{{"shop", a, queries}, {"stock", b, nil}}
	}, slog.New(slog.DiscardHandler)))
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if err != nil {
		t.Error(err)
	}
	got := map[string]string{}
	for name, family := range found {
		got[name] = strings.TrimSpace(strings.ToLower(family.GetType().String()) + " " + strings.Join(labels(family), " "))
	}
	if diff := cmp.Diff(documented(t), got); diff != "" {
		t.Errorf("metrics (-docs/pulse.md +real):\n%s", diff)
	}
	if n := len(found["pulse_slot_lag_bytes"].GetMetric()); n != 2 {
		t.Errorf("%d environments tell their slot's lag, want 2", n)
	}
	for _, want := range []string{
		`pulse_stream_lag_bytes{environment="shop",stream="of \"users\"\\\n"} `,
		`pulse_events_stored_total{environment="stock",model="User",action="create"} 1` + "\n",
		`pulse_streams{environment="shop",status="active"} 1` + "\n",
		`pulse_http_requests_total{environment="shop",route="other",method="GET",code="404"} 1` + "\n",
		`pulse_errors_total{environment="shop",code="RouteNotFound"} 1` + "\n",
		`pulse_health_status{environment="shop",status="healthy"} 1` + "\n",
		`pulse_replication_link{environment="shop",state="disconnected"} 0` + "\n",
		`accelerate_queries_total{environment="shop",cache="ttl"} 2` + "\n",
		`accelerate_queries_total{environment="shop",cache="swr"} 0` + "\n",
		`accelerate_queries_total{environment="shop",cache="miss"} 1` + "\n",
		`accelerate_queries_total{environment="shop",cache="none"} 1` + "\n",
		`accelerate_cache_entries{environment="shop"} 0` + "\n",
		`accelerate_cache_bytes{environment="shop"} 0` + "\n",
		`accelerate_cache_loads{environment="shop"} 0` + "\n",
		`accelerate_cache_removed_total{environment="shop",reason="invalidated"} 1` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %s", want)
		}
	}
}

// labels are the names of a family's labels.
func labels(family *dto.MetricFamily) []string {
	var names []string
	for _, m := range family.GetMetric() {
		for _, l := range m.GetLabel() {
			if !slices.Contains(names, l.GetName()) {
				names = append(names, l.GetName())
			}
		}
	}
	slices.Sort(names)
	return names
}

var row = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (gauge|counter|histogram) \\|([^|]*)\\|")

// documented are the metrics of docs/pulse.md. Those that this test does not bring
// about, for they need an accident or a limit, are left out.
func documented(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/pulse.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		names := strings.Fields(strings.NewReplacer("`", "", ",", "").Replace(m[3]))
		if (strings.HasPrefix(m[1], "pulse_") || strings.HasPrefix(m[1], "accelerate_")) && m[1] != "pulse_build_info" {
			names = append(names, "environment")
		}
		slices.Sort(names)
		all[m[1]] = strings.TrimSpace(m[2] + " " + strings.Join(names, " "))
	}
	for _, rare := range []string{"pulse_slot_safe_bytes", "pulse_event_streams_cut_total"} {
		if all[rare] == "" {
			t.Errorf("docs/pulse.md does not have %s", rare)
		}
		delete(all, rare)
	}
	// A test is built without a commit, and an empty label is none.
	all["pulse_build_info"] = strings.TrimSuffix(all["pulse_build_info"], " revision")
	if len(all) < 30 {
		t.Fatalf("docs/pulse.md has %d metrics", len(all))
	}
	return all
}

// TestPage is the text of what Prometheus is particular about.
func TestPage(t *testing.T) {
	t.Parallel()
	var p page
	p.head("a_total", "Help with \\ and\nlines.", counter)
	p.sample("a_total", []label{{"x", "say \"no\"\n\\"}, {"empty", ""}, {"bad", "\xff"}}, 1e21)
	p.sample("a_total", []label{{"empty", ""}}, 0.25)
	h := meter.NewHistogram(time.Millisecond, time.Second)
	h.Observe(time.Millisecond)
	h.Observe(2 * time.Minute)
	p.histogram("b_seconds", []label{{"x", "y"}}, h.Read())
	want := `# HELP a_total Help with \\ and\nlines.
# TYPE a_total counter
a_total{x="say \"no\"\n\\",bad="` + "\ufffd" + `"} 1e+21
a_total 0.25
b_seconds_bucket{x="y",le="0.001"} 1
b_seconds_bucket{x="y",le="1"} 1
b_seconds_bucket{x="y",le="+Inf"} 2
b_seconds_sum{x="y"} 120.001
b_seconds_count{x="y"} 2
`
	if diff := cmp.Diff(want, p.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A service that was closed cannot tell of its log; what it knows it tells.
func TestScrapeOfAClosedService(t *testing.T) {
	t.Parallel()
	service := open(t)
	if err := service.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	found, text := scrape(t, NewHandler(func() []Environment { return []Environment{{"", service, nil}} }, slog.New(slog.NewTextHandler(&said, nil))))
	if found["pulse_log_bytes"].GetMetric() != nil || !strings.Contains(text, `pulse_health_status{status="unavailable"} 1`+"\n") {
		t.Errorf("the text is\n%s", text)
	}
	if !strings.Contains(said.String(), "not everything could be asked") {
		t.Errorf("the log says %s", said.String())
	}
}

// More than a few that ask at once are sent away, and other methods and paths too.
func TestScrapesAreBounded(t *testing.T) {
	t.Parallel()
	asked, free := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(NewHandler(func() []Environment {
		asked <- struct{}{}
		<-free
		return nil
	}, slog.New(slog.DiscardHandler)))
	defer server.Close()
	answers := make(chan int, scrapesAtOnce)
	for range scrapesAtOnce {
		go func() { answers <- status(server.URL + "/metrics") }()
		<-asked
	}
	if got := status(server.URL + "/metrics"); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: %d", got)
	}
	close(free)
	for range scrapesAtOnce {
		if got := <-answers; got != http.StatusOK {
			t.Errorf("answered %d", got)
		}
	}
	if got := status(server.URL + "/"); got != http.StatusNotFound {
		t.Errorf("another path: %d", got)
	}
}

func status(url string) int {
	response, err := http.Get(url)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

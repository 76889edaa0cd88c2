package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/accelerate"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

const (
	// scrapeWait bounds one answer: below Prometheus' own bound of ten seconds.
	scrapeWait = 8 * time.Second
	// scrapesAtOnce bounds the answers under way.
	scrapesAtOnce = 4
)

// Environment is what to measure, and the name of the environment, empty for one that is
// alone.
type Environment struct {
	Name       string
	Pulse      *pulse.Service
	Accelerate *accelerate.Service
}

// handler reads all environments for each scrape.
type handler struct {
	environments func() []Environment
	log          *slog.Logger
	started      time.Time
	turns        chan struct{}
}

// NewHandler answers GET /metrics with what is so of the environments of each
// moment.
func NewHandler(environments func() []Environment, log *slog.Logger) http.Handler {
	h := &handler{environments: environments, log: log, started: time.Now(), turns: make(chan struct{}, scrapesAtOnce)}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h)
	return mux
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	default:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Enough others ask at this moment: try again.", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), scrapeWait)
	defer cancel()
	var p page
	h.write(ctx, &p)
	w.Header().Set("Content-Type", contentType)
	// A peer that is gone gets no answer, and needs none.
	_, _ = w.Write(p.Bytes())
}

// write asks every environment. What one cannot tell is left out, and keeps the
// others from nothing.
func (h *handler) write(ctx context.Context, p *page) {
	p.single("pulse_build_info", "The commit that the program was built from; always 1.", gauge, 1, label{"revision", revision()})
	environments := h.environments()
	all := make([]stats, len(environments))
	for i, e := range environments {
		var err error
		if all[i].Stats, err = e.Pulse.Stats(ctx); err != nil {
			h.log.Warn("metrics: not everything could be asked", "environment", e.Name, "error", err)
		}
		if e.Accelerate != nil {
			told := e.Accelerate.Stats()
			all[i].accelerate = &told
		}
	}
	for i := range families {
		f := &families[i]
		p.head(f.name, f.help, f.kind)
		for i, e := range environments {
			f.read(&all[i], sink{page: p, family: f, environment: e.Name})
		}
	}
	runtimeMetrics(p)
	processMetrics(p, h.started)
}

// revision is the commit that the program was built from, empty where the build did
// not know it.
func revision() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

package accelerate

import (
	"context"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// healthTimeout is short of what load balancers usually wait.
const healthTimeout = 2 * time.Second

// healthStatus is HealthStatus.
type healthStatus struct {
	Status    string `json:"status"`
	Region    string `json:"region"`
	Timestamp string `json:"timestamp"`
}

// serveHealth asks the database, unless queries wait for a connection: then it would
// be one more that waits. Where the question itself waits in vain because every
// connection is busy, that is the same.
func (s *Service) serveHealth(w http.ResponseWriter, r *http.Request) {
	health := healthStatus{"healthy", s.region, time.Now().UTC().Format(time.RFC3339Nano)}
	ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
	defer cancel()
	status := http.StatusOK
	if s.engine.Saturated() {
		health.Status = "degraded"
	} else if err := s.engine.Ping(ctx); err != nil && s.engine.Busy() {
		health.Status = "degraded"
	} else if err != nil {
		health.Status, status = "unavailable", http.StatusServiceUnavailable
	}
	if health.Status == "healthy" && !s.cache.Listens() {
		// Everything comes from the database until the other nodes are heard.
		health.Status = "degraded"
	}
	jsonhttp.Write(w, status, health)
}

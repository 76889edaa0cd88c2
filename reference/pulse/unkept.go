package pulse

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

// Without persistence events pass through memory to whoever is subscribed, and are
// confirmed to Postgres as soon as they are there. The replication slot goes with its
// connection: whatever ends the process, nothing is left behind. What is committed
// while there is no connection is nobody's, so subscriptions end when one breaks, and
// none begins before the next is there.

// memoryBytes is how much of the log stays in memory without persistence: what live
// readers share is kept once more beside it.
const memoryBytes = 16 << 20

// logBytes is how many bytes the log has at most, 0 for no limit.
func (s Storage) logBytes() int64 {
	if s.NoPersistence {
		return memoryBytes
	}
	return s.RetentionBytes
}

// kept is an operation on what is kept. Without persistence it is refused, with the
// status for that among those that the contract gives the operation.
func (s *Service) kept(refused int, operation http.HandlerFunc) http.HandlerFunc {
	if !s.options.NoPersistence {
		return operation
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		(&problem{
			status: refused, code: codeStreamsDisabled,
			message: "This service keeps no events: there are no named streams and no events to look up. Subscribe instead, or have it run with persistence.",
		}).write(w)
	}
}

// notCaptured reports whether a subscription cannot begin, because no change is
// captured and none is kept until it is. It has answered then.
func (s *Service) notCaptured(w http.ResponseWriter) bool {
	if !s.options.NoPersistence || s.capture.Link() == capture.LinkConnected {
		return false
	}
	w.Header().Set("Retry-After", "1")
	(&problem{
		status: http.StatusInternalServerError, code: codeDatasourceError,
		message: "There is no replication connection to the database, and nothing keeps what is committed meanwhile: try again.",
	}).write(w)
	return true
}

// errGap ends subscriptions that would go on over a gap.
var errGap = errors.New("changes were lost")

// stretch is a time in which no change is lost.
type stretch struct {
	mu  sync.Mutex
	ctx context.Context
	gap context.CancelCauseFunc
}

// bound ends ctx with the present stretch.
func (s *stretch) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		s.ctx, s.gap = context.WithCancelCause(context.Background())
	}
	now := s.ctx
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(now, func() { cancel(context.Cause(now)) })
	return ctx, func() { stop(); cancel(nil) }
}

// end ends the stretch; another begins.
func (s *stretch) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx != nil {
		s.gap(errGap)
		s.ctx, s.gap = nil, nil
	}
}

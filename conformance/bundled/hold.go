package bundled

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// sleeping is a query that has a connection for nearly as long as a query may have one.
const sleeping = `{"query":"mutation { executeRaw(query: \"SELECT pg_sleep(50)\", parameters: \"[]\") }"}`

// What a query fails with that waited in vain: for a connection in use, and for one that
// is still being made, which the first ones may have to more than once.
const (
	inUse     = "P2024"
	beingMade = "P6008"
	mostTries = 100
)

// holders keep the connections of an Accelerate in use.
type holders struct {
	target conformance.Target
	live   context.Context
	end    context.CancelFunc
	busy   sync.WaitGroup
	// vain is closed when one of them waited for a connection in vain; failed has why one
	// gave up.
	vain   chan struct{}
	once   sync.Once
	failed chan error
}

func newHolders(target conformance.Target) *holders {
	h := &holders{target: target, vain: make(chan struct{}), failed: make(chan error, 1)}
	h.live, h.end = context.WithCancel(context.Background())
	return h
}

// hold asks for a connection, again and again.
func (h *holders) hold() {
	for tries := 0; h.live.Err() == nil; {
		answer, err := h.ask()
		switch {
		case err != nil:
		case strings.Contains(answer, inUse):
			h.once.Do(func() { close(h.vain) })
		case strings.Contains(answer, beingMade) && tries < mostTries:
			tries++
		case !strings.Contains(answer, `"data"`):
			err = fmt.Errorf("the answer is %.300s", answer)
		}
		if err != nil {
			select {
			case h.failed <- fmt.Errorf("holding a connection: %w", err):
			default: // another gave up before
			}
			return
		}
	}
}

func (h *holders) ask() (string, error) {
	request, err := http.NewRequestWithContext(h.live, http.MethodPost, h.target.AccelerateURL+"/1/hold/graphql", strings.NewReader(sleeping))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+h.target.APIKey)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return string(answer), err
}

// await returns when the connections are in use, and are waited for in vain.
func (h *holders) await(ctx context.Context) error {
	select {
	case <-h.vain:
		return nil
	case err := <-h.failed:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// stop gives them back.
func (h *holders) stop(context.Context) error {
	h.end()
	h.busy.Wait()
	return nil
}

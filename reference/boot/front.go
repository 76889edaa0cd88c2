package boot

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// front is one of the APIs, of several environments: the key of a request says whose
// it is meant for.
type front struct {
	keys jsonhttp.Keys
	// owners are the environments of the keys, apis those of the environments.
	owners []int
	apis   []http.Handler
}

// newFront is the API of one environment, or the front of several.
func newFront(tenants []*tenant, api func(*tenant) http.Handler) http.Handler {
	f := &front{}
	for i, t := range tenants {
		f.keys = append(f.keys, t.Keys...)
		for range t.Keys {
			f.owners = append(f.owners, i)
		}
		f.apis = append(f.apis, api(t))
	}
	if len(f.apis) == 1 {
		return f.apis[0]
	}
	return f
}

// ServeHTTP hands a request on to the environment of its key. Without a valid one it
// is as good as at any of them, for each refuses it in the API's own form; only the
// health check, which needs no key, is then about all.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i := f.keys.Find(r)
	switch {
	case i >= 0:
		f.apis[f.owners[i]].ServeHTTP(w, r)
	case r.URL.Path == "/health" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		f.serveHealth(w, r)
	default:
		f.apis[0].ServeHTTP(w, r)
	}
}

// serveHealth asks all environments and answers as the one that is worst off. It does
// not say which that is: names are for who has a key.
func (f *front) serveHealth(w http.ResponseWriter, r *http.Request) {
	answers := make([]answer, len(f.apis))
	faults := make([]any, len(f.apis))
	var asking sync.WaitGroup
	for i, api := range f.apis {
		asking.Go(func() {
			defer func() { faults[i] = recover() }()
			// A handler may set the request's own fields, as ServeMux does.
			api.ServeHTTP(&answers[i], r.WithContext(r.Context()))
		})
	}
	asking.Wait()
	worst := &answers[0]
	for i := range answers {
		if faults[i] != nil {
			panic(faults[i]) //nolint:forbidigo // net/http catches it, as where it came from it would not be
		}
		if answers[i].rank() > worst.rank() {
			worst = &answers[i]
		}
	}
	for name, values := range worst.header {
		w.Header()[name] = values
	}
	w.WriteHeader(worst.status)
	// A peer that is gone gets no answer, and needs none.
	_, _ = w.Write(worst.body.Bytes())
}

// answer is an answer that is looked at before it is sent.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(data []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(data)
}

// rank is how bad the health is that the answer tells: unavailable, which has a status
// code of its own, then degraded. No answer at all is unavailable.
func (a *answer) rank() int {
	a.WriteHeader(http.StatusServiceUnavailable)
	var health struct{ Status string }
	if err := json.Unmarshal(a.body.Bytes(), &health); err == nil && health.Status == "healthy" {
		return a.status
	}
	return a.status + 1
}

package mutant

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// requests are those that a defect concerns.
type requests struct {
	// method and path choose by operation; in path a segment {} is any. Empty is any.
	method, path string
	tests        []func(*http.Request) bool
	// status, unless it is 0, is the answer's.
	status int
}

// The operations of both APIs.
var (
	anything = requests{}

	createStream = requests{method: http.MethodPost, path: "/streams"}
	listStreams  = requests{method: http.MethodGet, path: "/streams"}
	consume      = requests{method: http.MethodGet, path: "/streams/{}/events"}
	deleteStream = requests{method: http.MethodDelete, path: "/streams/{}"}
	subscribe    = requests{method: http.MethodPost, path: "/subscribe"}
	getEvent     = requests{method: http.MethodGet, path: "/events/{}"}
	health       = requests{method: http.MethodGet, path: "/health"}

	query         = requests{method: http.MethodPost, path: "/{}/{}/graphql"}
	invalidate    = requests{method: http.MethodPost, path: "/invalidate"}
	invalidateAll = requests{method: http.MethodPost, path: "/invalidate-all"}
)

// where narrows the choice to requests that pass the tests.
func (q requests) where(tests ...func(*http.Request) bool) requests {
	q.tests = append(q.tests[:len(q.tests):len(q.tests)], tests...)
	return q
}

// answered narrows the choice to answers of a status.
func (q requests) answered(status int) requests {
	q.status = status
	return q
}

// sends tests for JSON that has something where the pointer leads.
func sends(pointer string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		_, there := at(sentJSON(r), pointer)
		return there
	}
}

// sendsText tests for a body that has the text in it.
func sendsText(text string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(string(sent(r)), text) }
}

// carries tests for a header field.
func carries(name string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Header.Values(name) != nil }
}

// not turns a test round.
func not(test func(*http.Request) bool) func(*http.Request) bool {
	return func(r *http.Request) bool { return !test(r) }
}

func (q requests) match(r *http.Request) bool {
	if q.method != "" && r.Method != q.method || q.path != "" && !matchPath(q.path, r.URL.EscapedPath()) {
		return false
	}
	for _, test := range q.tests {
		if !test(r) {
			return false
		}
	}
	return true
}

// matchPath looks at a path's end, for the target's URL may have a path of its own
// that stands before.
func matchPath(pattern, path string) bool {
	want, have := strings.Split(pattern, "/")[1:], strings.Split(path, "/")[1:]
	if len(have) < len(want) {
		return false
	}
	have = have[len(have)-len(want):]
	for i, segment := range want {
		if segment != have[i] && (segment != "{}" || have[i] == "") {
			return false
		}
	}
	return true
}

// on applies defects to what it chooses alone.
func on(which requests, defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		if which.status != 0 {
			return onAnswers(which, target, defects)
		}
		broken := stack(target, defects)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if !which.match(r) {
				return target.RoundTrip(r)
			}
			return broken.RoundTrip(r)
		})
	}
}

// onAnswers asks the target first.
func onAnswers(which requests, target http.RoundTripper, defects []Defect) http.RoundTripper {
	broken := stack(given, defects)
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		matches := which.match(r)
		response, err := target.RoundTrip(r)
		if err != nil || !matches || response.StatusCode != which.status {
			return response, err
		}
		return broken.RoundTrip(withAnswer(r, response))
	})
}

type answerKey struct{}

// withAnswer is the request with an answer that is there already.
func withAnswer(r *http.Request, response *http.Response) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), answerKey{}, response))
}

// given stands for the target where the answer is there already.
var given = roundTrip(func(r *http.Request) (*http.Response, error) {
	response, _ := r.Context().Value(answerKey{}).(*http.Response)
	return response, nil
})

// from applies defects from the nth on of requests that are the same: of one method,
// path and body.
func from(n int, defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		broken := stack(target, defects)
		var mutex sync.Mutex
		times := map[string]int{}
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			key := wholeRequest(r)
			mutex.Lock()
			times[key]++
			time := times[key]
			mutex.Unlock()
			if time < n {
				return target.RoundTrip(r)
			}
			return broken.RoundTrip(r)
		})
	}
}

// wholeRequest is what makes two requests the same but for who sends them.
func wholeRequest(r *http.Request) string {
	return r.Method + " " + r.URL.RequestURI() + "\n" + string(sent(r))
}

package mutant

import (
	"net/http"
	"sync"
)

// kept is an answer as it was.
type kept struct {
	status int
	header http.Header
	body   []byte
}

func keep(response *http.Response) kept {
	return kept{response.StatusCode, response.Header.Clone(), bodyOf(response)}
}

func (k kept) response() *http.Response {
	response := made(k.status, "")
	response.Header = k.header.Clone()
	setBody(response, k.body)
	return response
}

// remember answers again what it answered before to a request of the same key, whatever
// happened since. To those it applies the defects, as what a cache says of itself.
// Errors and streams it does not keep.
func remember(key func(*http.Request) string, again ...Defect) Defect {
	return rememberIf(key, hasStatus(http.StatusOK), again...)
}

// rememberIf answers again such answers alone.
func rememberIf(key func(*http.Request) string, which func(*http.Response) bool, again ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var known sync.Map
		repeated := stack(given, again)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			is := key(r)
			if answer, ok := known.Load(is); ok {
				return repeated.RoundTrip(withAnswer(r, answer.(kept).response()))
			}
			response, err := target.RoundTrip(r)
			if err == nil && !isStream(response) && which(response) {
				known.Store(is, keep(response))
			}
			return response, err
		})
	}
}

// confuses answers from a cache, for good, what was answered to another request of the
// same key. What is asked in the same words again, it asks the target.
func confuses(key func(*http.Request) string) Defect {
	type first struct {
		request string
		answer  kept
	}
	return func(target http.RoundTripper) http.RoundTripper {
		var known sync.Map
		repeated := stack(given, []Defect{saysCached("ttl")})
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			is, request := key(r), byRequest(r)
			if of, ok := known.Load(is); ok && of.(first).request != request {
				return repeated.RoundTrip(withAnswer(r, of.(first).answer.response()))
			}
			response, err := target.RoundTrip(r)
			if err == nil && response.StatusCode == http.StatusOK {
				known.Store(is, first{request, keep(response)})
			}
			return response, err
		})
	}
}

// byRequest is the key of a cache that keeps what it should keep apart.
func byRequest(r *http.Request) string { return r.Header.Get("Authorization") + "\n" + wholeRequest(r) }

// byBody forgets who asks.
func byBody(r *http.Request) string { return wholeRequest(r) }

// byQuery forgets the variables.
func byQuery(r *http.Request) string {
	return r.Header.Get("Authorization") + "\n" + textAt(sentJSON(r), "/query")
}

// saysCached has an answer say where it came from, in both places.
func saysCached(state string) Defect {
	return stacked(header("X-Accelerate-Cache-Status", state), body(set("/extensions/accelerateInfo/cacheStatus", state)))
}

// ignoreInvalidation says that it did what it did not do.
func ignoreInvalidation() Defect {
	return invent(func(r *http.Request) *http.Response {
		tags, there := at(sentJSON(r), "/tags")
		if !there {
			tags = []any{}
		}
		return made(http.StatusOK, string(encode(map[string]any{"success": true, "invalidatedTags": tags})))
	})
}

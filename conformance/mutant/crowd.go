package mutant

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// passenger is a request that is under way, and those that were with it.
type passenger struct {
	request *http.Request
	met     []*http.Request
}

// crowd are the requests that are under way, by what makes them meet.
type crowd struct {
	mutex   sync.Mutex
	present map[string][]*passenger
}

func (c *crowd) enter(key string, r *http.Request) *passenger {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.present == nil {
		c.present = map[string][]*passenger{}
	}
	p := &passenger{request: r}
	for _, other := range c.present[key] {
		other.met, p.met = append(other.met, r), append(p.met, other.request)
	}
	c.present[key] = append(c.present[key], p)
	return p
}

// leave ends the way of a request, and tells whether it met one that is looked for.
func (c *crowd) leave(key string, p *passenger, with func(*http.Request) bool) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.present[key] = slices.DeleteFunc(c.present[key], func(other *passenger) bool { return other == p })
	return slices.ContainsFunc(p.met, with)
}

// meeting breaks the answers to such requests as were under way at a time with another one
// of their key.
func meeting(which, with requests, key func(*http.Request) string, broken func(http.RoundTripper, *http.Request, *http.Response) *http.Response) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var under crowd
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			concerned, is, asked := which.match(r), key(r), clone(r)
			p := under.enter(is, &http.Request{Method: r.Method, URL: r.URL})
			response, err := target.RoundTrip(r)
			if met := under.leave(is, p, with.match); err != nil || !concerned || !met {
				return response, err
			}
			return broken(target, asked, response), nil
		})
	}
}

// streamOf is the name of the stream that a request creates, or is about.
func streamOf(r *http.Request) string {
	if createStream.match(r) {
		return textAt(sentJSON(r), "/name")
	}
	return nameOf(r)
}

// madeAnyway says that a stream was created where it is said that it was not.
func madeAnyway(r *http.Request, response *http.Response) *http.Response {
	if response.StatusCode != http.StatusConflict {
		return response
	}
	document := sentJSON(r)
	return made(http.StatusCreated, string(encode(map[string]any{
		"name": textAt(document, "/name"), "model": textAt(document, "/model"), "status": "active", "createdAt": "2024-01-01T00:00:00.000Z",
	})))
}

// takenOver lists streams with the model of a creation that met theirs and was refused.
func takenOver() Defect {
	return sharing(func() Defect {
		var refused names
		meets := meeting(createStream, createStream, streamOf, func(_ http.RoundTripper, r *http.Request, response *http.Response) *http.Response {
			if response.StatusCode == http.StatusConflict {
				refused.put(streamOf(r), []byte(textAt(sentJSON(r), "/model")))
			}
			return response
		})
		return stacked(meets, on(listStreams.answered(http.StatusOK), body(edit("/data/*", func(stream any) any {
			if model, there := refused.get(textAt(stream, "/name")); there {
				return set("/model", string(model))(stream)
			}
			return stream
		}))))
	})
}

// mutates tests for a query that changes something.
func mutates(r *http.Request) bool {
	return strings.HasPrefix(strings.TrimSpace(textAt(sentJSON(r), "/query")), "mutation")
}

// afterMeetings breaks events once two mutations were under way at a time.
func afterMeetings(d eventDefect) func() (pulse, accelerate Defect) {
	return func() (pulse, accelerate Defect) {
		var met atomic.Bool
		anywhere := func(*http.Request) string { return "" }
		watched := on(query.where(mutates), slowly(), meeting(query, query, anywhere, func(_ http.RoundTripper, _ *http.Request, response *http.Response) *http.Response {
			met.Store(true)
			return response
		}))
		return events(func(r *http.Request, to sink) func(event) {
			broken := d(r, to)
			return func(e event) {
				if met.Load() {
					broken(e)
				} else {
					to.send(e)
				}
			}
		}), watched
	}
}

// shared is a request whose answer others wait for.
type shared struct {
	over   chan struct{}
	answer kept
	err    error
}

// joined answers requests of one key that are under way at a time by what the first of
// them is answered.
func joined(key func(*http.Request) string) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var mutex sync.Mutex
		under := map[string]*shared{}
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			is := key(r)
			mutex.Lock()
			first, there := under[is]
			if !there {
				first = &shared{over: make(chan struct{})}
				under[is] = first
			}
			mutex.Unlock()
			if there {
				return first.wait(r)
			}
			response, err := target.RoundTrip(r)
			if first.err = err; err == nil {
				first.answer = keep(response)
			}
			mutex.Lock()
			delete(under, is)
			mutex.Unlock()
			close(first.over)
			return response, err
		})
	}
}

func (s *shared) wait(r *http.Request) (*http.Response, error) {
	select {
	case <-s.over:
		if s.err != nil {
			return nil, s.err
		}
		return s.answer.response(), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// outlivesInvalidation keeps what was being read at an invalidation for who asks next.
func outlivesInvalidation() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var late sync.Map
		anywhere := func(*http.Request) string { return "" }
		watched := meeting(cached, anything.where(anInvalidation), anywhere, func(_ http.RoundTripper, r *http.Request, response *http.Response) *http.Response {
			late.Store(question(r), keep(response))
			return response
		})(target)
		again := stack(given, []Defect{saysCached("ttl")})
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if cached.match(r) {
				if answer, there := late.LoadAndDelete(question(r)); there {
					return again.RoundTrip(withAnswer(r, answer.(kept).response()))
				}
			}
			return watched.RoundTrip(r)
		})
	}
}

// slow is how long answers take on their way here: longer than a change and an invalidation
// that are sent meanwhile, and short enough for all that has to wait for them.
const slow = 100 * time.Millisecond

// slowly answers later than the target, with what it answered.
func slowly() Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		response, err := target.RoundTrip(r)
		if err != nil {
			return response, err
		}
		late := time.NewTimer(slow)
		defer late.Stop()
		select {
		case <-late.C:
		case <-r.Context().Done():
		}
		return response, nil
	})
}

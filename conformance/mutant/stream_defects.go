package mutant

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// authorizes tests for what was sent as Authorization, beside the target's own key.
func authorizes(test func(sent, key string) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return carries("Authorization")(r) && test(r.Header.Get("Authorization"), targetOf(r).APIKey)
	}
}

// withOtherKey tests for the key of the other environment.
func withOtherKey(r *http.Request) bool {
	other := targetOf(r).OtherAPIKey
	return other != "" && r.Header.Get("Authorization") == "Bearer "+other
}

// sendsNothing tests for a request without a body.
func sendsNothing(r *http.Request) bool { return len(sent(r)) == 0 }

// sendsNoJSON tests for a body that is no JSON.
func sendsNoJSON(r *http.Request) bool { return !sendsNothing(r) && sentJSON(r) == nil }

// nameOf is the name of the stream that a path is about.
func nameOf(r *http.Request) string {
	_, name, _ := strings.Cut(r.URL.EscapedPath(), "/streams/")
	name, err := url.PathUnescape(strings.TrimSuffix(name, "/events"))
	if err != nil {
		return ""
	}
	return name
}

// askStreams sends the target a request of the mutant's own, with the key of one that came:
// method and path below /streams, and a document.
func askStreams(target http.RoundTripper, r *http.Request, method, name string, document []byte) (*http.Response, error) {
	base, _, _ := strings.Cut(r.URL.Path, "/streams")
	to := *r.URL
	to.Path, to.RawPath = base+"/streams", ""
	if name != "" {
		to = *to.JoinPath(url.PathEscape(name))
	}
	request, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), method, to.String(), bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", r.Header.Get("Authorization"))
	request.Header.Set("Content-Type", "application/json")
	return target.RoundTrip(request)
}

// have has the target do something, whatever it answers.
func have(target http.RoundTripper, r *http.Request, method, name string, document []byte) {
	if response, err := askStreams(target, r, method, name, document); err == nil {
		_ = response.Body.Close() // nobody reads it
	}
}

// telling lets whoever asks without a key learn that there is nothing (404).
func telling() Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		asked := r.Clone(r.Context())
		asked.Header.Set("Authorization", "Bearer "+targetOf(r).APIKey)
		response, err := target.RoundTrip(asked)
		if err != nil || response.StatusCode == http.StatusNotFound {
			return response, err
		}
		_ = response.Body.Close() // only that there is something is of interest
		return target.RoundTrip(r)
	})
}

// deletingAnyway deletes a stream although the request was refused.
func deletingAnyway() Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		asked := r.Clone(r.Context())
		asked.Header.Set("Authorization", "Bearer "+targetOf(r).APIKey)
		have(target, asked, http.MethodDelete, nameOf(r), nil)
		return target.RoundTrip(r)
	})
}

// replacing deletes a stream of the name before one is created.
func replacing() Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		if name := textAt(sentJSON(r), "/name"); name != "" {
			have(target, r, http.MethodDelete, name, nil)
		}
		return target.RoundTrip(r)
	})
}

// names is what is known of streams by their names.
type names struct {
	mutex sync.Mutex
	known map[string][]byte
}

func (n *names) put(name string, document []byte) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.known == nil {
		n.known = map[string][]byte{}
	}
	n.known[name] = document
}

// take gives what is known, which is forgotten.
func (n *names) take(name string) (document []byte, there bool) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	document, there = n.known[name]
	delete(n.known, name)
	return document, there
}

func (n *names) has(name string) bool {
	_, there := n.get(name)
	return there
}

func (n *names) get(name string) (document []byte, there bool) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	document, there = n.known[name]
	return document, there
}

// knowing carries each request in a way that depends on names that it remembers.
func knowing(carry func(known *names, target http.RoundTripper, r *http.Request) (*http.Response, error)) Defect {
	return sharing(func() Defect {
		var known names
		return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
			return carry(&known, target, r)
		})
	})
}

// beginningLate has a stream begin where it is first consumed.
func beginningLate() Defect {
	return knowing(func(made *names, target http.RoundTripper, r *http.Request) (*http.Response, error) {
		switch {
		case createStream.match(r):
			made.put(textAt(sentJSON(r), "/name"), sent(r))
		case consume.match(r):
			if document, there := made.take(nameOf(r)); there {
				have(target, r, http.MethodDelete, nameOf(r), nil)
				have(target, r, http.MethodPost, "", document)
			}
		}
		return target.RoundTrip(r)
	})
}

// hiding has a deletion hide a stream only: who creates one of the name has it again.
func hiding() Defect {
	return knowing(func(hidden *names, target http.RoundTripper, r *http.Request) (*http.Response, error) {
		switch {
		case deleteStream.match(r):
			hidden.put(nameOf(r), nil)
			return made(http.StatusNoContent, ""), nil
		case createStream.match(r):
			if _, there := hidden.take(textAt(sentJSON(r), "/name")); there {
				return made(http.StatusCreated, `{"name":"old","model":"Account","status":"active","createdAt":"2024-01-01T00:00:00.000Z"}`), nil
			}
		}
		return target.RoundTrip(r)
	})
}

// usingUp never gives the name of a deleted stream to another.
func usingUp() Defect {
	return knowing(func(used *names, target http.RoundTripper, r *http.Request) (*http.Response, error) {
		switch {
		case deleteStream.match(r):
			used.put(nameOf(r), nil)
		case createStream.match(r) && used.has(textAt(sentJSON(r), "/name")):
			return made(http.StatusConflict, `{"code":"StreamExists","message":"There was such a stream."}`), nil
		}
		return target.RoundTrip(r)
	})
}

// deletingAlike deletes all streams whose names begin with that of the one.
func deletingAlike() Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		response, err := askStreams(target, r, http.MethodGet, "", nil)
		if err != nil {
			return nil, err
		}
		list, _ := decode(bodyOf(response)).(map[string]any)
		streams, _ := list["data"].([]any)
		for _, stream := range streams {
			if name := textAt(stream, "/name"); name != nameOf(r) && strings.HasPrefix(name, nameOf(r)) {
				have(target, r, http.MethodDelete, name, nil)
			}
		}
		return target.RoundTrip(r)
	})
}

// oneAtATime refuses a consumer while another one has the stream.
func oneAtATime() Defect {
	return knowing(func(busy *names, target http.RoundTripper, r *http.Request) (*http.Response, error) {
		if busy.has(nameOf(r)) {
			return made(http.StatusInternalServerError, `{"code":"P6100","message":"Somebody consumes the stream."}`), nil
		}
		response, err := target.RoundTrip(r)
		if err == nil && isStream(response) {
			busy.put(nameOf(r), nil)
			response.Body = &closing{response.Body, func() { busy.take(nameOf(r)) }}
		}
		return response, err
	})
}

// closing does something when a body is closed.
type closing struct {
	io.ReadCloser
	then func()
}

func (c *closing) Close() error {
	c.then()
	return c.ReadCloser.Close()
}

// beginningWithEvent flushes nothing, the headers neither, until there is an event.
func beginningWithEvent() Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if !isStream(response) {
			return
		}
		var read bytes.Buffer
		lines := bufio.NewReader(response.Body)
		for line, err := "", error(nil); err == nil && !strings.HasPrefix(line, "data:"); read.WriteString(line) {
			line, err = lines.ReadString('\n')
		}
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(&read, lines), response.Body}
	})
}

// queue gives an event to one of all streams alone, the first that gets it.
func queue() Defect {
	return sharing(func() Defect {
		var taken names
		return events(func(r *http.Request, to sink) func(event) {
			return func(e event) {
				id := e.field("id")
				if !taken.has(id) {
					taken.put(id, []byte(r.URL.Path))
					to.send(e)
				}
			}
		})
	})
}

// lastSent remembers the id of the last event that was sent on any connection.
type lastSent struct {
	mutex sync.Mutex
	id    string
}

func (l *lastSent) set(id string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.id = id
}

// cursors gives every listed stream the id as its cursor, once there is one.
func (l *lastSent) cursors() Defect {
	return on(listStreams, body(func(document any) any {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if l.id == "" {
			return document
		}
		return set("/data/*/cursor", l.id)(document)
	}))
}

// oneCursor has all streams share the cursor: the last event that any of them sent.
func oneCursor() Defect {
	return sharing(func() Defect {
		var last lastSent
		watch := on(consume, events(each(func(e event) []event {
			last.set(textAt(e.data(), "/id"))
			return []event{e}
		})))
		return stacked(watch, last.cursors())
	})
}

// rewinding moves the cursor to the Last-Event-ID, wherever that is.
func rewinding() Defect {
	return sharing(func() Defect {
		var last lastSent
		watch := on(consume.where(carries("Last-Event-ID")), before(func(r *http.Request) { last.set(r.Header.Get("Last-Event-ID")) }))
		return stacked(watch, last.cursors())
	})
}

// noEvent is the answer to who looks up what is not there.
func noEvent() *http.Response {
	return made(http.StatusNotFound, `{"code":"EventNotFound","message":"There is no such event."}`)
}

// findingOnly finds the events of one model alone.
func findingOnly(model string) Defect {
	return carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
		response, err := target.RoundTrip(r)
		if err == nil && response.StatusCode == http.StatusOK && textAt(decode(bodyOf(response)), "/modelName") != model {
			return noEvent(), nil
		}
		return response, err
	})
}

// forgettingEvents drops the events when a stream is deleted.
func forgettingEvents() Defect {
	return knowing(func(deleted *names, target http.RoundTripper, r *http.Request) (*http.Response, error) {
		switch {
		case deleteStream.match(r):
			deleted.put("any", nil)
		case getEvent.match(r) && deleted.has("any"):
			return noEvent(), nil
		}
		return target.RoundTrip(r)
	})
}

// someULID is an id that no event has.
const someULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"

// withHistory has a stream begin with the accounts that were written before it was
// created.
func withHistory() (pulse, accelerate Defect) {
	var mutex sync.Mutex
	var rows []any
	begins := 0
	accelerate = on(query.where(sendsText("createOneAccount")), before(func(r *http.Request) {
		if row, there := at(sentJSON(r), "/variables/data"); there {
			mutex.Lock()
			defer mutex.Unlock()
			rows = append(rows, row)
		}
	}))
	created := on(createStream, before(func(*http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		begins = len(rows)
	}))
	history := on(consume, events(func(_ *http.Request, to sink) func(event) {
		mutex.Lock()
		defer mutex.Unlock()
		for _, row := range rows[:begins] {
			document := map[string]any{"id": someULID, "action": "create", "modelName": "Account", "created": row}
			to.send(event{"id: " + someULID, "data: " + string(encode(document))})
		}
		return to.send
	}))
	return stacked(created, history), accelerate
}

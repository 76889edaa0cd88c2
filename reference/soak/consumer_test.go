package soak

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// record is an event as it arrived.
type record struct{ id, data string }

// connection is what one connection to a named stream brought.
type connection struct {
	// lastEventID is what it was opened with, if anything.
	lastEventID string
	// before is the cursor as it was a moment before, where it was asked for.
	before string
	asked  bool
	// records are the events, in the order in which they arrived.
	records []record
	// how it was to end, and why it did.
	how    ending
	reason error
}

// resumption is what a consumer says when it comes back.
type resumption int

const (
	fromCursor resumption = iota // nothing: the service knows
	fromNewest                   // the newest event it has
	fromAny                      // any event that it had, or one that there is not
	resumptions
)

// stream is a named stream and its consumer.
type stream struct {
	name, model, filter string
	resume              resumption
	wants               func(event map[string]any) bool
	base                func() string
	seen                *cursors

	mu          sync.Mutex
	connections []*connection
	// newest is the last event that came, over all connections.
	newest string
	faults []string

	// events are the stream's since the round before, known those of then.
	events []record
	known  int

	// calm is set when the consumer is to stay, done when it is to end.
	calm, done atomic.Bool
	live       atomic.Pointer[wire]
}

// cursor is one observation of a stream's cursor.
type cursor struct {
	id string
	// connections is how many had been opened by then.
	connections int
}

// create makes a stream at the service; everything committed from then on is its
// event.
func create(ctx context.Context, base, name, model, filter string) error {
	body := map[string]any{"name": name, "model": model}
	if filter != "" {
		body["filter"] = json.RawMessage(filter)
	}
	return call(ctx, base, http.MethodPost, "/streams", body, http.StatusCreated, nil)
}

// begin begins a round.
func (s *stream) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections, s.faults = nil, nil
	s.calm.Store(false)
	s.done.Store(false)
}

// finish ends the consumer when it has no more to wait for.
func (s *stream) finish() {
	s.calm.Store(true)
	s.done.Store(true)
	if live := s.live.Load(); live != nil {
		live.end(polite)
	}
}

// consume consumes the stream until it is done, with connections that end in
// every way; once calm is set, with one that stays.
func (s *stream) consume(ctx context.Context, random *rand.Rand) {
	var running sync.WaitGroup
	defer running.Wait()
	var older *wire
	for !s.done.Load() && ctx.Err() == nil {
		how := open
		if !s.calm.Load() {
			how = ending(random.IntN(int(endings)))
		}
		c, w, body, err := s.open(ctx, how, random)
		if err != nil {
			s.refused(err)
			_ = pause(ctx, 20*time.Millisecond)
			continue
		}
		s.live.Store(w)
		if older != nil {
			// Its end is before this one's beginning.
			older.end(replaced)
			older = nil
		}
		if s.done.Load() {
			// There was no connection to ask.
			w.end(polite)
		}
		if how == replaced {
			running.Go(func() { s.read(c, w, body, func(int, record) {}) })
			_ = pause(ctx, time.Duration(random.IntN(400))*time.Millisecond)
			older = w
			continue
		}
		wanted := 1 + random.IntN(200)
		timer := time.AfterFunc(time.Duration(random.IntN(1500))*time.Millisecond, func() { s.weary(w, how) })
		s.read(c, w, body, func(n int, _ record) {
			if n == wanted {
				s.weary(w, how)
			}
		})
		timer.Stop()
	}
}

// weary ends a connection as it was to end, unless everything is calm by now.
func (s *stream) weary(w *wire, how ending) {
	if how != open && !s.calm.Load() {
		w.end(how)
	}
}

// last is the newest event that came.
func (s *stream) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newest
}

// open opens a connection to the stream's events.
func (s *stream) open(ctx context.Context, how ending, random *rand.Rand) (*connection, *wire, io.Reader, error) {
	base := s.base()
	if base == "" {
		return nil, nil, nil, errNotThere
	}
	c := &connection{how: how, lastEventID: s.resumption(random)}
	found, err := s.seen.look(ctx, base)
	if err == nil {
		c.before, c.asked = found[s.name], true
	}
	address, err := url.Parse(base)
	if err != nil {
		return nil, nil, nil, err
	}
	w, err := dial(address.Host, how)
	if err != nil {
		return nil, nil, nil, err
	}
	s.mu.Lock()
	s.connections = append(s.connections, c)
	s.mu.Unlock()
	body, err := request(w, "/streams/"+url.PathEscape(s.name)+"/events", c.lastEventID)
	if err != nil {
		_ = w.Close()
		return nil, nil, nil, err
	}
	return c, w, body, nil
}

// request asks for an event stream and returns its body.
func request(w *wire, path, lastEventID string) (io.Reader, error) {
	var text strings.Builder
	fmt.Fprintf(&text, "GET %s HTTP/1.1\r\nHost: soak\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n", path, apiKey)
	if lastEventID != "" {
		fmt.Fprintf(&text, "Last-Event-ID: %s\r\n", lastEventID)
	}
	text.WriteString("\r\n")
	if _, err := io.WriteString(w, text.String()); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(bufio.NewReader(w), nil)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(response.Body)
		return nil, &refusal{response.StatusCode, string(said)}
	}
	return response.Body, nil
}

// refusal is an answer that is no stream.
type refusal struct {
	status int
	said   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.said) }

// refused remembers a refusal that must not be: a stream that is gone or cannot go
// on. While parts are down, others may be.
func (s *stream) refused(err error) {
	var answer *refusal
	if errors.As(err, &answer) && (answer.status == http.StatusNotFound || strings.Contains(answer.said, "StreamStopped")) {
		s.fault("the consumer of %s was refused: %v", s.name, err)
	}
}

func (s *stream) fault(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// resumption chooses a Last-Event-ID.
func (s *stream) resumption(random *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.resume {
	case fromNewest:
		return s.newest
	case fromAny:
		var ids []string
		for _, c := range s.connections {
			for _, r := range c.records {
				ids = append(ids, r.id)
			}
		}
		if len(ids) == 0 || random.IntN(4) == 0 {
			return "01ARZ3NDEKTSV4RRFFQ69G5FAV" // of no event
		}
		return ids[random.IntN(len(ids))]
	}
	return ""
}

// read records events until the connection ends; enough is told of each, with the
// number there are.
func (s *stream) read(c *connection, w *wire, body io.Reader, enough func(n int, r record)) {
	defer w.Close()
	lines := bufio.NewReaderSize(body, 64<<10)
	var next record
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			s.mu.Lock()
			c.reason = err
			s.mu.Unlock()
			if errors.Is(err, errNotEnded) {
				s.fault("%s: a connection that was to end (%s) is still there after %s", s.name, c.how, patience)
			}
			return
		}
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" && next.id != "":
			s.mu.Lock()
			c.records = append(c.records, next)
			s.newest = max(s.newest, next.id) // identifiers grow in log order
			n := len(c.records)
			s.mu.Unlock()
			enough(n, next)
			next = record{}
		case strings.HasPrefix(line, "id: "):
			next.id = line[len("id: "):]
		case strings.HasPrefix(line, "data: "):
			next.data = line[len("data: "):]
		case line != "" && !strings.HasPrefix(line, ":") && !strings.HasPrefix(line, "retry: "):
			s.fault("%s: a line that is none of an event stream: %q", s.name, line)
		}
	}
}

func (e ending) String() string {
	return [...]string{"open", "polite", "abrupt", "stalled", "replaced"}[e]
}

// cursors asks for all streams' cursors, one question at a time, so that their
// order is known.
type cursors struct {
	mu      sync.Mutex
	streams []*stream
	seen    map[string][]cursor
}

// look asks once.
func (cs *cursors) look(ctx context.Context, base string) (map[string]string, error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var list struct {
		Data []struct{ Name, Cursor, Status string }
	}
	if err := call(ctx, base, http.MethodGet, "/streams", nil, http.StatusOK, &list); err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, one := range list.Data {
		found[one.Name] = one.Cursor
	}
	for _, s := range cs.streams {
		at, listed := found[s.name]
		if !listed {
			s.fault("%s: it is not in the list of streams", s.name)
			continue
		}
		s.mu.Lock()
		opened := len(s.connections)
		s.mu.Unlock()
		cs.seen[s.name] = append(cs.seen[s.name], cursor{at, opened})
	}
	return found, nil
}

// watch asks again and again until stop is closed.
func (cs *cursors) watch(ctx context.Context, base func() string, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
		if at := base(); at != "" {
			// While it is down there is nothing to see.
			_, _ = cs.look(ctx, at)
		}
	}
}

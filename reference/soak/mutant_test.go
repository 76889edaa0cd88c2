package soak

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"
)

// mutation spoils the events of a stream on their way: it is given each with its
// number on the connection, from 0 on, and what is sent in its place comes back.
type mutation func(n int, event string) (sent []string)

// mutations are the ways to be wrong, and what the check must say of each.
var mutations = map[string]struct {
	spoil mutation
	says  string
}{
	"left out": {func(n int, event string) []string {
		if n == 5 {
			return nil
		}
		return []string{event}
	}, "where event 5 was to come"},
	"doubled": {func(n int, event string) []string {
		if n == 5 {
			return []string{event, event}
		}
		return []string{event}
	}, "brought event 5 ("},
	"out of order": {swapped(), "where event 5 was to come"},
	"changed": {func(n int, event string) []string {
		if n == 5 {
			return []string{strings.Replace(event, `"modelName"`, `"modelname"`, 1)}
		}
		return []string{event}
	}, "in the log it is"},
	"of nobody": {func(n int, event string) []string {
		if n == 5 {
			return []string{"id: 01ARZ3NDEKTSV4RRFFQ69G5FAV\ndata: {}\n\n", event}
		}
		return []string{event}
	}, "which is no event of this stream"},
}

// swapped exchanges two neighbours.
func swapped() mutation {
	var kept string
	return func(n int, event string) []string {
		switch n {
		case 5:
			kept = event
			return nil
		case 6:
			return []string{event, kept}
		}
		return []string{event}
	}
}

// mutant is a proxy between the consumers and the service.
type mutant struct {
	mu sync.Mutex
	// spoilt are the mutations by stream.
	spoilt map[string]mutation
	// swallows are streams whose first connection brings five events, then nothing
	// for a while, and ends: what the service has sent on it is acknowledged and
	// never arrives.
	swallows map[string]bool
	// stuck are streams whose cursor is now and then the first one that it had.
	stuck map[string]string
	asked int
}

func (m *mutant) serve(t *testing.T, base func() string) string {
	t.Helper()
	target, err := url.Parse(base())
	must(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
		FlushInterval:  -1,
		ModifyResponse: m.spoil,
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func (m *mutant) spoil(response *http.Response) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	where := response.Request.URL.Path
	if where == "/streams" && response.Request.Method == http.MethodGet {
		return m.spoilCursors(response)
	}
	if !strings.HasSuffix(where, "/events") {
		return nil
	}
	name := path.Base(path.Dir(where))
	change := m.spoilt[name]
	swallows := m.swallows[name]
	if swallows {
		change = func(_ int, event string) []string { return []string{event} }
	}
	if change == nil {
		return nil
	}
	// On the first connection alone: in the end everything has come.
	delete(m.spoilt, name)
	delete(m.swallows, name)
	sent, w := io.Pipe()
	original := response.Body
	response.Body = struct {
		io.Reader
		io.Closer
	}{sent, original}
	go func() {
		if swallows {
			swallow(w, original)
		} else {
			_ = w.CloseWithError(rewrite(w, original, change))
		}
	}()
	return nil
}

// swallow passes five events on, and takes what comes for a while.
func swallow(to *io.PipeWriter, from io.ReadCloser) {
	end := time.AfterFunc(2*stall, func() { _ = to.Close() })
	defer end.Stop()
	_ = rewrite(to, from, func(n int, event string) []string {
		if n >= 5 {
			return nil
		}
		return []string{event}
	})
}

// rewrite passes an event stream on, changed.
func rewrite(to io.Writer, from io.Reader, change mutation) error {
	lines := bufio.NewReader(from)
	n, event := 0, ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		event += line
		if line != "\n" {
			continue
		}
		sent := []string{event}
		if strings.HasPrefix(event, "id: ") {
			sent = change(n, event)
			n++
		}
		event = ""
		if _, err := io.WriteString(to, strings.Join(sent, "")); err != nil {
			return err
		}
	}
}

func (m *mutant) spoilCursors(response *http.Response) error {
	var list struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		return err
	}
	m.asked++
	for _, one := range list.Data {
		name, _ := one["name"].(string)
		first, is := m.stuck[name]
		cursor, _ := one["cursor"].(string)
		switch {
		case is && first == "":
			m.stuck[name] = cursor
		case is && m.asked%2 == 0:
			one["cursor"] = first
		}
	}
	text, err := json.Marshal(list)
	response.Body = io.NopCloser(strings.NewReader(string(text)))
	response.Header.Del("Content-Length")
	response.ContentLength = int64(len(text))
	return err
}

// TestTheCheckSeesWhatIsWrong spoils what consumers get: each of them must be
// named, with what is wrong, and nobody else.
func TestTheCheckSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	m := &mutant{spoilt: map[string]mutation{}, swallows: map[string]bool{"swallowed": true}, stuck: map[string]string{"back": ""}}
	says := map[string]string{
		"swallowed": "were never delivered", "back": "the cursor moved back from",
		"right": "",
	}
	for name, one := range mutations {
		m.spoilt[name], says[name] = one.spoil, one.says
	}
	base := m.serve(t, w.base)
	w.base = func() string { return base }
	for name := range says {
		// Without a Last-Event-ID: a consumer that has one gets what it missed.
		w.add(t, &stream{name: name, model: "Account", wants: everything})
	}
	broken := calmRound(t, w)
	for _, line := range broken {
		// What stands indented explains the line before.
		if name, _, _ := strings.Cut(line, ": "); says[name] == "" && !strings.HasPrefix(line, "\t") {
			t.Errorf("the check says of what is right: %s", line)
		}
	}
	for name, want := range says {
		said := ""
		for _, line := range broken {
			if strings.HasPrefix(line, name+": ") {
				said += line + "\n"
			}
		}
		if (want == "") != (said == "") || !strings.Contains(said, want) {
			t.Errorf("of %q, of which %q was to be said, the check says:\n%s", name, want, said)
		}
	}
}

// TestTheCheckSeesWhatIsWrongInTheLog spoils what the check itself reads.
func TestTheCheckSeesWhatIsWrongInTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	m := &mutant{spoilt: map[string]mutation{
		"witness-Account": mutations["left out"].spoil,
		"witness-Entry":   mutations["doubled"].spoil,
		"witness-Counter": mutations["out of order"].spoil,
	}}
	base := m.serve(t, w.base)
	w.base = func() string { return base }
	broken := calmRound(t, w)
	for i, want := range []string{
		"Account: event 5 of the log is not change 5: ",
		"Entry: event 6 of the log is not change 6: ",
		"Counter: event 5 of the log is not change 5: ",
	} {
		if i >= len(broken) || !strings.HasPrefix(broken[i], want) {
			t.Errorf("%q is to be said; the check says:\n%s", want, strings.Join(broken, "\n"))
		}
	}
}

// calmRound is a round in which nothing breaks.
func calmRound(t *testing.T, w *world) []string {
	t.Helper()
	r := &round{world: w, random: rand.New(rand.NewPCG(1, 1)), tally: &tally{faults: map[string]int{}}, gentle: true}
	broken, err := r.run(t.Context(), []fault{{"nothing", 1, func(ctx context.Context, _ *round) error {
		return pause(ctx, 3*stall)
	}}}, 4)
	if err != nil {
		t.Fatal(fmt.Errorf("%w\n%s\n%s", err, strings.Join(broken, "\n"), w.keep()))
	}
	return broken
}

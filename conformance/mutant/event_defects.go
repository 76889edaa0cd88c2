package mutant

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// each makes of every event any number of events.
func each(f func(event) []event) eventDefect {
	return func(_ *http.Request, to sink) func(event) {
		return func(e event) {
			for _, became := range f(e) {
				to.send(became)
			}
		}
	}
}

// when concerns only the events that pass a test.
func when(test func(event) bool, defects ...eventDefect) eventDefect {
	return func(r *http.Request, to sink) func(event) {
		pass, broken := to.send, to
		for i := range defects {
			broken.send = defects[len(defects)-1-i](r, broken)
		}
		return func(e event) {
			if test(e) {
				broken.send(e)
			} else {
				pass(e)
			}
		}
	}
}

// has tests for an event whose document has a text where the pointer leads, as
// has("/action", "update").
func has(pointer, text string) func(event) bool {
	return func(e event) bool { return textAt(e.data(), pointer) == text }
}

// hasMember tests for an event whose document has anything where the pointer leads.
func hasMember(pointer string) func(event) bool {
	return func(e event) bool {
		_, there := at(e.data(), pointer)
		return there
	}
}

// contains tests for an event with a text anywhere in it.
func contains(text string) func(event) bool {
	return func(e event) bool { return strings.Contains(e.text(), text) }
}

// nth numbers the events of a connection from 1 on, and applies f from the nth on.
func nth(n int, f func(number int, e event, to sink)) eventDefect {
	return func(_ *http.Request, to sink) func(event) {
		number := 0
		return func(e event) {
			number++
			if number < n {
				to.send(e)
				return
			}
			f(number, e, to)
		}
	}
}

// document changes the JSON of each event.
func document(changes ...change) eventDefect {
	return each(func(e event) []event { return []event{e.changed(changes)} })
}

// withField adds a field to each event, as withField("event", "change").
func withField(name, value string) eventDefect {
	return each(func(e event) []event { return []event{e.with(name, value)} })
}

// withoutField leaves a field of each event out.
func withoutField(name string) eventDefect {
	return each(func(e event) []event { return []event{e.without(name)} })
}

// lose loses the nth event of a connection.
func lose(n int) eventDefect {
	return nth(n, func(number int, e event, to sink) {
		if number != n {
			to.send(e)
		}
	})
}

// withhold sends nothing from the nth event of a connection on, which stays open.
func withhold(n int) eventDefect { return nth(n, func(int, event, sink) {}) }

// twice sends each event two times.
func twice() eventDefect { return each(func(e event) []event { return []event{e, e} }) }

// swap exchanges the first two events.
func swap() eventDefect { return swapFrom(1) }

// swapFrom sends the nth event behind the one after it.
func swapFrom(n int) eventDefect {
	return func(_ *http.Request, to sink) func(event) {
		var first event
		number := 0
		return func(e event) {
			number++
			switch number {
			case n:
				first = e
			case n + 1:
				to.send(e)
				to.send(first)
			default:
				to.send(e)
			}
		}
	}
}

// late sends each event when the next one comes.
func late() eventDefect {
	return func(_ *http.Request, to sink) func(event) {
		var last event
		return func(e event) {
			if last != nil {
				to.send(last)
			}
			last = e
		}
	}
}

// cut breaks the connection off in the middle of the nth event.
func cut(n int) eventDefect {
	return nth(n, func(_ int, e event, to sink) {
		to.raw(e.text()[:len(e.text())/2])
		to.end(errCut)
	})
}

// closeAfter ends the stream properly behind the nth event.
func closeAfter(n int) eventDefect {
	return nth(n, func(_ int, e event, to sink) {
		to.send(e)
		to.end(io.EOF)
	})
}

// garble replaces what matches in the text of each event, the empty line behind it
// included.
func garble(pattern, replacement string) eventDefect {
	match := regexp.MustCompile(pattern)
	return func(_ *http.Request, to sink) func(event) {
		return func(e event) { to.raw(match.ReplaceAllString(e.text(), replacement)) }
	}
}

// history is what was sent on earlier connections, by their path.
type history struct {
	mutex  sync.Mutex
	events map[string][]event
}

func (h *history) add(path string, e event) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.events == nil {
		h.events = map[string][]event{}
	}
	h.events[path] = append(h.events[path], e)
}

func (h *history) of(path string) []event {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return append([]event(nil), h.events[path]...)
}

// other is what was sent on the connections of other paths.
func (h *history) other(path string) []event {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	var found []event
	for _, at := range slices.Sorted(maps.Keys(h.events)) {
		if at != path {
			found = append(found, h.events[at]...)
		}
	}
	return found
}

// replay begins each connection with the last n events of the ones before.
func replay(n int) Defect {
	return sharing(func() Defect {
		var past history
		return events(func(r *http.Request, to sink) func(event) {
			path := r.URL.Path
			seen := past.of(path)
			for _, e := range seen[max(0, len(seen)-n):] {
				to.send(e)
			}
			return func(e event) {
				past.add(path, e)
				to.send(e)
			}
		})
	})
}

// onlyOnce never sends an event again that it sent on an earlier connection.
func onlyOnce() Defect {
	return sharing(func() Defect {
		var past history
		return events(func(r *http.Request, to sink) func(event) {
			path, sent := r.URL.Path, map[string]bool{}
			for _, e := range past.of(path) {
				sent[e.field("id")] = true
			}
			return func(e event) {
				past.add(path, e)
				if !sent[e.field("id")] {
					to.send(e)
				}
			}
		})
	})
}

// eavesdrop begins each connection with what was sent on those of other paths.
func eavesdrop() Defect {
	return sharing(func() Defect {
		var past history
		return events(func(r *http.Request, to sink) func(event) {
			path := r.URL.Path
			for _, e := range past.other(path) {
				to.send(e)
			}
			return func(e event) {
				past.add(path, e)
				to.send(e)
			}
		})
	})
}

// anew gives each event another id whenever it is sent.
func anew() Defect {
	return sharing(func() Defect {
		var counter struct {
			sync.Mutex
			n int
		}
		return events(each(func(e event) []event {
			counter.Lock()
			defer counter.Unlock()
			counter.n++
			id := fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", counter.n)
			return []event{e.with("id", id).changed([]change{set("/id", id)})}
		}))
	})
}

// whereKeysChange breaks the events of changed rows of Pair from when a query has changed
// the key of some.
func whereKeysChange(broken eventDefect) func() (pulse, accelerate Defect) {
	return func() (Defect, Defect) {
		var known names
		isPair := hasMember("/after/a")
		behind := func(e event) bool { return known.has("") && isPair(e) }
		return events(when(behind, broken)), carrying(func(target http.RoundTripper, r *http.Request) (*http.Response, error) {
			changes := asks("updateManyPair")(r) && asks("data: {a:")(r)
			response, err := target.RoundTrip(r)
			if err == nil && changes {
				if _, failed := at(decode(bodyOf(response)), "/errors"); !failed {
					known.put("", nil)
				}
			}
			return response, err
		})
	}
}

package soak

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// readLog reads what is in the log of each model since the last round, over one
// connection that nothing breaks, and compares it with what was committed.
func (r *round) readLog(ctx context.Context, committed []change) (all []record, broken []string, err error) {
	byModel := map[string][]change{}
	for _, c := range committed {
		byModel[c.model] = append(byModel[c.model], c)
	}
	r.tally.changes += len(committed)
	logged := map[string][]record{}
	for _, model := range models {
		w := r.witnesses[model]
		if logged[model], err = w.read(ctx, r.base(), r.mark()); err != nil {
			return nil, nil, err
		}
		for _, line := range compare(byModel[model], logged[model]) {
			broken = append(broken, model+": "+line)
		}
	}
	if len(broken) > 0 {
		return nil, broken, nil
	}
	return r.merge(committed, logged)
}

// merge puts the events of all models into the order of commits, in which their
// identifiers must grow.
func (r *round) merge(committed []change, logged map[string][]record) (all []record, broken []string, err error) {
	last := record{}
	for i, c := range committed {
		next := logged[c.model][0]
		logged[c.model] = logged[c.model][1:]
		if next.id <= last.id {
			return nil, []string{fmt.Sprintf("the identifier of event %d, %s, does not follow that of the one before, %s: %v", i, next.id, last.id, c)}, nil
		}
		all = append(all, next)
		last = next
	}
	return all, nil, nil
}

// mark is the key of the last row that is written in a round.
func (r *round) mark() string { return fmt.Sprintf(`"id":%d,`, -1000-r.number) }

// marks writes the last row of a round into each table.
const marks = `INSERT INTO "Account" VALUES ($1, -1, 'end', 0); INSERT INTO "Entry" VALUES ($1, -1, 'end', 0); INSERT INTO "Counter" VALUES ($1, 0)`

// read reads events up to the last of a round, and those beyond that are there as
// well. When it does not come for a long time it returns what there is.
func (w *witness) read(ctx context.Context, base, mark string) ([]record, error) {
	address, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	conn, err := dial(address.Host, open)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	body, err := request(conn, "/streams/"+url.PathEscape(w.name)+"/events", w.last)
	if err != nil {
		return nil, err
	}
	s, c := &stream{name: w.name}, &connection{how: polite}
	overdue := time.AfterFunc(patience, func() { conn.end(polite) })
	defer overdue.Stop()
	s.read(c, conn, body, func(_ int, r record) {
		if strings.Contains(r.data, mark) {
			conn.end(polite)
		}
	})
	if len(s.faults) > 0 || !conn.asked {
		return nil, fmt.Errorf("%s: %v, %v", w.name, c.reason, s.faults)
	}
	if len(c.records) > 0 {
		w.last = c.records[len(c.records)-1].id
	}
	return c.records, nil
}

// share gives each stream those of the events that are its own.
func (r *round) share(logged []record) error {
	for _, s := range r.streams {
		s.events = nil
		if last, is := r.last[s.name]; is {
			s.events = append(s.events, last)
		}
		s.known = len(s.events)
	}
	for _, event := range logged {
		decoded, err := row([]byte(event.data))
		if err != nil {
			return err
		}
		for _, s := range r.streams {
			if s.model == decoded["modelName"] && s.wants(decoded) {
				s.events = append(s.events, event)
				r.last[s.name] = event
			}
		}
	}
	return nil
}

// lookups is how many events are looked up by their identifier in a round.
const lookups = 100

// find asks for events by their identifiers.
func (r *round) find(ctx context.Context, logged []record) (broken []string) {
	for range min(lookups, len(logged)) {
		event := logged[r.random.IntN(len(logged))]
		var found map[string]any
		err := call(ctx, r.base(), http.MethodGet, "/events/"+event.id, nil, http.StatusOK, &found)
		if err != nil || found["id"] != event.id {
			broken = append(broken, fmt.Sprintf("the event %s is not found by its identifier: %v %v", event.data, found, err))
		}
	}
	return broken
}

// catchUp waits until each consumer has the last event of its stream, and the
// cursor is there. Whether it has all before that is for the judge.
func (r *round) catchUp(ctx context.Context) error {
	for _, s := range r.streams {
		want := r.last[s.name].id
		if err := await(ctx, "the end of stream "+s.name, func() error {
			if last := s.last(); last != want {
				return fmt.Errorf("the consumer has %q, the last event is %q", last, want)
			}
			found, err := r.seen.look(ctx, r.base())
			if err == nil && found[s.name] != want {
				err = fmt.Errorf("the cursor is %q, the last event is %q", found[s.name], want)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// judge judges what the consumers saw.
func (r *round) judge(ctx context.Context) (broken []string) {
	// Once more, now that nobody consumes.
	if _, err := r.seen.look(ctx, r.base()); err != nil {
		broken = append(broken, err.Error())
	}
	for _, s := range r.streams {
		h := history{name: s.name, events: s.events, known: s.known, cursors: r.seen.seen[s.name]}
		for _, c := range s.connections {
			h.connections = append(h.connections, *c)
			r.tally.events += len(c.records)
		}
		found, duplicates := judge(h)
		broken = append(append(broken, s.faults...), found...)
		r.tally.duplicates += duplicates
		r.tally.connections += len(s.connections)
	}
	clear(r.seen.seen)
	return broken
}

package soak

import (
	"fmt"
	"slices"
	"strconv"
)

// history is what happened to one named stream in a round.
type history struct {
	name string
	// events is the truth: every event of the stream in commit order. The first
	// known of them are of the round before, delivered and acknowledged.
	events []record
	known  int
	// connections in the order in which they were opened, cursors in the order in
	// which they were seen.
	connections []connection
	cursors     []cursor
}

// judge says in which ways a history breaks the promises of a named stream:
//
//   - a connection brings consecutive events: none is left out, doubled or out of
//     order, and each is exactly what it is in the log;
//   - it begins where its Last-Event-ID ends; without one, after the cursor as it
//     was before or a later one, and never after an event that no connection has
//     had: so duplicates are a suffix of what was delivered, delivered again;
//   - the cursor never moves back, and never to an event that had not arrived at
//     the consumer;
//   - in the end every event has been delivered.
func judge(h history) (broken []string, duplicates int) {
	complain := func(format string, args ...any) {
		broken = append(broken, h.name+": "+fmt.Sprintf(format, args...))
	}
	place := make(map[string]int, len(h.events))
	for i, e := range h.events {
		place[e.id] = i
	}
	// reached[n] is the last event that the first n connections brought.
	reached := []int{h.known - 1}
	distinct := map[int]bool{}
	for i, c := range h.connections {
		highest := reached[i]
		at := begin(h, place, c, i, highest, complain)
		for _, r := range c.records {
			found, is := place[r.id]
			switch {
			case !is:
				complain("connection %d brought %s, which is no event of this stream: %s", i, r.id, r.data)
				continue
			case r.data != h.events[found].data:
				complain("connection %d brought event %d (%s) as %s, in the log it is %s", i, found, r.id, r.data, h.events[found].data)
			case at >= 0 && found != at:
				complain("connection %d brought event %d (%s) where event %d was to come", i, found, r.id, at)
			}
			at = found + 1
			highest = max(highest, found)
			if distinct[found] || found < h.known {
				duplicates++
			}
			distinct[found] = true
		}
		reached = append(reached, highest)
	}
	h.judgeCursors(place, reached, complain)
	if last := reached[len(reached)-1]; last != len(h.events)-1 {
		complain("of %d events only %d were delivered", len(h.events), last+1)
	}
	if len(broken) > 0 {
		broken = append(broken, h.show(place)...)
	}
	return broken, duplicates
}

// show lists the connections: what each asked for, brought, and how it ended.
func (h history) show(place map[string]int) (lines []string) {
	at := func(id string) string {
		if i, is := place[id]; is {
			return fmt.Sprint(i)
		}
		return strconv.Quote(id)
	}
	for i, c := range h.connections {
		brought := "nothing"
		if n := len(c.records); n > 0 {
			brought = at(c.records[0].id) + " to " + at(c.records[n-1].id)
		}
		lines = append(lines, fmt.Sprintf("\t%s: connection %d: Last-Event-ID %s, cursor before %s, brought %s, %s: %v",
			h.name, i, at(c.lastEventID), at(c.before), brought, c.how, c.reason))
	}
	return lines
}

// begin judges the first event of a connection and returns its place, -1 when
// there is none to be certain of.
func begin(h history, place map[string]int, c connection, i, highest int, complain func(string, ...any)) int {
	if last, is := place[c.lastEventID]; is {
		return last + 1
	}
	if len(c.records) == 0 {
		return -1
	}
	first, is := place[c.records[0].id]
	if !is {
		return -1
	}
	if first > highest+1 {
		complain("connection %d begins with event %d, and events %d to %d were never delivered", i, first, highest+1, first-1)
	}
	if before, is := place[c.before]; is && first <= before {
		complain("connection %d begins with event %d, though the cursor was at event %d", i, first, before)
	}
	if c.asked && c.before == "" && h.known > 0 {
		complain("connection %d: the cursor is gone", i)
	}
	return first
}

func (h history) judgeCursors(place map[string]int, reached []int, complain func(string, ...any)) {
	last := h.known - 1
	for _, seen := range h.cursors {
		at, is := place[seen.id]
		if seen.id == "" {
			at, is = -1, true
		}
		switch {
		case !is:
			complain("the cursor was %s, which is no event of this stream", seen.id)
			continue
		case at == last:
			continue
		case at < last:
			complain("the cursor moved back from event %d to event %d", last, at)
		}
		last = at
		if had := reached[seen.connections]; at > had {
			complain("the cursor moved to event %d (%s), and of the first %d connections only event %d has come", at, seen.id, seen.connections, had)
		}
	}
}

// compare says where the log differs from what was committed; nil when it does not.
func compare(want []change, got []record) (broken []string) {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			return []string{fmt.Sprintf("the log has %d events of %d changes; the first that is missing: %v", len(got), len(want), want[i])}
		case i >= len(want):
			return []string{fmt.Sprintf("the log has more events than the %d changes: %s", len(want), got[i].data)}
		}
		if difference := want[i].differs(got[i]); difference != "" {
			return []string{fmt.Sprintf("event %d of the log is not change %d: %s\n%s", i, i, difference, around(want, got, i))}
		}
	}
	return nil
}

// around shows what was wanted and what was there about a place.
func around(want []change, got []record, at int) string {
	var text string
	for i := max(0, at-2); i < min(at+4, len(want), len(got)); i++ {
		text += fmt.Sprintf("\t%d committed %v\n\t%d logged    %s\n", i, want[i], i, got[i].data)
	}
	if where := slices.IndexFunc(got, func(r record) bool { return want[at].differs(r) == "" }); where >= 0 {
		text += fmt.Sprintf("\tthe change is event %d\n", where)
	}
	return text
}

package soak

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events are n events; their identifiers are e0, e1 and so on.
func events(from, to int) (all []record) {
	for i := from; i < to; i++ {
		all = append(all, record{fmt.Sprint("e", i), fmt.Sprint("data ", i)})
	}
	return all
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		history    history
		want       []string
		duplicates int
	}{
		{name: "nothing happened"},
		{
			name:    "all at once",
			history: history{events: events(0, 4), connections: []connection{{records: events(0, 4)}}, cursors: []cursor{{"", 0}, {"e1", 1}, {"e3", 1}}},
		},
		{
			name: "a suffix comes again",
			history: history{events: events(0, 4), connections: []connection{
				{records: events(0, 3)}, {records: events(1, 4), before: "e0", asked: true},
			}, cursors: []cursor{{"e0", 1}}},
			duplicates: 2,
		},
		{
			name: "from what was asked for, wherever the cursor is",
			history: history{events: events(0, 4), connections: []connection{
				{records: events(0, 4)}, {records: events(1, 4), lastEventID: "e0", before: "e3", asked: true},
			}},
			duplicates: 3,
		},
		{
			name:    "the round before counts as delivered",
			history: history{events: events(0, 3), known: 1, connections: []connection{{records: events(1, 3), before: "e0", asked: true}}, cursors: []cursor{{"e0", 0}}},
		},
		{
			name:    "an event is missing in the middle",
			history: history{events: events(0, 3), connections: []connection{{records: append(events(0, 1), events(2, 3)...)}}},
			want:    []string{": connection 0 brought event 2 (e2) where event 1 was to come"},
		},
		{
			name:    "an event is missing at the beginning",
			history: history{events: events(0, 3), connections: []connection{{records: events(1, 3)}}},
			want:    []string{": connection 0 begins with event 1, and events 0 to 0 were never delivered"},
		},
		{
			name:    "an event is missing at the end",
			history: history{events: events(0, 3), connections: []connection{{records: events(0, 2)}}},
			want:    []string{": of 3 events only 2 were delivered"},
		},
		{
			name: "an event is missing between connections",
			history: history{events: events(0, 4), connections: []connection{
				{records: events(0, 1)}, {records: events(2, 4)},
			}},
			want: []string{": connection 1 begins with event 2, and events 1 to 1 were never delivered"},
		},
		{
			name:       "an event comes twice on a connection",
			history:    history{events: events(0, 2), connections: []connection{{records: append(events(0, 2), events(1, 2)...)}}},
			want:       []string{": connection 0 brought event 1 (e1) where event 2 was to come"},
			duplicates: 1,
		},
		{
			name: "what was acknowledged comes again",
			history: history{events: events(0, 2), connections: []connection{
				{records: events(0, 2)}, {records: events(0, 2), before: "e1", asked: true},
			}},
			want:       []string{": connection 1 begins with event 0, though the cursor was at event 1"},
			duplicates: 2,
		},
		{
			name: "not from what was asked for",
			history: history{events: events(0, 3), connections: []connection{
				{records: events(0, 3)}, {records: events(2, 3), lastEventID: "e0"},
			}},
			want:       []string{": connection 1 brought event 2 (e2) where event 1 was to come"},
			duplicates: 1,
		},
		{
			name:    "another event under its identifier",
			history: history{events: events(0, 1), connections: []connection{{records: []record{{"e0", "other"}}}}},
			want:    []string{": connection 0 brought event 0 (e0) as other, in the log it is data 0"},
		},
		{
			name:    "an event of another stream",
			history: history{events: events(0, 1), connections: []connection{{records: events(0, 2)}}},
			want:    []string{": connection 0 brought e1, which is no event of this stream: data 1"},
		},
		{
			name:    "the cursor moves back",
			history: history{events: events(0, 2), connections: []connection{{records: events(0, 2)}}, cursors: []cursor{{"e1", 1}, {"e0", 1}}},
			want:    []string{": the cursor moved back from event 1 to event 0"},
		},
		{
			name:    "the cursor disappears",
			history: history{events: events(0, 1), connections: []connection{{records: events(0, 1)}}, cursors: []cursor{{"e0", 1}, {"", 1}}},
			want:    []string{": the cursor moved back from event 0 to event -1"},
		},
		{
			name: "the cursor is ahead of what has come",
			history: history{events: events(0, 3), connections: []connection{
				{records: events(0, 1)}, {records: events(1, 3)},
			}, cursors: []cursor{{"e1", 1}}},
			want: []string{": the cursor moved to event 1 (e1), and of the first 1 connections only event 0 has come"},
		},
		{
			name:    "the cursor is at no event",
			history: history{events: events(0, 1), connections: []connection{{records: events(0, 1)}}, cursors: []cursor{{"e7", 1}}},
			want:    []string{": the cursor was e7, which is no event of this stream"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			broken, duplicates := judge(test.history)
			// Behind what is wrong the connections are listed.
			broken = broken[:max(0, len(broken)-len(test.history.connections))]
			if diff := cmp.Diff(test.want, broken, cmpEmpty); diff != "" {
				t.Errorf("what is wrong (-want +got):\n%s", diff)
			}
			if duplicates != test.duplicates {
				t.Errorf("%d duplicates, want %d", duplicates, test.duplicates)
			}
		})
	}
}

// cmpEmpty says that no list and an empty one are the same.
var cmpEmpty = cmp.Transformer("length", func(s []string) []string { return append([]string{}, s...) })

// TestCompare is the comparison of the log with what was committed.
func TestCompare(t *testing.T) {
	t.Parallel()
	committed := []change{
		{n: 1, xid: 7, model: "Account", action: "INSERT", new: []byte(`{"id":1,"amount":2,"body":null}`)},
		{n: 2, xid: 7, model: "Account", action: "DELETE", old: []byte(`{"id":1,"amount":2,"body":null}`)},
	}
	logged := []record{
		{"A", `{"id":"A","action":"create","modelName":"Account","created":{"id":1,"amount":2,"body":null}}`},
		{"B", `{"id":"B","action":"delete","modelName":"Account","deleted":{"id":1}}`},
	}
	for _, test := range []struct {
		name string
		got  []record
		want string // what the first line begins with
	}{
		{"the same", logged, ""},
		{"one is missing", logged[:1], "the log has 1 events of 2 changes; the first that is missing: change 2 of transaction 7: DELETE Account"},
		{"one is missing before the end", logged[1:], "event 0 of the log is not change 0: (-committed +logged):"},
		{"one is double", append(logged[:1:1], logged...), "event 1 of the log is not change 1: (-committed +logged):"},
		{"one more", append(logged[:2:2], logged[1]), "the log has more events than the 2 changes: {"},
		{"another identifier", []record{{"C", logged[0].data}, logged[1]}, "event 0 of the log is not change 0: it came as C and says A"},
		{"no JSON", []record{{"A", "{"}, logged[1]}, "event 0 of the log is not change 0: unexpected EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if broken := compare(committed, test.got); len(broken) > 0 {
				got = broken[0]
			}
			if len(got) < len(test.want) || got[:len(test.want)] != test.want || test.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

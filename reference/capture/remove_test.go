package capture

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatIsRemoved is what becomes of the slots and publications of a database whose
// number is 5.
func TestWhatIsRemoved(t *testing.T) {
	t.Parallel()
	idle := func(name string) foundSlot { return foundSlot{Name: name, Decodes: true} }
	busy := func(name string) foundSlot {
		return foundSlot{Name: name, Decodes: true, Active: true, PID: 7, Application: "psql"}
	}
	ours := func(name string) foundPublication { return foundPublication{name, "me", true} }
	const temporary = "arazzo_pulse_5_temporary"
	for name, test := range map[string]struct {
		options      RemoveOptions
		slots        []foundSlot
		publications []foundPublication
		want         string
	}{
		"nothing": {want: "absent arazzo_pulse_5, absent arazzo_pulse_5"},
		"both": {
			slots: []foundSlot{idle("arazzo_pulse_5")}, publications: []foundPublication{ours("arazzo_pulse_5")},
			want: "dropped arazzo_pulse_5, dropped arazzo_pulse_5",
		},
		"a slot that is read": {slots: []foundSlot{busy("arazzo_pulse_5")}, want: `the replication slot "arazzo_pulse_5" is read by process 7 (psql) of the server`},
		"a slot of another database": {
			options: RemoveOptions{Slot: "mine"}, slots: []foundSlot{{Name: "mine"}},
			want: `the replication slot "mine" belongs to another database or plugin`,
		},
		"a temporary service that runs, beside one that does not": {
			slots: []foundSlot{idle("arazzo_pulse_5"), busy(temporary)}, publications: []foundPublication{ours("arazzo_pulse_5"), ours(temporary)},
			want: "dropped arazzo_pulse_5, dropped arazzo_pulse_5, kept " + temporary + ", kept " + temporary,
		},
		"a temporary service that was killed": {
			slots: []foundSlot{idle(temporary)}, publications: []foundPublication{ours(temporary)},
			want: "absent arazzo_pulse_5, absent arazzo_pulse_5, dropped " + temporary + ", dropped " + temporary,
		},
		"a temporary service is not meant": {
			options: RemoveOptions{Publication: "mine"}, slots: []foundSlot{idle(temporary)}, publications: []foundPublication{ours(temporary), {"mine", "me", false}},
			want: "absent arazzo_pulse_5, kept mine",
		},
		"a publication that another slot may need": {
			slots: []foundSlot{busy("mine")}, publications: []foundPublication{ours("arazzo_pulse_5")},
			want: "absent arazzo_pulse_5, kept arazzo_pulse_5",
		},
		"such a publication, named": {
			options: RemoveOptions{Publication: "all"}, slots: []foundSlot{busy("mine")}, publications: []foundPublication{ours("all")},
			want: "absent arazzo_pulse_5, dropped all",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &removal{options: test.options, slots: test.slots, publications: test.publications}
			r.name(5)
			if diff := cmp.Diff(test.want, r.told()); diff != "" {
				t.Errorf("becomes (-want +got):\n%s", diff)
			}
		})
	}
}

// told is what is to become of everything, or why nothing is removed.
func (r *removal) told() string {
	var told string
	for _, p := range r.pairs {
		objects, err := r.judge(p)
		var refused *RefusedError
		if errors.As(err, &refused) {
			return refused.Reason
		}
		for _, o := range objects {
			if told != "" {
				told += ", "
			}
			told += string(o.Fate) + " " + o.Name
		}
	}
	return told
}

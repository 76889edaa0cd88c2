package capture

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
)

// TestStateFollowsWhatHappens looks at what an operator sees.
func TestStateFollowsWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	before := time.Now()
	w.execute(`INSERT INTO "User" VALUES (1, 'a'), (2, 'b')`)
	w.events(2)
	eventually.True(t, "the slot to be asked for", func() bool { return !w.capture.State().Slot.Checked.IsZero() })
	got := w.capture.State()
	if got.Events != 2 || got.LastEvent.Before(before) {
		t.Errorf("%d events, the last stored at %s", got.Events, got.LastEvent)
	}
	status := "reserved"
	if w.version() < 130000 {
		status = ""
	}
	want := State{Link: LinkConnected, Events: 2, Transactions: 1, Changes: 2, Slot: SlotState{Name: w.slot(), WALStatus: status}}
	ignore := cmpopts.IgnoreFields(State{}, "Since", "LastEvent")
	if diff := cmp.Diff(want, got, ignore, cmpopts.IgnoreFields(SlotState{}, "Checked", "LagBytes", "RetainedBytes")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if got.Slot.RetainedBytes <= 0 || got.Slot.LagBytes < 0 {
		t.Errorf("slot %+v", got.Slot)
	}

	w.execute(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()`)
	eventually.True(t, "the connection to break and to come back", func() bool {
		now := w.capture.State()
		return now.Link == LinkConnected && now.LastError != "" && now.Reconnects == 1 && now.Since.After(now.LastErrorAt)
	})
	w.stop()
	if now := w.capture.State(); now.Link != LinkDisconnected {
		t.Errorf("state when stopped %+v", now)
	}
}

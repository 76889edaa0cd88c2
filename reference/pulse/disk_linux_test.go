package pulse

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/internal/smalldisk"
)

// TestFullDiskLosesNothing fills the disk of the event log, writes rows, and makes
// room again.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	// Before the service, whose end then comes first.
	disk := smalldisk.Mount(t, 64)
	w := newWorld(t, userTable, func(o *Options) { o.Temporary, o.DataDir = false, filepath.Join(disk, "log") })
	w.createStream(t, "all")
	events := w.consume(t, "all")
	insert := func(from, to int) {
		execute(t, w.db, fmt.Sprintf(`INSERT INTO "User" SELECT i, repeat('x', 100000) FROM generate_series(%d, %d) i`, from, to))
	}
	insert(1, 10)
	first := events.next()
	for range 9 {
		events.next()
	}
	filler := filepath.Join(disk, "filler")
	file, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for piece := make([]byte, 64<<10); err == nil; {
		_, err = file.Write(piece)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	insert(11, 20)
	// Up to here nothing of this may be confirmed.
	unstored, err := w.service.capture.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	insert(21, 30)
	eventually.True(t, "the full disk to be told", func() bool {
		got := w.call(t, "GET", "/health", "")
		return got.status == 200 && strings.Contains(got.body, `"status":"degraded"`) && strings.Contains(got.body, `"code":"event-log-full"`)
	})
	// What is stored is there.
	if got := w.call(t, "GET", "/events/"+first.id, ""); got.status != 200 {
		t.Errorf("an event of before: %d %s", got.status, got.body)
	}
	end := w.service.log.End()
	var beyond bool
	if err := w.db.QueryRow(t.Context(), `SELECT confirmed_flush_lsn >= $1::pg_lsn FROM pg_replication_slots WHERE slot_name = $2`,
		unstored.LSN.String(), w.slot).Scan(&beyond); err != nil || beyond {
		t.Errorf("the slot was confirmed beyond what is stored: %t, %v", beyond, err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	insert(31, 35)
	var got, want []string
	for id := 11; id <= 35; id++ {
		want = append(want, created(id, strings.Repeat("x", 100000))[:70])
		got = append(got, events.next().data[:70])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events from the full disk on (-want +got):\n%s", diff)
	}
	if n := len(storedFrom(t, w.service.log, event.Position{}, 35)); n != 35 {
		t.Errorf("%d events are stored", n)
	}
	eventually.True(t, "the service to be healthy", func() bool { return strings.Contains(w.call(t, "GET", "/health", "").body, `"status":"healthy"`) })
	eventually.True(t, "the cursor to move", func() bool { return w.cursorOf(t) > end.ID.String() })
}

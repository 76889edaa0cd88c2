package bundled

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestJournal holds that the last errors are kept, cut where they are long, and that
// another log gets everything.
func TestJournal(t *testing.T) {
	t.Parallel()
	var j journal
	var also bytes.Buffer
	log := j.logger(slog.New(slog.NewTextHandler(&also, nil)))
	log.Info("it runs")
	log.Error("it fails", "stack", strings.Repeat("ä", mostLineBytes))
	lines := j.since(time.Time{})
	if len(lines) != 1 || !strings.Contains(lines[0], `level=ERROR msg="it fails" stack=ä`) || !strings.HasSuffix(lines[0], "ä…") || len(lines[0]) > mostLineBytes+len("…") {
		t.Errorf("%d lines are kept, the first is %.100s", len(lines), fmt.Sprint(lines))
	}
	if got := also.String(); !strings.Contains(got, `msg="it runs"`) || !strings.Contains(got, `msg="it fails"`) {
		t.Errorf("the other log has %.300s", got)
	}
	for i := range mostLines + 1 {
		log.With("n", i).Error("again")
	}
	if lines = j.since(time.Time{}); len(lines) != mostLines || !strings.HasSuffix(lines[0], "n=1") {
		t.Errorf("%d lines are kept, the first is %s", len(lines), lines[0])
	}
	if lines = j.since(time.Now().Add(time.Hour)); len(lines) > 0 {
		t.Errorf("of the future there is %v", lines)
	}
	var alone journal
	alone.logger(nil).Error("it fails")
	if len(alone.since(time.Time{})) != 1 {
		t.Error("without another log nothing is kept")
	}
}

package pulse

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

// TestHealthOf is what each state is called, and why.
func TestHealthOf(t *testing.T) {
	t.Parallel()
	connected := capture.State{Link: capture.LinkConnected}
	slot := func(status string, lag int64) capture.State {
		s := connected
		s.Slot = capture.SlotState{WALStatus: status, LagBytes: lag}
		return s
	}
	failed := errors.New("it did not work for user=me")
	for _, test := range []struct {
		name              string
		state             capture.State
		unwritten, unread error
		status            HealthStatus
		causes            string
	}{
		{"all is well", slot("reserved", maxSlotLag), nil, nil, Healthy, ""},
		{"more log than usual is kept", slot("extended", 0), nil, nil, Healthy, ""},
		{"reconnecting", capture.State{Link: capture.LinkReconnecting}, nil, nil, Degraded, "replication-reconnecting"},
		{"disconnected", capture.State{Link: capture.LinkDisconnected}, nil, nil, Unavailable, "replication-disconnected"},
		{"a slot that is lost", slot("lost", 0), nil, nil, Degraded, "slot-lost"},
		{"a slot in danger", slot("unreserved", 0), nil, nil, Degraded, "slot-unreserved"},
		{"a slot far behind", slot("reserved", maxSlotLag+1), nil, nil, Degraded, "slot-lag"},
		{"a full disk", connected, failed, nil, Degraded, "event-log-not-written"},
		{"locked tables", connected, nil, failed, Degraded, "schema-not-read"},
		{
			"everything at once",
			capture.State{Link: capture.LinkDisconnected, Slot: capture.SlotState{WALStatus: "lost"}},
			failed, failed,
			Unavailable, "replication-disconnected slot-lost event-log-not-written schema-not-read",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := healthOf(test.state, test.unwritten, test.unread, true)
			var codes []string
			for _, c := range h.Causes {
				codes = append(codes, c.Code)
				// Anybody may ask.
				if strings.Contains(c.Message, "user=me") {
					t.Errorf("the cause says %q", c.Message)
				}
			}
			if got := strings.Join(codes, " "); h.Status != test.status || got != test.causes {
				t.Errorf("%s because of %q, want %s because of %q", h.Status, got, test.status, test.causes)
			}
		})
	}
}

// TestHealthAnswers is the answer as it is written; HealthStatus' own members come
// first.
func TestHealthAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		health Health
		code   int
		want   string
	}{
		{
			healthOf(capture.State{Link: capture.LinkConnected, Slot: capture.SlotState{Checked: time.Now(), WALStatus: "reserved", LagBytes: 56}}, nil, nil, true),
			200, `{"status":"healthy","replicationStatus":"connected","timestamp":"NOW","slot":{"lagBytes":56,"walStatus":"reserved"}}`,
		},
		{
			healthOf(capture.State{Link: capture.LinkReconnecting}, nil, nil, true),
			200, `{"status":"degraded","replicationStatus":"reconnecting","timestamp":"NOW","causes":[{"code":"replication-reconnecting",` +
				`"message":"The replication connection broke a moment ago; the slot keeps what is to come."}]}`,
		},
		{
			healthOf(capture.State{Link: capture.LinkDisconnected}, nil, nil, false),
			503, `{"status":"unavailable","replicationStatus":"disconnected","timestamp":"NOW","causes":[{"code":"replication-disconnected",` +
				`"message":"There is no replication connection to the database; what is committed meanwhile is lost, and subscriptions have ended."}]}`,
		},
		{
			shuttingDown(),
			503, `{"status":"unavailable","replicationStatus":"disconnected","timestamp":"NOW","causes":[{"code":"shutting-down","message":"The service is shutting down."}]}`,
		},
	} {
		w := httptest.NewRecorder()
		test.health.write(w)
		var stamp struct{ Timestamp time.Time }
		if err := json.Unmarshal(w.Body.Bytes(), &stamp); err != nil {
			t.Fatal(err)
		}
		got := strings.Replace(strings.TrimSpace(w.Body.String()), stamp.Timestamp.Format(timeFormat), "NOW", 1)
		if diff := cmp.Diff(test.want, got); w.Code != test.code || diff != "" {
			t.Errorf("%d, want %d; (-want +got):\n%s", w.Code, test.code, diff)
		}
	}
}

// A monitor may ask by HEAD: the status says it.
func TestHealthByHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, userTable)
	response, err := http.Head(w.base + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s, %s", response.Status, response.Header.Get("Content-Type"))
	}
}

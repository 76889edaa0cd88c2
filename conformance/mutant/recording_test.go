package mutant

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// recordedOf keeps requests, and how the target answers them.
func recordedOf(t *testing.T, target http.HandlerFunc, requests ...string) *Recording {
	t.Helper()
	server := httptest.NewServer(target)
	defer server.Close()
	recording := &Recording{}
	proxy, err := recording.Mutant("nothing").Start(Target{PulseURL: server.URL, APIKey: "good"})
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	for _, r := range requests {
		ask(t, proxy.PulseURL, r)
	}
	return recording
}

// spaced is a target whose document nobody here would write so.
func spaced(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"b": 1.0, "a": "x"}`)
}

var (
	ofS = requests{path: "/s"}
	ofT = requests{path: "/t"}
)

// eventsThenAnswers breaks the answers to /t behind the first event of /s.
func eventsThenAnswers() Defect {
	return sharing(func() Defect {
		var known names
		watch := each(func(e event) []event { known.put("seen", nil); return []event{e} })
		return stacked(on(ofS, events(watch)), on(ofT, after(func(_ *http.Request, response *http.Response) {
			if known.has("seen") {
				response.StatusCode = http.StatusTeapot
			}
		})))
	})
}

// answersThenEvents loses the events of /s behind the first answer to /t.
func answersThenEvents() Defect {
	return sharing(func() Defect {
		var known names
		watch := after(func(*http.Request, *http.Response) { known.put("seen", nil) })
		return stacked(on(ofT, watch), on(ofS, events(each(func(e event) []event {
			if known.has("seen") {
				return nil
			}
			return []event{e}
		}))))
	})
}

// TestSame holds which bodies no client should take for two.
func TestSame(t *testing.T) {
	t.Parallel()
	const body = `{"b": [1.0, {"y": null, "x": "ü"}], "a": "\u00fc, :"}`
	tests := []struct {
		a, b string
		want bool
	}{
		{body, body, true},
		{body, `{"a":"\u00fc, :","b":[1.0,{"x":"ü","y":null}]}`, true},
		{body, `{"a":"ü, :","b":[1.0,{"x":"ü","y":null}]}`, false},
		{body, `{"a":"\u00fc, :","b":[1,{"x":"ü","y":null}]}`, false},
		{`{"a":1,"a":2}`, `{"a": 2}`, false},
		{`{"a":1,"a":2}`, `{"a": 1, "a": 2}`, true},
		{"{\"a\":\"\xff\"}", "{\"a\": \"\ufffd\"}", false},
		{`[1, 2]`, `[2, 1]`, false},
		{`[[1], 2]`, `[[1, 2]]`, false},
		{`{"a": 1}`, `{"a":1}!`, false},
		{`{"a": 1}`, `{"a":1`, false},
		{`[1]`, `{"1"}`, false},
		{" text", "text", false},
		{"", "null", false},
		{"1 ", "1", true},
	}
	for _, test := range tests {
		if got := same([]byte(test.a), []byte(test.b)); got != test.want {
			t.Errorf("%s and %s are the same: %t, want %t", test.a, test.b, got, test.want)
		}
	}
}

// TestAltered holds of which defects is known, without a trial, that a client which sends
// these requests cannot see them.
func TestAltered(t *testing.T) {
	t.Parallel()
	documents := recordedOf(t, spaced, "GET /a", `POST /b {"x": 1, "a": 2}`, "GET /a")
	streams := recordedOf(t, three, "GET /s", "GET /s", "GET /t")
	tests := []struct {
		name   string
		of     *Recording
		defect Defect
		want   bool
	}{
		{"nothing", documents, nil, false},
		{"another path", documents, on(requests{path: "/c"}, hangUp()), false},
		{"this path", documents, on(requests{path: "/b"}, hangUp()), true},
		{"a status that does not come", documents, status(404, 400), false},
		{"a status that comes", documents, status(200, 201), true},
		{"a member of answers", documents, body(set("/b", 2)), true},
		{"a number in other digits", documents, body(edit("/b", func(any) any { return 1 })), true},
		{"no member of answers", documents, body(remove("/c")), false},
		{"text behind a document", documents, text(`}$`, "}\n!"), true},
		{"a member of requests", documents, send(remove("/x")), true},
		{"no member of requests", documents, send(remove("/y")), false},
		{"a header", documents, header("X-New", "1"), true},
		{"a header that is there", documents, editHeader("X-New", func(string) string { return "" }), false},
		{"a header of requests", documents, sendKey(), true},
		{"the third of the same", documents, from(3, hangUp()), false},
		{"the second of the same", documents, from(2, hangUp()), true},
		{"the end of an answer", documents, cutBody(3), true},
		{"no end of an answer", documents, unending(), true},
		{"another request beside", documents, on(requests{path: "/b"}, deletingAnyway()), true},
		{"what a stream has not", streams, events(when(has("/n", "4"), twice())), false},
		{"the fourth event", streams, events(lose(4)), false},
		{"the third event", streams, events(lose(3)), true},
		{"a member of events", streams, events(document(remove("/at"))), true},
		{"no member of events", streams, events(document(remove("/b"))), false},
		{"no field of events", streams, events(withoutField("event")), false},
		{"a field of events", streams, events(withoutField("id")), true},
		{"lines end otherwise", streams, events(garble("\n", "\r\n")), true},
		{"when events come", streams, events(late()), true},
		{"no end of a stream", streams, unending(), true},
		{"no end of events", streams, stacked(unending(), events()), true},
		{"the second of a path", streams, replay(1), true},
		{"of other paths", streams, eavesdrop(), true},
		{"documents, not streams", streams, body(set("/b", 2)), false},
		{"an answer behind an event", streams, eventsThenAnswers(), true},
		{"an event behind an answer", streams, answersThenEvents(), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.of.Altered(Mutant{Pulse: test.defect}); got != test.want {
				t.Errorf("it is altered: %t, want %t", got, test.want)
			}
			if test.of.Altered(Mutant{Accelerate: test.defect}) {
				t.Error("what breaks another API alters it")
			}
		})
	}
}

package runner_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
)

// lineWidth is up to where a JSON value of a golden file stays on one line.
const lineWidth = 140

// golden is the result as the JSON report has it, without durations: values that
// fit stand on one line.
func golden(t *testing.T, r *runner.Result) string {
	t.Helper()
	for _, w := range r.Workflows {
		untime(w)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		t.Fatal(err)
	}
	return fold(t, bytes.TrimSpace(b.Bytes()), "") + "\n"
}

// untime takes the durations out of a workflow's result.
func untime(w *runner.WorkflowResult) {
	w.DurationMS = 0
	for _, s := range w.Steps {
		for _, a := range s.Attempts {
			if a.DurationMS = 0; a.Workflow != nil {
				untime(a.Workflow)
			}
		}
		if s.Workflow != nil {
			untime(s.Workflow)
		}
	}
}

// fold breaks JSON text into lines.
func fold(t *testing.T, text json.RawMessage, indent string) string {
	t.Helper()
	if len(indent)+len(text) <= lineWidth || (text[0] != '{' && text[0] != '[') {
		return string(text)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	var parts []string
	for decoder.More() {
		key := ""
		if text[0] == '{' {
			key = name(t, decoder) + ": "
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, indent+" "+key+fold(t, value, indent+" "))
	}
	return string(text[:1]) + "\n" + strings.Join(parts, ",\n") + "\n" + indent + string(text[len(text)-1])
}

// name is the next key, in quotes.
func name(t *testing.T, decoder *json.Decoder) string {
	t.Helper()
	token, err := decoder.Token()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

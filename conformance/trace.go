package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
)

// What a target can make the suite keep in memory, and in reports. An answer may have
// a list of ten thousand streams in it, which has some two million bytes.
const (
	maxAnswerBytes = 4 << 20
	// maxTraceBytes bounds what is kept of a case, and maxValueBytes of one body; with
	// nothing left each is still shown by its beginning.
	maxTraceBytes = 128 << 10
	maxValueBytes = 16 << 10
	minValueBytes = 200
	// maxHeaders bounds how many headers are kept where they have more than a body may.
	maxHeaders = 50
)

// shortener keeps what is shown of a case small while it runs: it polls a hundred times,
// and others run beside it. What it shortens has been judged, only reports read it.
type shortener struct {
	to   runner.Observer
	left int
}

// Observe shortens what is over, and tells of it.
func (s *shortener) Observe(e runner.Event) {
	switch e := e.(type) {
	case runner.AttemptEnded:
		if e.Retry != nil { // of the last one the runner has yet to tell why it failed
			s.attempt(e.Attempt)
		}
	case runner.StepEnded:
		for _, a := range e.Step.Attempts[max(0, len(e.Step.Attempts)-1):] {
			s.attempt(a)
		}
		e.Step.Outputs = s.values(e.Step.Outputs)
	case runner.WorkflowEnded:
		e.Workflow.Outputs = s.values(e.Workflow.Outputs)
	}
	s.to.Observe(e)
}

func (s *shortener) attempt(a *runner.Attempt) {
	if a.Request != nil {
		a.Request.Body = s.value(a.Request.Body)
	}
	if a.Response != nil {
		a.Response.Headers, a.Response.Body = s.headers(a.Response.Headers), s.value(a.Response.Body)
	}
	for i := range a.Criteria {
		a.Criteria[i].Actual = s.values(a.Criteria[i].Actual)
	}
	for _, c := range a.Considered {
		for i := range c.Criteria {
			c.Criteria[i].Actual = s.values(c.Criteria[i].Actual)
		}
	}
}

func (s *shortener) values(given map[string]any) map[string]any {
	if given == nil {
		return nil
	}
	kept := make(map[string]any, len(given))
	for name, value := range given {
		kept[name] = s.value(value)
	}
	return kept
}

// value is a value as it is kept: as it is, or as a text of its beginning.
func (s *shortener) value(given any) any {
	most := max(min(s.left, maxValueBytes), minValueBytes)
	if size := sizeOf(given, most); size <= most {
		s.left -= size
		return given
	}
	s.left -= most
	text, ok := given.(string)
	if !ok {
		encoded, err := json.Marshal(given)
		if err != nil {
			return "(it cannot be shown)"
		}
		text = string(encoded)
	}
	if len(text) <= most {
		return given // which was counted too generously
	}
	return begun(text, most)
}

// begun is the beginning of a text that is longer than most.
func begun(text string, most int) string {
	return strings.ToValidUTF8(text[:most], "") + fmt.Sprintf("… (of %d bytes)", len(text))
}

func (s *shortener) headers(given http.Header) http.Header {
	size := 0
	for name, values := range given {
		size += len(name)
		for _, value := range values {
			size += len(value)
		}
	}
	if size <= max(min(s.left, maxValueBytes), minValueBytes*maxHeaders) {
		s.left -= size
		return given
	}
	kept := http.Header{}
	names := slices.Sorted(maps.Keys(given))
	for _, name := range names[:min(len(names), maxHeaders)] {
		value := strings.Join(given[name], ", ")
		if len(value) > minValueBytes {
			value = begun(value, minValueBytes)
		}
		kept[begunName(name)] = []string{value}
	}
	s.left -= minValueBytes * maxHeaders
	return kept
}

func begunName(name string) string { return name[:min(len(name), minValueBytes)] }

// sizeOf is about how many bytes a value has as JSON; it counts no further than is asked.
func sizeOf(value any, most int) int {
	const of = 4 // what is no text
	switch v := value.(type) {
	case string:
		return len(v) + of
	case []byte:
		return len(v) + of
	case json.Number:
		return len(v) + of
	case []any:
		size := of
		for i := 0; i < len(v) && size <= most; i++ {
			size += sizeOf(v[i], most-size)
		}
		return size
	case map[string]any:
		size := of
		for name, member := range v {
			if size += len(name) + sizeOf(member, most-size); size > most {
				break
			}
		}
		return size
	default:
		return of
	}
}

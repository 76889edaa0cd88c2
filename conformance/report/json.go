package report

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is the JSON Schema of a report, which is published: whoever reads reports
// may rely on it.
//
//go:embed report-v1.schema.json
var Schema string

// maxBytes bounds a report that is read: that of a run in which every case failed has
// some megabytes.
const maxBytes = 64 << 20

// JSON writes the report as JSON, version 1, indented by two spaces. What a terminal
// takes for a command is escaped.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return err
	}
	_, err := w.Write(escaped(b.Bytes()))
	return err
}

// escaped is JSON in which the characters are escaped that are none to look at, also
// where JSON would have them as they are.
func escaped(text []byte) []byte {
	if !bytes.ContainsFunc(text, unseen) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		if unseen(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func unseen(r rune) bool { return r > ' ' && commands(r) }

// Read reads a report, of at most 64 MiB, and checks it: it has to be as the schema
// says, and its summary and status what follows from its cases. All that is wrong is
// in the error.
func Read(from io.Reader) (*Report, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxBytes {
		return nil, fmt.Errorf("a report has at most %d bytes", maxBytes)
	}
	schema, err := compiled()
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	if err := schema.Validate(value); err != nil {
		return nil, fmt.Errorf("it is no report of version %d: %w", Version, err)
	}
	r := &Report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, err
	}
	return r, r.consistent()
}

// compiled is the schema, compiled once.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(Schema)))
	if err != nil {
		return nil, err
	}
	const name = "report-v1.schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, document); err != nil {
		return nil, err
	}
	return compiler.Compile(name)
})

// consistent tells what in a report contradicts its cases.
func (r *Report) consistent() error {
	again := *r
	again.Cases = append([]Case(nil), r.Cases...)
	again.Conclude()
	var faults []error
	if again.Status != r.Status {
		faults = append(faults, fmt.Errorf("its status is %s, and its cases come to %s", r.Status, again.Status))
	}
	for level, counts := range again.Summary {
		for verdict, count := range counts {
			if got := r.Summary[level][verdict]; got != count {
				faults = append(faults, fmt.Errorf("its summary counts %d %s cases as %s, and there are %d", got, level, verdict, count))
			}
		}
	}
	for i := range r.Cases {
		if again.Cases[i].ID != r.Cases[i].ID {
			faults = append(faults, errors.New("its cases are not in the order of their ids"))
			break
		}
		if i > 0 && r.Cases[i-1].ID == r.Cases[i].ID {
			faults = append(faults, fmt.Errorf("the case %s stands twice", r.Cases[i].ID))
		}
	}
	return errors.Join(faults...)
}

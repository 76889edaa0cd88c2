package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// Badge writes the report as the JSON that endpoint badges are drawn from: how many
// core cases passed, of those that were judged.
func Badge(w io.Writer, r *Report) error {
	type badge struct {
		SchemaVersion int    `json:"schemaVersion"`
		Label         string `json:"label"`
		Message       string `json:"message"`
		Color         string `json:"color"`
	}
	made := badge{SchemaVersion: 1, Label: label(r), Color: color(r.Status)}
	switch r.Status {
	case Conforms, Passes, Fails:
		core := r.Summary[Core]
		made.Message = fmt.Sprintf("core %d/%d", core[Pass], core[Pass]+core[Fail]+core[Skipped])
		if extended := r.Summary[Extended]; extended[Pass]+extended[Fail] > 0 {
			made.Message += fmt.Sprintf(", extended %d/%d", extended[Pass], extended[Pass]+extended[Fail]+extended[Skipped])
		}
	default:
		made.Message = "not judged"
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(made)
}

func label(r *Report) string {
	if p := r.Selection.Profile; p == "pulse" || p == "accelerate" {
		return p + " conformance"
	}
	return "pulse and accelerate conformance"
}

func color(s Status) string {
	switch s {
	case Conforms:
		return "brightgreen"
	case Passes:
		return "yellow"
	case Fails:
		return "red"
	default:
		return "lightgrey"
	}
}

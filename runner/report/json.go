package report

import (
	"encoding/json"
	"io"

	"github.com/arazzo-conformance/arazzo/runner"
)

// JSON writes the result as the JSON report, version 1, indented by two spaces.
func JSON(w io.Writer, r *runner.Result) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

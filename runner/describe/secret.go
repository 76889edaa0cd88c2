package describe

import (
	"encoding/json"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// shown is the plain value, with the texts and numbers masked that a document
// states as a secret: all of them, or those of members whose name says so.
// Expressions stay; they give nothing away.
func shown(d *arazzo.Document, v *source.Value, hide bool) any {
	switch v.Kind {
	case source.Array:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = shown(d, item, hide)
		}
		return list
	case source.Object:
		object := make(map[string]any, len(v.Members))
		for _, m := range v.Members {
			object[m.Key] = shown(d, m.Value, hide || secret.Named(m.Key))
		}
		return object
	}
	_, isNumber := v.Scalar.(json.Number)
	text, _ := v.Text()
	if hide && (isNumber || text != "" && !dynamic(d, v)) {
		return secret.Masked
	}
	return v.Scalar
}

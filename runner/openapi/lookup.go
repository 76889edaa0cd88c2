package openapi

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Operation builds the operation with this operationId. It is nil without a
// diagnostic when no operation has the id, and nil with an error when several
// have it or when what a request is made of is damaged.
func (d *Document) Operation(id string) (*Operation, source.Diagnostics) {
	if id == "" {
		return nil, nil
	}
	return d.only(fmt.Sprintf("operations have the operationId %q", id), "an operationId that is unique in its document",
		func(e *entry) bool { return e.id == id })
}

// OperationAt builds the operation at a JSON Pointer such as
// "/paths/~1pets~1{id}/get", the part of an operationPath behind '#'. Braces and
// other characters may be percent-encoded, as in any URI fragment. The pointer
// may lead through the path, or to the place that its path item's $ref names,
// such as "/components/pathItems/pet/get"; several paths that refer to one
// place are an error. It is nil without a diagnostic when no operation stands
// there, and nil with an error where one stands that a client cannot call.
func (d *Document) OperationAt(pointer string) (*Operation, source.Diagnostics) {
	for _, tokens := range spellings(pointer) {
		op, found := d.only("paths lead to "+pointer, "a pointer through one path, such as /paths/~1pets/get", d.standsAt(tokens))
		if op != nil || len(found) > 0 {
			return op, found
		}
	}
	for _, tokens := range spellings(pointer) {
		if d := d.uncallable(pointer, tokens); d != nil {
			return nil, source.Diagnostics{d}
		}
	}
	return nil, nil
}

// only builds the one operation that fits. Several are refused.
func (d *Document) only(several, expected string, fits func(*entry) bool) (*Operation, source.Diagnostics) {
	var hits []*entry
	for _, e := range d.index {
		if fits(e) {
			hits = append(hits, e)
		}
	}
	switch len(hits) {
	case 0:
		return nil, nil
	case 1:
		return d.build(hits[0])
	}
	var places []string
	for _, e := range hits {
		places = append(places, fmt.Sprintf("%s (%s)", e, line(e.key)))
	}
	return nil, source.Diagnostics{{
		Code: "arazzo/ambiguous-operation", Severity: source.Error, Position: hits[1].key.at(),
		Message:  fmt.Sprintf("%d %s: %s", len(hits), several, strings.Join(places, ", ")),
		Expected: expected,
		Fix:      fmt.Sprintf("let the step name its operation with operationPath and '#%s'", hits[0].pointer()),
	}}
}

// standsAt tells whether an operation stands where the pointer leads. Through
// the Paths Object only the path itself counts, because two paths may hold one
// YAML node; elsewhere the node does.
func (d *Document) standsAt(tokens []string) func(*entry) bool {
	item, field, additional, ok := ofPathItem(tokens)
	if !ok {
		return func(*entry) bool { return false }
	}
	named := func(e *entry) bool { return e.field == field && e.additional == additional }
	if item[0] == "paths" && len(item) == 2 {
		return func(e *entry) bool { return named(e) && e.path == item[1] }
	}
	at := walk(d.main.root, item)
	return func(e *entry) bool {
		i := slices.IndexFunc(e.item, func(p part) bool { return p.node == at.node })
		return at.exists() && named(e) && 0 <= i && i <= e.level
	}
}

// ofPathItem splits an operation's pointer into its path item and the field
// that holds the operation.
func ofPathItem(tokens []string) (item []string, field string, additional, ok bool) {
	n := len(tokens)
	switch {
	case n >= 4 && tokens[n-2] == "additionalOperations":
		return tokens[:n-2], tokens[n-1], true, true
	case n >= 3:
		return tokens[:n-1], tokens[n-1], false, true
	}
	return nil, "", false, false
}

// uncallable refuses a pointer to an operation that is not for clients to call.
func (d *Document) uncallable(pointer string, tokens []string) *source.Diagnostic {
	item, field, additional, ok := ofPathItem(tokens)
	at := walk(d.main.root, item)
	if !ok || !at.exists() || !additional && !d.edition.isMethod(field) {
		return nil
	}
	what := ""
	switch {
	case slices.Contains(tokens, "callbacks"):
		what = "is a callback: the API calls it, not its client"
	case item[0] == "webhooks":
		what = "is a webhook: the API calls it, not its client"
	case item[0] == "components" && item[1] == "pathItems" && at.child(field).exists():
		what = "has no path: no path refers to this path item"
	default:
		return nil
	}
	return &source.Diagnostic{
		Code: "arazzo/uncallable-operation", Severity: source.Error, Position: at.at(),
		Message:  fmt.Sprintf("what stands at %s %s", pointer, what),
		Expected: "an operation of the Paths Object, such as #/paths/~1pets/get",
		Fix:      "let the step name an operation that the API answers",
	}
}

// walk follows a pointer's tokens. It is not there when one of them leads nowhere.
func walk(from part, tokens []string) part {
	for _, token := range tokens {
		if from = from.step(token); !from.exists() {
			break
		}
	}
	return from
}

// spellings are the readings of a JSON Pointer in its URI fragment form (RFC
// 6901, section 6): with percent escapes decoded, and as it stands, because a
// path may itself have escapes. There is none when it is no pointer.
func spellings(fragment string) [][]string {
	if fragment == "" {
		return [][]string{nil}
	}
	if !strings.HasPrefix(fragment, "/") {
		return nil
	}
	raw := strings.Split(fragment[1:], "/")
	decoded := slices.Clone(raw)
	for i, token := range raw {
		// A '%' that starts no escape stands for itself.
		if plain, err := url.PathUnescape(token); err == nil {
			decoded[i] = unescape(plain)
		} else {
			decoded[i] = unescape(token)
		}
		raw[i] = unescape(token)
	}
	if slices.Equal(raw, decoded) {
		return [][]string{raw}
	}
	return [][]string{decoded, raw}
}

// unescape reads one reference token of a JSON Pointer.
func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

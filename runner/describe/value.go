package describe

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// constant bounds a value that the document states itself, in characters.
const constant = 120

// flow says where a value comes from: ← an expression, or = a constant.
func flow(d *arazzo.Document, v *source.Value, secret bool) string {
	switch text, isText := v.Text(); {
	case v == nil:
		return "← nothing"
	case isSelector(d, v):
		return "← " + selecting(d, v)
	case isText && dynamic(d, v):
		return "← " + short(shownText(text, secret))
	case dynamic(d, v):
		return "← " + excerpt(shown(d, v, secret))
	default:
		return "= " + excerpt(shown(d, v, secret))
	}
}

// excerpt is a value as JSON, cut where it is long. A mask stands as it is.
func excerpt(value any) string {
	if value == secret.Masked {
		return secret.Masked
	}
	return expression.Excerpt(value, constant)
}

// dynamic tells whether an expression or selector is in the value. A text that
// does not parse was meant to have one.
func dynamic(d *arazzo.Document, v *source.Value) bool {
	if text, ok := v.Text(); ok {
		t, err := expression.ParseTemplate(text)
		return err != nil || len(t.References()) > 0
	}
	if isSelector(d, v) {
		return true
	}
	for _, item := range v.Items {
		if dynamic(d, item) {
			return true
		}
	}
	for _, m := range v.Members {
		if dynamic(d, m.Value) {
			return true
		}
	}
	return false
}

func isSelector(d *arazzo.Document, v *source.Value) bool {
	_, ok := d.Selector(v)
	return ok
}

func selecting(d *arazzo.Document, v *source.Value) string {
	s, _ := d.Selector(v)
	return inLanguage(s.Type.Name, s.Type.Version, s.Selector) + " of " + short(s.Context)
}

// inLanguage is a text in a language of a version, which is empty for the usual
// one.
func inLanguage(name, version, text string) string {
	if version != "" {
		name += " (" + version + ")"
	}
	return name + " " + short(text)
}

// leaf is a value inside a payload that is no object or array of others.
type leaf struct {
	pointer string
	value   *source.Value
	secret  bool
}

// leaves lists what a payload is made of, each with its JSON Pointer (RFC 6901).
func leaves(d *arazzo.Document, v *source.Value) []leaf {
	var list []leaf
	var walk func(v *source.Value, pointer string, hide bool)
	walk = func(v *source.Value, pointer string, hide bool) {
		if len(v.Items)+len(v.Members) == 0 || isSelector(d, v) {
			list = append(list, leaf{pointer, v, hide})
			return
		}
		for i, item := range v.Items {
			walk(item, fmt.Sprintf("%s/%d", pointer, i), hide)
		}
		for _, m := range v.Members {
			walk(m.Value, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(m.Key), hide || secret.Named(m.Key))
		}
	}
	walk(v, "", false)
	return list
}

// mostLeaves is up to where a payload is shown whole; of a larger one only what
// comes from elsewhere is.
const mostLeaves = 20

// payload lists what a payload is made of.
func payload(d *arazzo.Document, v *source.Value) []string {
	all := leaves(d, v)
	var shown []string
	for _, l := range all {
		if len(shown) < mostLeaves && (len(all) <= mostLeaves || dynamic(d, l.value)) {
			shown = append(shown, strings.TrimPrefix(short(l.pointer)+" "+flow(d, l.value, l.secret), " "))
		}
	}
	if more := len(all) - len(shown); more > 0 {
		shown = append(shown, "and "+count(more, "more value"))
	}
	return shown
}

package describe

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/expression"
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
	if text, isText := v.Text(); isText {
		return shownText(text, hide)
	}
	if _, isNumber := v.Scalar.(json.Number); isNumber && hide {
		return secret.Masked
	}
	return v.Scalar
}

// shownText is a text of a document without what is secret in it: all but its
// expressions, or the values that stand in it under a name that says so.
func shownText(text string, hide bool) string {
	if hide {
		return concealed(text)
	}
	return withoutNamed(text)
}

// schemePattern finds the word that says how a credential is meant.
var schemePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:Bearer|Basic|Token|SSWS) +`)
})

// concealed is a secret text of which the expressions are left, and the scheme
// before them. Without expressions nothing is left.
func concealed(text string) string {
	t, err := expression.ParseTemplate(text)
	if err != nil {
		return secret.Masked
	}
	var b strings.Builder
	references, last := t.References(), 0
	if len(references) > 0 {
		last = len(schemePattern().FindString(text))
		b.WriteString(text[:last])
	}
	for _, r := range references {
		start, end := r.Offset, r.Offset+len(r.Expression.Text)
		if start > 0 && text[start-1] == '{' {
			start, end = start-1, end+1
		}
		b.WriteString(mask(text[last:start]))
		b.WriteString(text[start:end])
		last = end
	}
	b.WriteString(mask(text[last:]))
	return b.String()
}

func mask(literal string) string {
	if strings.TrimSpace(literal) == "" {
		return literal
	}
	return secret.Masked
}

// withoutPassword masks the passwords of the URLs in a text, and what their
// queries have under a secret name.
func withoutPassword(text string) string {
	text = passwordPattern().ReplaceAllString(text, "$1:"+secret.Masked+"@")
	if before, query, ok := strings.Cut(text, "?"); ok {
		return before + "?" + withoutNamed(query)
	}
	return text
}

// passwordPattern finds a password in the authority of a URL, which need not be a
// correct one.
var passwordPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(//[^/?#@:\s]*):[^/?#\s]*@`)
})

package rule

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// target is where a value goes, and how it is judged there.
type target struct {
	site
	// what names it in messages, such as: the body of POST /pets.
	what string
	// path leads to the part of it that is judged.
	path []string
	// written is true where values are written as text: the string "5" is as good
	// a number there as any.
	written bool
	// plain is true where strings have no expressions, as in a default.
	plain bool
	// refused is true where the run itself judges by the schema: what surely does
	// not fit is an error then.
	refused bool
}

func (to target) part(token string) target {
	to.path = append(slices.Clone(to.path), token)
	return to
}

func (to target) String() string {
	if len(to.path) == 0 {
		return to.what
	}
	return to.what + " at " + expression.Pointer(to.path).String()
}

// severity of a fault. A value that an API gives may be other than described.
func (to target) severity(sure bool) source.Severity {
	if to.refused && sure {
		return source.Error
	}
	return source.Warning
}

// fit judges a value of the document against the schema of where it goes.
func (t *typer) fit(v *source.Value, want schema, to target) {
	if to.written && payload.IsFile(v) { // bytes, whatever the schema calls them
		return
	}
	s, constant := schema(fixed(kindOf(v.Data()))), true
	if !to.plain {
		s, constant = t.given(v, to.site)
	}
	has, takes := s.kinds(), want.kinds()
	fits := has&takes != 0
	if to.written {
		fits = fits || writable(has, takes, constant, v)
	}
	switch {
	case !fits:
		found := fmt.Sprintf("%s is %s", written(v, constant), has)
		if constant && has == isNull {
			found = "is given null"
		}
		t.report(&source.Diagnostic{
			Code: "arazzo/type-mismatch", Severity: to.severity(s.sure()), Position: v.Position,
			Message: fmt.Sprintf("%s takes %s, and %s", to, takes, found), Expected: takes.String(),
		})
	case !constant:
	case v.Kind == source.Object:
		t.object(v, want, to)
	case v.Kind == source.Array:
		t.array(v, want, to)
	default:
		t.listed(v, want, to)
	}
}

// written shows a value as the document has it.
func written(v *source.Value, constant bool) string {
	if text, ok := v.Text(); ok && !constant {
		return text
	}
	return jsonText(v.Data())
}

// writable tells whether the text of a value may be read as what is taken. Null is
// not written at all (S-080).
func writable(has, takes kinds, constant bool, v *source.Value) bool {
	const structured = isArray | isObject
	switch {
	case has&isNull != 0:
		return true
	case has.within(structured):
		return false
	case takes&(structured|isText) != 0: // a scalar is a list of one, or a text in a form of its own
		return true
	case constant:
		return textFits(expression.Text(v.Data()), takes)
	default:
		return has&isText != 0
	}
}

var numberText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
})

// textFits tells whether a text can be read as one of these scalars.
func textFits(text string, takes kinds) bool {
	switch {
	case numberText().MatchString(text):
		return takes&kindOf(json.Number(text)) != 0
	case text == "true" || text == "false":
		return takes&isBoolean != 0
	case text == "" || text == "null":
		return takes&isNull != 0
	}
	return false
}

// object judges the members of an object that the document writes.
func (t *typer) object(v *source.Value, want schema, to target) {
	given := map[string]bool{}
	for _, m := range v.Members {
		name := to.member(m.Key)
		given[name] = true
		found, missing := follow(want, []string{name})
		switch {
		case missing != nil:
			missing.before = to.path
			d := missing.diagnostic(to.what, m.Position)
			if missing.certain {
				d.Severity = to.severity(true)
			}
			t.report(d)
		case name == m.Key:
			t.fit(m.Value, found, to.part(name))
		}
	}
	for _, name := range want.required() {
		if !given[name] {
			t.report(&source.Diagnostic{
				Code: "arazzo/missing-property", Severity: to.severity(true), Position: v.Position,
				Message:  fmt.Sprintf("%s is given no member %q", to, name),
				Expected: "every member that its schema requires", Fix: "add " + name,
			})
		}
	}
}

// member is the name that a key stands for. The fields of a form may lead into a
// member: items[0][price].
func (to target) member(key string) string {
	if to.written {
		key, _, _ = strings.Cut(key, "[")
	}
	return key
}

func (t *typer) array(v *source.Value, want schema, to target) {
	for i, item := range v.Items {
		index := strconv.Itoa(i)
		if found, _ := want.at(index); found != nil {
			t.fit(item, found, to.part(index))
		}
	}
}

// listed judges a constant against the values that are allowed.
func (t *typer) listed(v *source.Value, want schema, to target) {
	values := want.enum()
	if values == nil || v.Scalar == nil || slices.ContainsFunc(values, func(allowed any) bool { return to.same(v.Scalar, allowed) }) {
		return
	}
	t.report(&source.Diagnostic{
		Code: "arazzo/unlisted-value", Severity: to.severity(true), Position: v.Position,
		Message:  fmt.Sprintf("%s does not take %s", to, jsonText(v.Scalar)),
		Expected: "one of " + enumText(values), Fix: near(expression.Text(v.Scalar), textsOf(values)),
	})
}

func textsOf(values []any) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, expression.Text(value))
	}
	return texts
}

// same compares a constant with a value of a list.
func (to target) same(a, b any) bool {
	if to.written {
		return expression.Text(a) == expression.Text(b)
	}
	equal, err := jsonpath.Equal(a, b)
	return equal || err != nil
}

package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// compiled is a schema that can judge, or that cannot be judged by.
type compiled struct {
	resource *resource
	// schema is nil when nothing can be judged. opposite, which a large value makes
	// necessary, fits what it does not.
	schema, opposite *jsonschema.Schema
	// notes tell what is not judged.
	notes source.Diagnostics
}

// given is why a judgement was given up.
type given struct{ why string }

// stop gives the judgement at hand up. The library asks formats and patterns for
// no error that would stop it.
func stop(why string) {
	panic(given{why}) //nolint:forbidigo // judge recovers from it
}

// closed refuses every schema that the checker did not make.
type closed struct{}

func (closed) Load(url string) (any, error) { return nil, fmt.Errorf("%s is not known", url) }

func (c *Checker) newLibrary() *jsonschema.Compiler {
	library := jsonschema.NewCompiler()
	library.DefaultDraft(jsonschema.Draft2020)
	library.UseLoader(closed{})
	library.UseRegexpEngine(c.engine)
	library.AssertFormat()
	c.registerFormats(library)
	return library
}

// compile makes a schema ready to judge, once. The caller holds the lock.
func (c *Checker) compile(raw openapi.Raw, m mode, parameter bool) *compiled {
	key := resourceKey{raw.Key(), m, parameter}
	if known := c.compiled[key]; known != nil {
		return known
	}
	if c.library == nil {
		c.library = c.newLibrary()
	}
	t := &translator{Checker: c, left: maxSchemas}
	base := raw.Root()
	if d, _ := dialectOf(raw); d.isModern() && raw.Child("$id").Text() != "" {
		base = raw
	}
	made := &compiled{resource: t.resource(raw, base, key)}
	c.compiled[key] = made
	for _, r := range t.translate() {
		_ = c.library.AddResource(r.url, r.doc) // the URL is new
	}
	certain := made.judgeFaults()
	schema, err := c.library.Compile(made.resource.url)
	switch {
	case err != nil:
		made.notes = append(made.notes, unchecked(source.Warning, raw.Position(), "the schema cannot be judged by: "+reason(err)))
	case certain:
		made.schema = schema
	}
	return made
}

// judgeFaults collects what is not judged in all that the schema refers to. It is
// false when nothing that is judged would be certain.
func (made *compiled) judgeFaults() bool {
	type state struct {
		*resource
		hard bool
	}
	certain := true
	seen := map[state]bool{}
	told := map[fault]bool{}
	queue := []state{{made.resource, false}}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, f := range at.faults {
			certain = certain && !f.hard && !at.hard
			if !told[f] {
				told[f] = true
				made.notes = append(made.notes, unchecked(source.Warning, f.at, f.message))
			}
		}
		for _, u := range at.uses {
			queue = append(queue, state{u.to, at.hard || u.hard})
		}
	}
	for _, n := range made.notes {
		if certain {
			n.Message += ": this is not checked, and all around it is"
		} else {
			n.Message += ": nothing is checked by the schemas that use it"
		}
	}
	return certain
}

// reason is the library's error in one line.
func reason(err error) string {
	var invalid *jsonschema.SchemaValidationError
	if errors.As(err, &invalid) {
		err = invalid.Err
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}

// Limits on one judgement: a schema that refers to itself in two ways can double
// its work with every level of a value.
const (
	leastSteps   = 100_000
	stepsPerNode = 50
	// maxNodes bounds the nodes of a value: each takes microseconds, and some hundred
	// bytes where it does not fit.
	maxNodes = 1_000_000
	// maxExplained bounds those of one whose errors are collected: each may have one of
	// a kilobyte.
	maxExplained = 100_000
)

// counted makes a format count each schema that is passed.
func (c *Checker) counted(judge func(any) error) func(any) error {
	return func(v any) error {
		if c.steps--; c.steps < 0 {
			stop("the schema takes too much work for this value")
		}
		return judge(v)
	}
}

// verdict is what a judgement came to.
type verdict struct {
	fits bool
	// errors are why it does not, without any for a value of more than maxExplained
	// nodes.
	errors []*jsonschema.ValidationError
	nodes  int
	// unknown says why there is no verdict.
	unknown string
}

// judge compares a value with a schema.
func (c *Checker) judge(s *compiled, value any) (v verdict) {
	switch n := weigh(value, &v.nodes); {
	case n != "":
		return verdict{unknown: fmt.Sprintf("the number %.40s is too large, or too close to zero, to be compared", n)}
	case v.nodes > maxNodes:
		return verdict{unknown: fmt.Sprintf("it has more than %d values in it", maxNodes)}
	}
	c.steps = leastSteps + v.nodes*stepsPerNode
	defer func() {
		switch stopped := recover().(type) {
		case nil:
		case given:
			v = verdict{unknown: stopped.why}
		default:
			panic(stopped) //nolint:forbidigo // it is not ours: a fault of the library is one of the program
		}
	}()
	if v.nodes > maxExplained {
		v.fits = c.oppositeOf(s).Validate(value) != nil
		return v
	}
	err := s.schema.Validate(value)
	v.fits = err == nil
	if found := (*jsonschema.ValidationError)(nil); errors.As(err, &found) {
		v.errors = found.Causes
	}
	return v
}

// oppositeOf is the schema under not, for which the library stops at the first error
// and collects none.
func (c *Checker) oppositeOf(s *compiled) *jsonschema.Schema {
	if s.opposite == nil {
		url := s.resource.url + "/not"
		_ = c.library.AddResource(url, map[string]any{"not": map[string]any{"$ref": s.resource.url}}) // the URL is new
		s.opposite = c.library.MustCompile(url)
	}
	return s.opposite
}

// immense finds a number that cannot be compared exactly.
func immense(value any) json.Number {
	nodes := 0
	return weigh(value, &nodes)
}

// weigh counts the nodes of a value, and stops at a number that cannot be compared.
func weigh(value any, nodes *int) json.Number {
	*nodes++
	switch v := value.(type) {
	case json.Number:
		if !isComparable(v) {
			return v
		}
	case []any:
		for _, item := range v {
			if n := weigh(item, nodes); n != "" {
				return n
			}
		}
	case map[string]any:
		for _, member := range v {
			if n := weigh(member, nodes); n != "" {
				return n
			}
		}
	}
	return ""
}

// maxDigits bounds the digits of a number, written out.
const maxDigits = 5000

// isComparable tells whether a number can be made a fraction at a bounded cost.
func isComparable(n json.Number) bool {
	mantissa, exponent, found := strings.Cut(strings.ToLower(n.String()), "e")
	if !found {
		return len(mantissa) <= maxDigits
	}
	power, ok := new(big.Int).SetString(strings.TrimPrefix(exponent, "+"), 10)
	return ok && len(mantissa) <= maxDigits && len(exponent) < 10 && power.IsInt64() && power.Int64() >= -maxDigits && power.Int64() <= maxDigits
}

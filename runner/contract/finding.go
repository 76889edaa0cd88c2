package contract

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Finding is one thing that is not as the description says.
type Finding struct {
	Check Check
	// Level is what the check is set to, [Warn] or [Error].
	Level   Level
	Message string
	// Name is that of the parameter, header or field that it is about; empty for a
	// body.
	Name string
	// Found is the value that is at fault, where there is one; the message does
	// not repeat it, because it may be a secret.
	Found    any
	HasFound bool
	// Pointer is a JSON Pointer into the body, empty for the whole and for what is
	// no part of a body. That of a stream begins with the number of the event.
	Pointer  string
	Expected string
	// Position is the place in the description that says so.
	Position source.Position
}

// Report is what a check came to.
type Report struct {
	Findings []Finding
	// Unchecked tells what could not be judged, with the code unchecked-schema: a
	// warning, or an info where nothing can be said in general. It is told every
	// time.
	Unchecked source.Diagnostics
}

// maxFindings bounds the findings of one check of one exchange. Whoever has more
// looks at the first ones anyway.
const maxFindings = 20

// Checker judges exchanges. It keeps what it compiled, and any number of goroutines
// may use it: it judges one value at a time, some tens of microseconds for an object of
// fifty members.
type Checker struct {
	levels Levels
	mu     sync.Mutex
	// library is made with the first schema.
	library   *jsonschema.Compiler
	resources map[resourceKey]*resource
	located   map[string]*resource
	compiled  map[resourceKey]*compiled
	names     map[any]*names
	// steps is how many schemas may still be passed in the judgement at hand, patience
	// the time that its patterns may take yet.
	steps    int
	patience time.Duration
}

// New makes a checker that has compiled nothing. What is off is not looked at.
func New(levels Levels) *Checker {
	return &Checker{
		levels: levels, resources: map[resourceKey]*resource{}, located: map[string]*resource{}, compiled: map[resourceKey]*compiled{}, names: map[any]*names{},
	}
}

func (c *Checker) areOff(checks ...Check) bool {
	return !slices.ContainsFunc(checks, func(check Check) bool { return c.levels.Of(check) != Off })
}

// exchange is one request or response that is checked.
type exchange struct {
	*Checker
	operation *openapi.Operation
	mode      mode
	// check is the one that mismatches of schemas belong to.
	check  Check
	report Report
	told   map[source.Diagnostic]bool
	// patience is the time that patterns may take yet.
	patience time.Duration
}

func (c *Checker) exchange(op *openapi.Operation, m mode, check Check) *exchange {
	return &exchange{Checker: c, operation: op, mode: m, check: check, told: map[source.Diagnostic]bool{}, patience: patience}
}

func (x *exchange) find(f Finding) {
	if f.Level = x.levels.Of(f.Check); f.Level == Off {
		return
	}
	n := 0
	for _, known := range x.report.Findings {
		if known.Check == f.Check {
			n++
		}
	}
	switch {
	case n == maxFindings:
		f = Finding{Check: f.Check, Level: f.Level, Message: "there is more that is not as described", Expected: "what the description says", Position: f.Position}
	case n > maxFindings:
		return
	}
	x.report.Findings = append(x.report.Findings, f)
}

// unchecked notes what could not be judged.
func (x *exchange) unchecked(severity source.Severity, at source.Position, format string, args ...any) {
	if x.areOff(x.check) {
		return
	}
	x.doubt(unchecked(severity, at, fmt.Sprintf(format, args...)))
}

// doubt notes what could not be judged, once.
func (x *exchange) doubt(note *source.Diagnostic) {
	if !x.told[*note] {
		x.told[*note] = true
		x.report.Unchecked = append(x.report.Unchecked, note)
	}
}

func unchecked(severity source.Severity, at source.Position, message string) *source.Diagnostic {
	return &source.Diagnostic{Code: "unchecked-schema", Severity: severity, Position: at, Message: message}
}

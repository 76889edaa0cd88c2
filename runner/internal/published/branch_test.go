package published_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/internal/published"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	arazzosource "github.com/arazzo-conformance/arazzo/runner/source"
)

// TestEveryBranch runs every published document whose operations resolve, once for
// each branch of its workflow, against a server whose answers are made from the
// OpenAPI files. Everything is foretold by a reader of our own: the requests, the
// steps, their outputs and the verdict (D1 to D19).
func TestEveryBranch(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the published documents are long, which -short leaves out")
	}
	byProvider := map[string][]string{}
	for _, path := range published.Extract(t, t.TempDir()) {
		provider := filepath.Base(filepath.Dir(filepath.Dir(path)))
		byProvider[provider] = append(byProvider[provider], path)
	}
	var providers []*provider
	t.Run("provider", func(t *testing.T) {
		for _, name := range sortedKeys(byProvider) {
			p := newProvider(name)
			providers = append(providers, p)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p.serve(t)
				for _, path := range byProvider[name] {
					p.document(t, path)
				}
			})
		}
	})
	compareFacts(t, providers)
	golden(t, providers)
}

// provider has the documents of one provider run, and counts.
type provider struct {
	name  string
	url   string
	apis  *descriptions
	built map[string]*openapi.Document
	judge map[string]*contract.Checker
	// tally is the one at hand: of the documents as they are, or of repaired ones.
	tally               *tally
	published, repaired tally
	// plans are those of the document at hand, by the inputs.
	plans map[string]*runner.Plan

	mutex   sync.Mutex
	answers []*answer
	sent    []sent
}

func newProvider(name string) *provider {
	p := &provider{
		name: name, apis: &descriptions{map[string]*description{}},
		built: map[string]*openapi.Document{}, judge: map[string]*contract.Checker{},
	}
	p.tally = &p.published
	return p
}

// serve answers as it is told, one answer after the other, and keeps what it got.
func (p *provider) serve(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mutex.Lock()
		p.sent = append(p.sent, sent{r.Method, r.RequestURI, r.Header.Clone(), body})
		a := &answer{status: http.StatusTeapot}
		if len(p.answers) > 0 {
			a, p.answers = p.answers[0], p.answers[1:]
		}
		p.mutex.Unlock()
		for name, value := range a.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.status)
		if text, isText := a.body.(string); isText && !isJSON(a.media) {
			_, _ = io.WriteString(w, text)
		} else if a.hasBody {
			_, _ = io.WriteString(w, jsonOf(a.body))
		}
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
}

// operation is the runner's own view of an operation, for its contract checks.
func (p *provider) operation(op *operation) (*openapi.Operation, *contract.Checker) {
	d, ok := p.built[op.api.path]
	if !ok {
		content, _ := os.ReadFile(op.api.path)
		d, _ = openapi.Load(&arazzosource.File{Name: op.api.path, Text: string(content)}, nil)
		p.built[op.api.path], p.judge[op.api.path] = d, contract.New(nil)
	}
	if d == nil {
		return nil, nil
	}
	pointer := "/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(op.path) + "/" + strings.ToLower(op.method)
	built, _ := d.OperationAt(pointer)
	return built, p.judge[op.api.path]
}

// document runs a document once for each of its branches.
func (p *provider) document(t *testing.T, path string) {
	t.Helper()
	d, err := readDocument(path, p.apis)
	if err != nil {
		t.Error(err)
		return
	}
	p.tally.documents++
	p.every(t, d)
}

// every takes every branch, of a document that can be run.
func (p *provider) every(t *testing.T, d *document) {
	t.Helper()
	all := d.branches()
	p.tally.possible += len(all)
	for _, b := range all {
		if b.kind == "goto" && b.target == b.from {
			p.tally.count(polling)
		}
	}
	p.plans = map[string]*runner.Plan{}
	if reason := d.unrunnable(); reason != "" {
		p.tally.unrunnable = append(p.tally.unrunnable, d.name+": "+reason)
		p.tally.untried += len(all)
		p.refused(t, d)
		p.repair(t, d)
		return
	}
	p.tally.ran++
	for _, b := range all {
		p.take(t, d, all, b)
	}
	p.leaner(t, d, all)
}

// unrunnable says why a document cannot be run, as far as this reader can tell.
func (d *document) unrunnable() string {
	var reasons []string
	for _, s := range d.steps {
		if s.operation == nil {
			reasons = append(reasons, s.id+": "+s.why)
		} else if missing := s.missing(); len(missing) > 0 {
			reasons = append(reasons, s.id+": it does not give "+strings.Join(missing, ", "))
		}
	}
	return strings.Join(reasons, "; ")
}

// missing are the parameters that the operation requires and the step does not give.
func (s *step) missing() []string {
	if s.operation == nil {
		return nil
	}
	var missing []string
	c := comparison{request: request{step: s}, op: s.operation}
	for _, p := range s.operation.parameters {
		in, name := text(p, "in"), text(p, "name")
		given := slices.ContainsFunc(s.parameters, func(g parameter) bool {
			return g.in == in && (g.name == name || in == "header" && strings.EqualFold(g.name, name))
		})
		if p["required"] == true && !given && in != "body" && in != "formData" && !c.isIgnored(name, in) {
			missing = append(missing, in+" "+name)
		}
	}
	return missing
}

// refused wants the runner to refuse what cannot be run, for the same reasons.
func (p *provider) refused(t *testing.T, d *document) {
	t.Helper()
	want := map[string]int{}
	for _, s := range d.steps {
		if s.operation == nil {
			want[map[string]string{unknown: "arazzo/unknown-operation", unread: "arazzo/source-not-found", ambiguous: "arazzo/ambiguous-operation"}[s.why]]++
			p.tally.count(s.why)
		}
		want["arazzo/missing-parameter"] += len(s.missing())
	}
	_, err := p.plan(t, d, d.makeInputs(nil, false))
	var found arazzosource.Diagnostics
	if !errors.As(err, &found) {
		t.Errorf("%s is run, and should not be: %v", d.name, err)
		return
	}
	got := map[string]int{}
	for _, f := range found {
		if f.Severity == arazzosource.Error {
			got[f.Code]++
		}
	}
	for code, n := range want {
		if code == "arazzo/source-not-found" {
			n = min(n, 1) // told once, at the source
		}
		if got[code] != n {
			t.Errorf("%s: the runner finds %s %d times, want %d", d.name, code, got[code], n)
		}
		delete(got, code)
	}
	if len(got) > 0 {
		t.Errorf("%s: the runner also finds %v", d.name, got)
	}
}

// plan loads the document once for each set of inputs.
func (p *provider) plan(t *testing.T, d *document, inputs map[string]any) (*runner.Plan, error) {
	t.Helper()
	key := jsonOf(inputs)
	if known := p.plans[key]; known != nil {
		return known, nil
	}
	plan, err := runner.Load(t.Context(), d.path, p.options(d, inputs))
	p.plans[key] = plan
	return plan, err
}

func (p *provider) options(d *document, inputs map[string]any) runner.Options {
	o := runner.Options{
		Inputs: inputs, Servers: map[string]string{}, Credentials: map[string]string{}, ShowSecrets: true, PollInterval: -1,
		Clock: still{}, Retrieval: retrieve.Options{NoCache: true, Offline: true}, StepTimeout: time.Minute,
	}
	for _, s := range d.steps {
		if s.operation == nil {
			continue
		}
		o.Servers[s.source] = p.url + "/" + s.source
		schemes := object(get(get(s.operation.api.root, "components"), "securitySchemes"))
		if s.operation.api.isSwagger() {
			schemes = object(s.operation.api.root["securityDefinitions"])
		}
		for name := range schemes {
			o.Credentials[s.source+"."+name] = credentialValue
		}
	}
	return o
}

// still is a clock on which waiting takes no time.
type still struct{}

func (still) Now() time.Time                                  { return time.Now() }
func (still) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// take finds a route through a branch, foretells it, and runs it.
func (p *provider) take(t *testing.T, d *document, all []branch, b branch) {
	t.Helper()
	inputs := d.makeInputs(d.further, false)
	reason := errors.New("no way leads there")
	var best *expectation
	for _, route := range routes(all, b) {
		x, err := d.expect(p, route, inputs)
		var untaken *errUntaken
		if errors.As(err, &untaken) && untaken.branch == b {
			err = untaken.why
		}
		if err != nil {
			reason = err
			continue
		}
		if best == nil || x.worth() > best.worth() {
			best = x
		}
		if best.worth() == 3 {
			break
		}
	}
	name := fmt.Sprintf("%s %s: %s", d.name, d.steps[b.from].id, b.name)
	if best == nil {
		p.tally.impossible = append(p.tally.impossible, name+": "+reason.Error())
		return
	}
	p.tally.taken++
	for _, complaint := range best.complaints {
		if strings.HasSuffix(complaint, " is not declared") && b.fails {
			p.tally.undeclared++
			continue
		}
		p.tally.against = append(p.tally.against, name+": "+complaint)
	}
	if best.unresolved != "" {
		p.tally.unresolved = append(p.tally.unresolved, name+": "+best.unresolved)
	}
	if absent := best.absentOutputs(); len(absent) > 0 {
		p.tally.absent = append(p.tally.absent, name+": "+strings.Join(absent, ", "))
	}
	p.run(t, d, name, best)
}

// worth prefers runs in which all requests can be made, then those whose answers the
// description allows.
func (x *expectation) worth() int {
	return 2*boolean(x.unresolved == "") + boolean(len(x.complaints) == 0)
}

// leaner runs the first route with the inputs that are required alone (D15).
func (p *provider) leaner(t *testing.T, d *document, all []branch) {
	t.Helper()
	inputs := d.makeInputs(d.further, true)
	for _, b := range all {
		for _, route := range routes(all, b) {
			if x, err := d.expect(p, route, inputs); err == nil {
				p.tally.lean++
				p.run(t, d, d.name+" with required inputs alone", x)
				return
			}
		}
	}
}

// run runs the document and compares everything with what was foretold.
func (p *provider) run(t *testing.T, d *document, name string, x *expectation) {
	t.Helper()
	plan, err := p.plan(t, d, x.inputs)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	p.answers, p.sent = slices.Clone(x.answers), nil
	result := execute(t, name, plan)
	if result == nil {
		return
	}
	p.tally.runs++
	w := result.Workflows[0]
	var visits []visit
	for _, s := range w.Steps {
		v := visit{Step: s.StepID, Status: string(s.Status), Attempts: len(s.Attempts), Outputs: s.Outputs}
		if s.Action != nil {
			v.Action = s.Action.Name
		}
		visits = append(visits, v)
	}
	type report struct {
		Status  string
		Visits  []visit
		Outputs map[string]any
	}
	if diff := cmp.Diff(report{x.status, x.visits, x.outputs}, report{string(w.Status), visits, w.Outputs}, cmp.Comparer(func(a, b json.Number) bool { return same(a, b) })); diff != "" {
		t.Errorf("%s (-want +got):\n%s%s", name, diff, problems(w))
	}
	if len(p.sent) != len(x.requests) {
		t.Errorf("%s: %d requests were sent, want %d", name, len(p.sent), len(x.requests))
		return
	}
	for i, r := range x.requests {
		p.request(t, d, name, r, p.sent[i])
	}
	p.compareContract(t, name, x, w)
}

// compareContract compares what the run itself says of its exchanges with what is to
// be said of them: nothing, but for documents that are at fault.
func (p *provider) compareContract(t *testing.T, name string, x *expectation, w *runner.WorkflowResult) {
	t.Helper()
	var got, want []string
	for _, s := range w.Steps {
		for _, a := range s.Attempts {
			for _, f := range a.Contract {
				got = append(got, fmt.Sprintf("%s %s: %s", s.StepID, f.Check, f.Pointer))
			}
		}
	}
	for i, r := range x.requests {
		op, checker := p.operation(r.step.operation)
		mediaType := p.sent[i].header.Get("Content-Type")
		for _, f := range append(checker.Request(op, r.asSent(mediaType)).Findings, checker.Response(op, x.answers[i].asReceived()).Findings...) {
			want = append(want, fmt.Sprintf("%s %s: %s", r.step.id, f.Check, f.Pointer))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: what the run says of its exchanges (-want +got):\n%s", name, diff)
	}
}

// problems are those that the report tells of.
func problems(w *runner.WorkflowResult) string {
	var b strings.Builder
	for _, s := range w.Steps {
		for _, a := range s.Attempts {
			if a.Error != nil {
				fmt.Fprintf(&b, "%s: %s: %s\n", s.StepID, a.Error.Code, a.Error.Message)
			}
		}
	}
	return b.String()
}

func execute(t *testing.T, name string, plan *runner.Plan) (result *runner.Result) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panic: %v", name, r)
		}
	}()
	return plan.Run(t.Context())
}

// request judges a request twice: by what the document says, and by its operation.
func (p *provider) request(t *testing.T, d *document, name string, r request, got sent) {
	t.Helper()
	p.tally.requests++
	for _, problem := range r.check(got) {
		t.Errorf("%s: %s: %s", name, r.step.id, problem)
	}
	op, checker := p.operation(r.step.operation)
	for _, f := range checker.Request(op, r.asSent(got.header.Get("Content-Type"))).Findings {
		line := fmt.Sprintf("%s %s: %s%s", d.name, r.step.id, at(f.Pointer), f.Message)
		if !slices.Contains(p.tally.unfit, line) {
			p.tally.unfit = append(p.tally.unfit, line)
		}
	}
}

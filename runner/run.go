package runner

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// run is one execution of a plan.
type run struct {
	*Plan
	client   *exchange.Client
	secrets  *secrets
	tokens   *credential.Tokens
	attempts atomic.Int64
	teller   *teller
	fault    *fault
}

// Run executes the plan's workflows and returns what happened, in their order. A
// workflow that fails does not stop the ones after it, except those that depend on
// it. Those that an end of ctx leaves over fail without a step. A panic of what the
// caller brought along, such as [Options.Transport], arrives at the caller of Run,
// whichever goroutine it happened in.
func (p *Plan) Run(ctx context.Context) *Result {
	if p.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, p.options.Timeout, &Problem{Code: "timeout", Message: fmt.Sprintf(
			"the run was not over within %s, the time that --timeout allows", p.options.Timeout)})
		defer cancel()
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	r := &run{Plan: p, client: exchange.New(p.options.exchange()), secrets: p.secrets.fork(), teller: newTeller(p.options.Observer, len(p.starts)), fault: &fault{end: end}}
	defer r.client.Close()
	r.tokens = r.newTokens(ctx)
	defer r.tokens.Close()
	strands := r.strands()
	r.execute(ctx, strands)
	r.fault.raise()
	result := &Result{
		Version: 1, Status: Succeeded, Document: p.document.File.Name,
		Workflows: []*WorkflowResult{}, Diagnostics: diagnostics(p.Diagnostics),
	}
	for _, s := range strands {
		result.Workflows = append(result.Workflows, s.results...)
		result.Diagnostics = append(result.Diagnostics, s.diagnostics...)
	}
	if slices.ContainsFunc(strands, (*strand).failed) {
		result.Status = Failed
	}
	result.Diagnostics = append(toldOnce(result.Diagnostics), diagnostics(r.fetchedTokens())...)
	result.interrupted = result.Status == Failed && ctx.Err() != nil && interruption(ctx).Code == interrupted
	return result
}

// mayGoOn says why no further attempt is made, or nil.
func (r *run) mayGoOn(ctx context.Context) *Problem {
	if ctx.Err() != nil {
		return interruption(ctx)
	}
	if r.attempts.Load() >= int64(r.options.MaxSteps) {
		return r.spent()
	}
	return nil
}

// spend takes one of the attempts that a run may make. It says why there is none.
func (r *run) spend(ctx context.Context) *Problem {
	if problem := r.mayGoOn(ctx); problem != nil {
		return problem
	}
	if r.attempts.Add(1) > int64(r.options.MaxSteps) { // a strand beside this one took the last
		r.attempts.Add(-1)
		return r.spent()
	}
	return nil
}

func (r *run) spent() *Problem {
	return &Problem{Code: "max-steps", Message: fmt.Sprintf(
		"the run made %d attempts, the most that --max-steps allows: is there a loop without an end?", r.options.MaxSteps)}
}

// interrupted is the code of a run that its caller ended.
const interrupted = "interrupted"

// interruption says why a context is over: its cause is the problem, where the
// runner ended it.
func interruption(ctx context.Context) *Problem {
	if problem, ok := context.Cause(ctx).(*Problem); ok {
		return &Problem{Code: problem.Code, Message: problem.Message, Fix: problem.Fix}
	}
	return &Problem{Code: interrupted, Message: "the run was interrupted"}
}

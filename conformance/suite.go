package conformance

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/report"
	"github.com/arazzo-conformance/arazzo/runner/source"
	"github.com/arazzo-conformance/arazzo/workflows"
)

// caseTimeout bounds a case, so that a target that hangs gives a verdict before
// go test gives up. The longest takes ten seconds when everything in it is retried.
const caseTimeout = 2 * time.Minute

// Case is one Arazzo document that an implementation is judged by.
type Case struct {
	// Name is the document's file name without its extension.
	Name string

	text string
}

// Cases lists the cases in the order of their names, which is the order they
// are run in, one after the other: a case may look at all there is on a target.
// No case is an error.
func Cases() ([]Case, error) {
	files, err := fs.Glob(workflows.FS, "*.yml")
	if err != nil {
		return nil, fmt.Errorf("listing the cases: %w", err)
	}
	if len(files) == 0 {
		return nil, errors.New("package workflows holds no document, so there is nothing to judge by")
	}
	var cases []Case
	for _, file := range files {
		text, err := workflows.FS.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a case: %w", err)
		}
		cases = append(cases, Case{Name: strings.TrimSuffix(file, path.Ext(file)), text: string(text)})
	}
	return cases, nil
}

// Verdict is what a case came to.
type Verdict struct {
	// Result is what was sent, answered and found. Secrets in it are masked.
	Result *runner.Result
	// Report is the same for a person, with the diagnostics and, where the
	// database seems to lack what the case needs, the fixture.
	Report string
}

// Passed tells whether the case ran and everything in it succeeded.
func (v *Verdict) Passed() bool {
	return len(v.Result.Workflows) > 0 && v.Result.Outcome() == runner.OutcomeSucceeded
}

// Run judges the target by the case. A target that cannot be reached is a
// verdict; an error means that the case could not be judged, because it or the
// target's address is at fault, and that nothing was sent.
func (c Case) Run(ctx context.Context, t Target) (*Verdict, error) {
	var text strings.Builder
	observer := &report.Text{W: &text, Verbose: true}
	// Nothing has this name on disk, so the sources of the document are the
	// bundled descriptions, wherever this is run.
	file := &source.File{Name: "(bundled)/workflows/" + c.Name + ".yml", Text: c.text}
	plan, err := runner.Parse(ctx, file, runner.Options{
		APIs: t.APIs(), DefaultInputs: inputs(t), Timeout: caseTimeout, Observer: observer,
	})
	if err != nil {
		return nil, fmt.Errorf("the case %s cannot be run, nothing was sent: %w", c.Name, err)
	}
	result := plan.Run(ctx)
	if err := observer.Summary(result); err != nil {
		return nil, fmt.Errorf("writing the report of %s: %w", c.Name, err)
	}
	// Below what happened: they are about the case, which is the same for all.
	for _, d := range plan.Diagnostics {
		text.WriteString(d.Render())
	}
	text.WriteString(fixtureHint(result))
	return &Verdict{Result: result, Report: text.String()}, nil
}

// inputs are what the cases take where they declare it. What is made on a target
// is named anew for each run, so that runs do not meet each other's leavings.
func inputs(t Target) map[string]string {
	name := "conformance-" + strings.ToLower(rand.Text())
	return map[string]string{
		"apiKey": t.APIKey, "streamName": name, "model": model, "email": name + "@example.com",
		"tag": strings.ReplaceAll(name, "-", "_"),
	}
}

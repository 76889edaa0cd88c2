package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Runner is what executes Arazzo documents.
type Runner interface {
	// Execute runs one workflow. An error means that there is no report, because
	// the runner could not be used at all; a document that it refuses is a report.
	Execute(ctx context.Context, t Task) (Report, error)
}

// Task is what a runner is given.
type Task struct {
	// Document is the file; the sources lie beside it.
	Document string
	// Workflow is the one to run.
	Workflow string
	// Inputs are JSON values, with numbers as json.Number.
	Inputs      Object
	Credentials map[string]Credential
	// Scratch is a folder for files of the runner's own.
	Scratch string
}

// Report is what a runner says of a task.
type Report struct {
	Verdict Verdict
	// Outputs are the workflow's.
	Outputs Object
	// Failing is the step whose failure ended the workflow; empty when the runner
	// does not tell.
	Failing string
	// Detail is shown when the case fails, in whatever words the runner has.
	Detail string
}

// Observation is what was seen of a case.
type Observation struct {
	Requests []Recorded
	Report   Report
	// Case is the case with the addresses that its servers had.
	Case *Case
}

// Deadline is when a runner is given up. Cases take milliseconds, and a program some
// tenths of a second for its start; what is above that is for machines under load.
const Deadline = 30 * time.Second

// Run lets the runner execute the case.
func Run(ctx context.Context, c *Case, r Runner) (*Observation, error) {
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()
	folder, err := os.MkdirTemp("", "arazzo-case-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	s := &script{over: make(chan struct{})}
	api, other := s.serve("api"), s.serve("other")
	end := sync.OnceFunc(func() {
		close(s.over)
		api.Close()
		other.Close()
	})
	defer end()
	// The same machine under two names: another host, for whoever keeps secrets.
	otherHost := strings.Replace(other.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	address := addresses(api.Listener.Addr().String(), otherHost)
	bound, err := Parse(c.Name, []byte(address.Replace(string(c.text))))
	if err != nil {
		return nil, err
	}
	s.replies = bound.Replies
	task, err := bound.lay(folder, address.Replace)
	if err != nil {
		return nil, err
	}
	report, err := r.Execute(ctx, task)
	if err != nil {
		return nil, err
	}
	end() // requests that are being read are written down by then
	return &Observation{Requests: s.seen(), Report: report, Case: bound}, nil
}

// lay writes the document and its sources into a folder.
func (c *Case) lay(folder string, address func(string) string) (Task, error) {
	contents := map[string]string{"workflow.yml": c.Document}
	for name, given := range c.Sources {
		text, err := source(given)
		if err != nil {
			return Task{}, err
		}
		contents[name] = address(text)
	}
	scratch := filepath.Join(folder, "scratch")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return Task{}, err
	}
	for name, text := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return Task{}, err
		}
	}
	return Task{
		Document: filepath.Join(folder, "workflow.yml"), Workflow: c.Workflow,
		Inputs: c.Inputs, Credentials: c.Credentials, Scratch: scratch,
	}, nil
}

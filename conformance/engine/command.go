package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
)

// Command is a runner that is a program.
type Command struct {
	// Args are the program and its arguments. In them {document} and {workflow} are
	// the task's, {inputs} is a file that holds its inputs as a JSON object, and
	// {report} is a file that the program may write.
	Args []string
	// Credentials are the arguments that give credentials.
	Credentials func(given map[string]Credential) []string
	// Env is the program's whole environment, NAME=VALUE.
	Env []string
	// Read makes a report of the program's exit code, what it wrote to {report}, nil
	// where it wrote nothing, and the workflow that it ran.
	Read func(exit int, report []byte, workflow string) (Report, error)
}

// Arazzo is this module's command line, built as the given program.
func Arazzo(program string) Command {
	return Command{
		Args: []string{
			program, "run", "{document}", "--workflow", "{workflow}", "--inputs", "{inputs}", "--show-secrets",
			"--report", "json={report}", "--report", "text",
		},
		Credentials: func(given map[string]Credential) (args []string) {
			for name, value := range credentials(given) {
				args = append(args, "--credential", name+"="+value)
			}
			return args
		},
		Read: readReport,
	}
}

// readReport reads the JSON report, which the exit code has to agree with.
func readReport(exit int, report []byte, workflow string) (Report, error) {
	decoder := json.NewDecoder(bytes.NewReader(report))
	decoder.UseNumber()
	var r runner.Result
	if err := decoder.Decode(&r); err != nil {
		return Report{}, fmt.Errorf("the JSON report: %w", err)
	}
	read := reportOf(&r, workflow)
	said := map[int]Verdict{0: Succeeded, 1: Failed, 2: Refused, 3: Failed}[exit]
	if said != read.Verdict {
		return Report{}, fmt.Errorf("the exit code is %d, and the report says %s", exit, read.Verdict)
	}
	return read, nil
}

// Execute implements [Runner].
func (c Command) Execute(ctx context.Context, t Task) (Report, error) {
	report, inputs := filepath.Join(t.Scratch, "report"), filepath.Join(t.Scratch, "inputs.json")
	object := t.Inputs
	if object == nil {
		object = Object{}
	}
	if err := os.WriteFile(inputs, []byte(shown(object)), 0o600); err != nil {
		return Report{}, err
	}
	args := replaced(c.Args, "{document}", t.Document, "{workflow}", t.Workflow, "{inputs}", inputs, "{report}", report)
	args = append(args, c.Credentials(t.Credentials)...)
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = append([]string{}, c.Env...)
	said, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Report{}, err
	}
	written, err := os.ReadFile(report)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return Report{}, err
	}
	result, err := c.Read(command.ProcessState.ExitCode(), written, t.Workflow)
	if err != nil {
		return Report{}, fmt.Errorf("%w; the program said: %s", err, said)
	}
	result.Detail = string(said)
	return result, nil
}

func replaced(templates []string, pairs ...string) []string {
	replacer := strings.NewReplacer(pairs...)
	texts := make([]string, 0, len(templates))
	for _, t := range templates {
		texts = append(texts, replacer.Replace(t))
	}
	return texts
}

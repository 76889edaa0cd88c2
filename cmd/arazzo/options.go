package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// options turns the flags into the runner's options.
func (f *runFlags) options(ctx context.Context, stdin io.Reader) (runner.Options, error) {
	o := runner.Options{
		Workflows: f.workflows, Strict: f.strict, MaxSteps: f.maxSteps, Timeout: f.timeout,
		StepTimeout: f.stepTimeout, Parallel: f.parallel, PollInterval: f.pollInterval, ShowSecrets: f.showSecrets, LookupEnv: os.LookupEnv,
		CredentialsFile:  f.credentialsFile,
		Files:            f.files,
		MaxResponseBytes: f.maxResponseBytes,
	}
	if o.PollInterval == 0 {
		o.PollInterval = -1 // none; 0 stands for the default
	}
	var err error
	if o.Checks, err = f.levels(); err != nil {
		return o, err
	}
	if o.TLS, err = f.tls(); err != nil {
		return o, err
	}
	if o.Inputs, err = readInputs(ctx, f.inputsFile, stdin); err != nil {
		return o, err
	}
	given, err := pairs("--input", f.inputs)
	if err != nil {
		return o, err
	}
	for name, value := range given {
		o.Inputs[name] = runner.Text(value)
	}
	if o.Sources, err = pairs("--source", f.sources); err != nil {
		return o, err
	}
	if o.Servers, err = pairs("--server", f.servers); err != nil {
		return o, err
	}
	if o.ServerVariables, err = pairs("--server-var", f.serverVars); err != nil {
		return o, err
	}
	if o.Retrieval, err = f.retrieval(); err != nil {
		return o, err
	}
	o.Credentials, err = pairs("--credential", f.credentials)
	return o, err
}

// pairs reads NAME=VALUE arguments.
func pairs(flag string, args []string) (map[string]string, error) {
	m := make(map[string]string, len(args))
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			// The argument is not repeated: it may be a secret.
			return nil, fmt.Errorf("%s expects NAME=VALUE", flag)
		}
		if _, given := m[name]; given {
			return nil, fmt.Errorf("%s gives %s twice", flag, name)
		}
		m[name] = value
	}
	return m, nil
}

// readInputs reads a JSON or YAML object of inputs.
func readInputs(ctx context.Context, name string, stdin io.Reader) (map[string]any, error) {
	if name == "" {
		return map[string]any{}, nil
	}
	text, err := source.Await(ctx, func() ([]byte, error) { return readAll(name, stdin) })
	if err != nil {
		return nil, fmt.Errorf("--inputs: %w", err)
	}
	root, err := source.Parse(&source.File{Name: name, Text: string(text)})
	if err != nil {
		return nil, err
	}
	inputs, ok := root.Data().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("--inputs: %s holds no JSON or YAML object", name)
	}
	return inputs, nil
}

func readAll(name string, stdin io.Reader) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		stdin = f
	}
	text, err := io.ReadAll(io.LimitReader(stdin, source.MaxBytes+1))
	if err == nil && len(text) > source.MaxBytes {
		err = fmt.Errorf("%s has more than %d bytes", name, source.MaxBytes)
	}
	return text, err
}

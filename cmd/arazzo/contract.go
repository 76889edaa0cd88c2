package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/runner/contract"
)

// contractFlags say how much it matters that what is sent and what comes is as the
// OpenAPI operation says.
type contractFlags struct {
	contract bool
	checks   []string
}

func (f *contractFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.contract, "contract", false, "what is not as its OpenAPI operation says fails the step: all checks are errors")
	flags.StringArrayVar(&f.checks, "check", nil,
		"how much one check matters, `NAME=LEVEL[,…]`: status, content-type, schema, header or request; off, warn or error; repeatable")
}

// levels are those of the checks: --check goes before --contract, which sets them all.
func (f *contractFlags) levels() (contract.Levels, error) {
	levels := contract.Levels{}
	if f.contract {
		levels = contract.Every(contract.Error)
	}
	if err := levels.Set(f.checks...); err != nil {
		return nil, fmt.Errorf("--check: %w", err)
	}
	return levels, nil
}

package main

import (
	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/runner"
)

// describeFlags are the flags of arazzo describe, as they were typed.
type describeFlags struct {
	loadingFlags
	servers, serverVars []string
	noColor             bool
}

func describeCommand() *cobra.Command {
	f := &describeFlags{}
	c := &cobra.Command{
		Use:   "describe FILE",
		Short: "Show what an Arazzo document would do",
		Long: "Show the workflows of an Arazzo document, given as a path or an http(s) URL: their\n" +
			"inputs, steps, operations, actions, and the credentials they need. Nothing is sent.\n\n" +
			"Exit codes: 0 shown, 2 an error was found in the document, 4 our fault, 130 interrupted.",
		Args: oneDocument,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	f.loadingFlags.add(flags)
	flags.StringArrayVar(&f.servers, "server", nil, "where the API of a source really is, `NAME=URL`; repeatable")
	flags.StringArrayVar(&f.serverVars, "server-var", nil, "a variable of a declared server, `[SOURCE.]NAME=VALUE`; repeatable")
	flags.BoolVar(&f.noColor, "no-color", false, "no colours, as with the environment variable NO_COLOR")
	return c
}

// run shows what is known, whatever is wrong with the rest, and then says that.
func (f *describeFlags) run(c *cobra.Command, location string) error {
	var o runner.DescribeOptions
	var err error
	if o.Sources, err = pairs("--source", f.sources); err == nil {
		o.Servers, err = pairs("--server", f.servers)
	}
	if err == nil {
		o.ServerVariables, err = pairs("--server-var", f.serverVars)
	}
	if err == nil {
		o.Retrieval, err = f.retrieval()
	}
	if err != nil {
		return exit.Usage{Err: err}
	}
	o.Color = !f.noColor && colorful(c.OutOrStdout())
	found, err := runner.Describe(c.Context(), c.OutOrStdout(), location, o)
	if err != nil {
		return exit.Unwritten{Err: err}
	}
	if err := c.Context().Err(); err != nil {
		return err
	}
	exit.Print(c.ErrOrStderr(), found, false)
	if found.Failed() {
		return exit.Code(exit.BadInput)
	}
	return nil
}

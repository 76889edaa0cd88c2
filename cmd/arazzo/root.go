package main

import (
	"github.com/spf13/cobra"

	"github.com/arazzo-conformance/arazzo/cmd/internal/serve"
)

// root is the program's command tree.
func root() *cobra.Command {
	command := &cobra.Command{
		Use:   "arazzo",
		Short: "Run and judge Arazzo workflows",
		Long: "arazzo executes Arazzo documents, the OpenAPI Initiative's workflow format,\n" +
			"against live APIs, and reports success only for what was really done.",
		Args: cobra.NoArgs,
		// Without a RunE an unknown command would print the help and succeed.
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.CompletionOptions.HiddenDefaultCmd = true
	command.AddCommand(runCommand(), validateCommand(), describeCommand(), conformanceCommand(), versionCommand(), serve.Command("reference"))
	return command
}

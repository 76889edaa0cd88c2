// Command arazzo executes Arazzo documents against live APIs.
package main

import (
	"os"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
)

func main() {
	collectLater()
	os.Exit(exit.Run(root(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

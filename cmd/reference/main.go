// Command reference serves the Prisma Pulse and Accelerate reference on its own.
package main

import (
	"os"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/cmd/internal/serve"
)

func main() {
	os.Exit(exit.Run(serve.Command("reference"), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Package cmd holds the programs, and the tests that keep the whole house in
// order: who may import whom, how large files and functions may grow, and that
// the commands of the README run.
//
//	arazzo            the command line of the runner
//	reference         the reference server on its own
//	internal/serve    the reference command, which both programs have
//	internal/exit     exit codes, and how an error becomes one
//	internal/bench    what make bench-runner runs: arazzo run beside yardsticks
package cmd

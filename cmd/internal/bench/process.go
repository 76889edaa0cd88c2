package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// measure runs the programs of a case in turn, after a turn that does not count, and
// prints a table.
func (b *bench) measure(c measured) error {
	taken := make([][]cost.Process, len(c.contenders))
	for turn := range c.runs + 1 {
		for i, program := range c.contenders {
			s, err := b.run(program)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", c.name, program.name, err)
			}
			if turn > 0 {
				taken[i] = append(taken[i], s)
			}
		}
	}
	return c.print(os.Stdout, taken)
}

// run runs a program once and counts what it sent.
func (b *bench) run(c contender) (cost.Process, error) {
	if _, err := b.api.sent(); err != nil { // begins the count anew
		return cost.Process{}, err
	}
	var said bytes.Buffer
	command := exec.Command(c.command[0], c.command[1:]...)
	command.Stderr = &said // standard output is discarded, as in a script
	started := time.Now()
	err := command.Run()
	wall := time.Since(started)
	if err != nil {
		return cost.Process{}, fmt.Errorf("%w\n%s", err, said.String())
	}
	sent, err := b.api.sent()
	if err == nil && sent != c.requests {
		err = fmt.Errorf("it sent %d requests, the case has %d", sent, c.requests)
	}
	return cost.Of(command.ProcessState, wall), err
}

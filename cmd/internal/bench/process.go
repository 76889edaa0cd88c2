package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// sample is what one process took: seconds of wall clock and of processors (its own
// and the kernel's for it), and the most memory that it had, in MiB.
type sample struct{ wall, cpu, peak float64 }

// measure runs the programs of a case in turn, after a turn that does not count, and
// prints a table.
func (b *bench) measure(c measured) error {
	taken := make([][]sample, len(c.contenders))
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
func (b *bench) run(c contender) (sample, error) {
	if _, err := b.api.sent(); err != nil { // begins the count anew
		return sample{}, err
	}
	var said bytes.Buffer
	command := exec.Command(c.command[0], c.command[1:]...)
	command.Stderr = &said // standard output is discarded, as in a script
	started := time.Now()
	err := command.Run()
	wall := time.Since(started)
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, said.String())
	}
	sent, err := b.api.sent()
	if err == nil && sent != c.requests {
		err = fmt.Errorf("it sent %d requests, the case has %d", sent, c.requests)
	}
	state := command.ProcessState
	return sample{
		wall: wall.Seconds(), cpu: (state.UserTime() + state.SystemTime()).Seconds(), peak: peak(state),
	}, err
}

// spread is the least, the middle and the most of some figures.
type spread struct{ least, middle, most float64 }

func spreadOf(samples []sample, figure func(int, sample) float64) spread {
	list := make([]float64, len(samples))
	for i, s := range samples {
		list[i] = figure(i, s)
	}
	slices.Sort(list)
	return spread{list[0], list[len(list)/2], list[len(list)-1]}
}

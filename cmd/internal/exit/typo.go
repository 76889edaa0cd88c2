package exit

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// suggestFlag adds to the error of a flag that there is not which ones are like it.
func suggestFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	near := source.Nearest(unknown.GetSpecifiedName(), names)
	for i, name := range near {
		near[i] = "--" + name
	}
	return meant(err, near)
}

// unknownCommand is what cobra says of a command that there is not.
var unknownCommand = regexp.MustCompile(`^unknown command "([^"]*)" for `)

// suggestCommand adds to the error of a command that there is not which ones are
// like it.
func suggestCommand(root *cobra.Command, args []string, err error) error {
	name := unknownCommand.FindStringSubmatch(err.Error())
	if name == nil {
		return err
	}
	within, _, _ := root.Find(args)
	if within == nil {
		within = root
	}
	var names []string
	for _, c := range within.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return meant(err, source.Nearest(name[1], names))
}

func meant(err error, near []string) error {
	if len(near) == 0 {
		return err
	}
	return fmt.Errorf("%w: is %s meant?", err, strings.Join(near, " or "))
}

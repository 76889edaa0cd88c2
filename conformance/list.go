package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// List writes the cases that the options choose, and the requirements with how many
// cases prove them: all of the profile, or where cases are chosen those of them.
func List(w io.Writer, o Options) error {
	cases, err := Cases()
	if err != nil {
		return err
	}
	requirements, err := Requirements()
	if err != nil {
		return err
	}
	o.Profile = cmp.Or(o.Profile, AllProfile)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	proven := map[string]int{}
	chosen := slices.DeleteFunc(o.Profile.of(cases), func(c Case) bool { return o.leftOut(c) != "" })
	for _, c := range chosen {
		for _, r := range c.Requirements {
			proven[r]++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", c.ID, strings.Join(c.Requirements, ","), needs(c), c.Title)
	}
	fmt.Fprintf(table, "\n")
	whole := len(o.Run) == 0 && len(o.Skip) == 0
	for _, r := range requirements {
		if of := o.Profile == AllProfile || strings.HasPrefix(r.ID, prefixes[API(o.Profile)]); whole && of || proven[r.ID] > 0 {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, provenBy(r, proven[r.ID]), cmp.Or(r.Feature, string(r.Level)), r.Statement)
		}
	}
	fmt.Fprintf(table, "\n%d of %d cases, %d requirements\n", len(chosen), len(cases), len(requirements))
	return table.Flush()
}

// needs is what a case needs beyond the core.
func needs(c Case) string {
	words := append([]string{}, c.Features...)
	if c.Condition != "" {
		words = append(words, string(c.Condition))
	}
	if len(words) == 0 {
		return "core"
	}
	return strings.Join(words, ",")
}

// provenBy says how many cases prove a requirement.
func provenBy(r Requirement, n int) string {
	switch {
	case r.Observe == Never:
		return "never seen"
	case n == 1:
		return "1 case"
	default:
		return fmt.Sprintf("%d cases", n)
	}
}

// WriteFixture writes the files that a server is made ready with for the cases into a
// folder, which is made where it is missing, and over nothing.
func WriteFixture(dir string) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for _, file := range []struct{ name, text string }{{"fixture.prisma", FixtureSchema}, {"fixture.sql", FixtureSQL}} {
		path := filepath.Join(dir, file.name)
		err = errors.Join(err, writeNew(path, file.text))
		files = append(files, path)
	}
	return files, err
}

// writeNew writes a file that there is not yet.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
)

// loadingFlags say where documents are, and which servers they may come from.
type loadingFlags struct {
	sources, allowHosts []string
	offline             bool
}

func (f *loadingFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.sources, "source", nil, "where a source description really is, `NAME=PATH|URL`; repeatable")
	flags.StringArrayVar(&f.allowHosts, "allow-host", nil, "a `HOST[:PORT]` that documents may come from, beside those that the document names; repeatable")
	flags.BoolVar(&f.offline, "offline", false, "read http(s) documents from the copies of earlier runs alone")
}

// retrieval is how documents are read. Copies are kept in the user's cache folder.
func (f *loadingFlags) retrieval() (retrieve.Options, error) {
	o := retrieve.Options{Offline: f.offline}
	for _, text := range f.allowHosts {
		host, err := retrieve.ParseHost(text)
		if err != nil {
			return o, err
		}
		o.AllowHosts = append(o.AllowHosts, host)
	}
	return o, nil
}

// oneDocument and someDocuments are what commands that read documents take as
// arguments. Folders and files that are not there are told with everything else
// that is found.
func oneDocument(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%s takes one FILE, and there are %d: %s", c.CommandPath(), len(args), strings.Join(args, ", "))
	}
	return someDocuments(c, args)
}

func someDocuments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s needs the path or http(s) URL of a document", c.CommandPath())
	}
	for _, location := range args {
		switch location {
		case "":
			return errors.New("a FILE is empty: give the path or http(s) URL of a document")
		case "-":
			return errors.New("a document is not read from standard input, because its sources lie relative to it: give its path; ./- is a file of that name")
		}
	}
	return nil
}

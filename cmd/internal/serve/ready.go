package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/arazzo-conformance/arazzo/reference/boot"
)

// ready is what the ready file holds: the CLI contract's four members, of which the
// last two are empty where there are several environments, and what was added since.
type ready struct {
	Pulse       string `json:"pulse"`
	Accelerate  string `json:"accelerate"`
	APIKey      string `json:"apiKey"`
	DatabaseURL string `json:"databaseUrl"`
	Metrics     string `json:"metrics,omitempty"`
	// Environments are the names of those that an environments file gave.
	Environments []string `json:"environments,omitempty"`
}

// clearReady removes the file of an earlier run that was killed: who waits for it
// must not read where nothing is any more.
func clearReady(name string) error {
	if name == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		// Before anything is started, and changed in a database.
		return fmt.Errorf("--ready-file: %w: name a file in a folder that you may write", err)
	}
	info, err := os.Lstat(name)
	if err != nil {
		// There is nothing to remove, or writing it will say what is wrong.
		return nil
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("--ready-file: expected the name of a file to write, found %s, which is something else", name)
	}
	if err := os.Remove(name); err != nil {
		return fmt.Errorf("--ready-file: %w", err)
	}
	return nil
}

// write tells a program that waits where everything is. The file appears whole or
// not at all.
func (r ready) write(name string) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".ready-*")
	if err != nil {
		return fmt.Errorf("--ready-file: %w: name a file in a folder that you may write", err)
	}
	encoder := json.NewEncoder(temporary)
	encoder.SetEscapeHTML(false) // the URL has & in it, and shell scripts read this
	err = encoder.Encode(r)
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--ready-file: %w", err), os.Remove(temporary.Name()))
	}
	return nil
}

// show tells a person where everything is. Of what was given, keys and a database's
// password are not shown: the lines of a service end up in logs.
func show(w io.Writer, r *boot.Reference, all []boot.Environment) {
	fmt.Fprintf(w, "Pulse       %s\nAccelerate  %s\n", r.PulseURL, r.AccelerateURL)
	if r.MetricsURL != "" {
		fmt.Fprintf(w, "Metrics     %s\n", r.MetricsURL)
	}
	for _, e := range all {
		key, database := r.APIKey, r.DatabaseURL
		if n := len(e.Keys); n == 1 {
			key = "the one given"
		} else if n > 1 {
			key = fmt.Sprintf("one of the %d given", n)
		}
		if place, err := boot.PlaceOf(e.DatabaseURL); err == nil && e.DatabaseURL != "" {
			database = place.String()
		}
		if e.Name != "" {
			fmt.Fprintf(w, "Environment %s\n", e.Name)
		}
		fmt.Fprintf(w, "API key     %s\nDatabase    %s\n", key, database)
	}
}

package environments

import (
	"context"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Variable is the environment variable that holds API keys where no flag gives any:
// as many as there are, with spaces or line ends between them.
const Variable = "ARAZZO_API_KEYS"

// place is where a key was given.
type place struct {
	source.Position
	// name says it where there is no position, or where a position has several keys.
	name string
}

func (p place) String() string {
	if p.File != nil {
		return p.Position.String()
	}
	return p.name
}

// maxFound is how many mistakes with keys are told: who gave a file of something
// else need not read all of it.
const maxFound = 50

// keyring gathers API keys, each once in a process: one key is nobody's if it is two
// environments'.
type keyring struct {
	places map[jsonhttp.Key]place
	found  source.Diagnostics
}

func newKeyring() *keyring { return &keyring{places: map[jsonhttp.Key]place{}} }

// full tells that more keys need not be looked at.
func (k *keyring) full() bool { return len(k.found) > maxFound || len(k.places) > jsonhttp.MaxKeys }

// wrong reports a mistake with a key.
func (k *keyring) wrong(at place, message, fix string) {
	if len(k.found) == maxFound {
		message, fix = "and there are more mistakes from here on", ""
	}
	if at.name != "" {
		message = at.name + ": " + message
	}
	k.found = append(k.found, &source.Diagnostic{
		Code: "wrong-api-key", Severity: source.Error, Position: at.Position, Message: message, Fix: fix,
		Expected: "an API key, or sha256: and the hash of one, each once",
	})
}

// add takes a key to those that there are.
func (k *keyring) add(keys jsonhttp.Keys, text string, at place) jsonhttp.Keys {
	if k.full() {
		return keys
	}
	key, err := jsonhttp.ParseKey(text)
	if err != nil {
		k.wrong(at, err.Error(), "")
		return keys
	}
	if first, given := k.places[key]; given {
		k.wrong(at, "the API key was given before, at "+first.String(), "leave out one of them; where they are two environments', make a key of its own for each")
		return keys
	}
	if len(k.places) == jsonhttp.MaxKeys {
		k.wrong(at, fmt.Sprintf("this is one API key more than %d, which is as many as a process takes", jsonhttp.MaxKeys), "")
	}
	k.places[key] = at
	return append(keys, key)
}

// addFile takes the keys of a file: one a line, and lines that begin with # are
// comments.
func (k *keyring) addFile(ctx context.Context, path string, given place) (jsonhttp.Keys, error) {
	file, err := read(ctx, path)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		k.found = append(k.found, &source.Diagnostic{
			Code: "api-keys-not-read", Severity: source.Error, Position: given.Position,
			Message: fmt.Sprintf("the API keys file %s cannot be read: %v", path, err), Expected: "a file with one API key a line", Fix: "correct " + given.name,
		})
		return nil, nil
	}
	var keys jsonhttp.Keys
	plain, before, number := false, len(k.found), 0
	for line := range strings.Lines(strings.TrimPrefix(file.Text, "\ufeff")) {
		if k.full() {
			break
		}
		number++
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		column := 1 + utf8.RuneCountInString(line[:strings.Index(line, text)])
		keys = k.add(keys, text, place{Position: source.Position{File: file.File, Line: number, Column: column}})
		plain = plain || !strings.HasPrefix(text, "sha256:")
	}
	if len(keys) == 0 && len(k.found) == before {
		k.wrong(place{Position: source.Position{File: file.File}}, "the API keys file holds no key", "")
	}
	if plain && file.Exposed {
		k.found = append(k.found, warnExposed(file))
	}
	return keys, nil
}

// addVariable takes the keys of an environment variable.
func (k *keyring) addVariable(name string, given place) jsonhttp.Keys {
	texts := strings.Fields(os.Getenv(name))
	if len(texts) == 0 {
		k.wrong(place{Position: given.Position}, fmt.Sprintf("the environment variable %s holds no API key", name), "set it, with spaces between several keys")
	}
	var keys jsonhttp.Keys
	for i, text := range texts {
		at := given
		at.name = fmt.Sprintf("%s, number %d", name, i+1)
		keys = k.add(keys, text, at)
	}
	return keys
}

// Keys reads the API keys of a process that serves one database: those of the
// flags --api-key and --api-keys, or where neither is given those of [Variable].
// There may be none. Of what was found, errors are to end the program. The error is
// that of ctx.
func Keys(ctx context.Context, flags, files []string) (jsonhttp.Keys, source.Diagnostics, error) {
	ring := newKeyring()
	var keys jsonhttp.Keys
	for i, text := range flags {
		keys = ring.add(keys, text, place{name: fmt.Sprintf("--api-key, number %d", i+1)})
	}
	for _, path := range files {
		more, err := ring.addFile(ctx, path, place{name: "--api-keys"})
		if err != nil {
			return nil, nil, err
		}
		keys = append(keys, more...)
	}
	if _, set := os.LookupEnv(Variable); set && len(flags)+len(files) == 0 {
		keys = ring.addVariable(Variable, place{name: Variable})
	}
	return keys, ring.found, nil
}

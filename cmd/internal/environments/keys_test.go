package environments

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

const expectedOfKey = "  expected: an API key, or sha256: and the hash of one, each once\n"

func TestKeys(t *testing.T) {
	const again = expectedOfKey + "  next: leave out one of them; where they are two environments', make a key of its own for each\n"
	for _, test := range []struct {
		name         string
		flags, files []string
		variable     string
		want         jsonhttp.Keys
		told         string
	}{
		{name: "flags and files", flags: []string{"f", hashOfA}, files: []string{"one", "two"}, want: keys("f", "a", "b", "c#d", "e")},
		{name: "the variable", variable: "x\ty\n", want: keys("x", "y")},
		{name: "a flag goes before the variable", flags: []string{"f"}, variable: "x", want: keys("f")},
		{name: "a file goes before the variable", files: []string{"two"}, variable: "x", want: keys("e")},
		{name: "an empty variable", variable: " ", told: "error[wrong-api-key]: the environment variable ARAZZO_API_KEYS holds no API key\n" + expectedOfKey + "  next: set it, with spaces between several keys\n"},
		{name: "an empty flag", flags: []string{"f", ""}, want: keys("f"), told: "error[wrong-api-key]: --api-key, number 2: an API key is empty, and would let everybody in\n" + expectedOfKey},
		{name: "a flag twice", flags: []string{"f", "f"}, want: keys("f"), told: "error[wrong-api-key]: --api-key, number 2: the API key was given before, at --api-key, number 1\n" + again},
		{name: "a key of a flag and of a file", flags: []string{"b"}, files: []string{"one"}, want: keys("b", "c#d"), told: "one:3:3: error[wrong-api-key]: the API key was given before, at --api-key, number 1\n" + again},
		{name: "a key twice in the variable", variable: "a " + hashOfA, want: keys("a"), told: "error[wrong-api-key]: ARAZZO_API_KEYS, number 2: the API key was given before, at ARAZZO_API_KEYS, number 1\n" + again},
		{name: "a file twice", files: []string{"two", "two"}, want: keys("e"), told: "two:1:1: error[wrong-api-key]: the API key was given before, at two:1:1\n" + again},
		{name: "a file without keys", files: []string{"none"}, told: "none: error[wrong-api-key]: the API keys file holds no key\n" + expectedOfKey},
		{name: "a file with a mistake in each line", files: []string{"bad"}, want: keys("f"), told: "bad:1:1: error[wrong-api-key]: an API key has at byte 1 what a header cannot carry: visible ASCII characters go, and no spaces\n" + expectedOfKey +
			"bad:2:1: error[wrong-api-key]: after sha256: there are not the 64 hexadecimal digits of a hash: printf %s KEY | sha256sum makes them\n" + expectedOfKey},
		{name: "files that are not there", files: []string{"nothing", "folder"}, told: "error[api-keys-not-read]: the API keys file nothing cannot be read: no such file or directory\n  expected: a file with one API key a line\n  next: correct --api-keys\n" +
			"error[api-keys-not-read]: the API keys file folder cannot be read: it is a folder\n  expected: a file with one API key a line\n  next: correct --api-keys\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, map[string]string{
				"one": "# mine\n\n  b  \nc#d\n", "two": "e", "none": "# nothing\n\n", "bad": "é hunter22\nsha256:hunter22\nf\n", "folder/x": "",
			})
			if test.variable != "" {
				t.Setenv(Variable, test.variable)
			}
			got, found, err := Keys(t.Context(), test.flags, test.files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.told, told(found)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if found.Failed() != (test.told != "") {
				t.Errorf("failed: %t", found.Failed())
			}
		})
	}
}

// A file of something else is not told of line by line, and too many keys are one
// mistake.
func TestManyKeys(t *testing.T) {
	var many strings.Builder
	for i := range jsonhttp.MaxKeys {
		fmt.Fprintf(&many, "key-%d\n", i)
	}
	in(t, map[string]string{"wrong": strings.Repeat("a b\n", 10000), "full": many.String(), "over": "k\nl\nm\n"})
	_, found, err := Keys(t.Context(), nil, []string{"wrong"})
	if err != nil || len(found) != maxFound+1 || found[maxFound].Message != "and there are more mistakes from here on" {
		t.Errorf("%v, %d diagnostics, the last is %s", err, len(found), told(found[len(found)-1:]))
	}
	got, found, err := Keys(t.Context(), nil, []string{"full"})
	if err != nil || len(got) != jsonhttp.MaxKeys || told(found) != "" {
		t.Errorf("%v, %d keys, %s", err, len(got), told(found))
	}
	_, found, err = Keys(t.Context(), nil, []string{"full", "over"})
	want := "over:1:1: error[wrong-api-key]: this is one API key more than 1000, which is as many as a process takes\n" + expectedOfKey
	if diff := cmp.Diff(want, told(found)); err != nil || diff != "" {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
}

// A pipe that nobody writes to is waited for, and no longer than the program runs.
func TestKeysOfAPipe(t *testing.T) {
	in(t, nil)
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Keys(ctx, nil, []string{"pipe"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Whatever a file holds, there are keys or a mistake, and mistakes have a place in it.
func FuzzKeys(f *testing.F) {
	for _, text := range []string{"a\nb", "# c\r\n\r\n" + hashOfA, "sha256:zz", "\ufeffa\n\ta \n", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in(t, map[string]string{"keys": text})
		got, found, err := Keys(t.Context(), nil, []string{"keys"})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 && !found.Failed() {
			t.Error("no key, and no mistake")
		}
		for _, d := range found {
			if d.Position.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%s is beyond the file's end", d.Position)
			}
		}
	})
}

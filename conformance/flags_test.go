package conformance_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// TestFlags holds which command lines are refused, and with which words. No row
// boots or judges anything.
func TestFlags(t *testing.T) {
	t.Parallel()
	const together = "the profile all of a target takes --pulse URL, --accelerate URL and --api-key KEY: "
	target := slices.Clip([]string{"-pulse", "http://localhost:1", "-accelerate", "https://localhost/a", "-api-key", "k"})
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"none: the bundled reference", nil, ""},
		{"a whole target", target, ""},
		{
			"a URL alone",
			[]string{"-pulse", "http://localhost:1"},
			together + "given --pulse, missing --accelerate and --api-key; add what is missing, or judge Pulse alone: --profile pulse --database-url URL",
		},
		{
			"no key",
			[]string{"-pulse", "http://localhost:1", "-accelerate", "http://localhost:2"},
			together + "given --pulse and --accelerate, missing --api-key; add what is missing",
		},
		{
			"an empty URL",
			[]string{"-pulse", "", "-accelerate", "http://localhost:2", "-api-key", "secret"},
			together + "given --accelerate and --api-key, missing --pulse; add what is missing, or judge Accelerate alone: --profile accelerate",
		},
		{
			"an address without a scheme",
			[]string{"-pulse", "localhost:1", "-accelerate", "http://localhost:2", "-api-key", "k"},
			"--pulse localhost:1 is not an http(s) URL; give one such as http://127.0.0.1:4466",
		},
		{
			"a URL that does not parse shows no password",
			[]string{"-pulse", "http://me:secret@[", "-accelerate", "http://localhost:2", "-api-key", "k"},
			"--pulse is not a URL; give one such as http://127.0.0.1:4466",
		},
		{
			"a query shows no password",
			[]string{"-pulse", "http://localhost:1", "-accelerate", "http://me:secret@localhost:2?a=b", "-api-key", "k"},
			"--accelerate http://me:xxxxx@localhost:2?a=b has a query or a fragment; give the base URL alone, paths are added to it",
		},
		{
			"a key with a line break",
			[]string{"-pulse", "http://localhost:1", "-accelerate", "http://localhost:2", "-api-key", "secret\n"},
			"--api-key has a line break, a blank at an end or the like in it, which no header carries: give the key alone",
		},
		{
			"two keys that are one",
			[]string{"-pulse", "http://localhost:1", "-accelerate", "http://localhost:2", "-api-key", "secret", "-other-api-key", "secret"},
			"--other-api-key is the key of --api-key: give that of a second environment, or leave it out",
		},
		{
			"cases of another profile",
			[]string{"-profile", "accelerate", "-accelerate", "http://localhost:2", "-api-key", "k", "-run", "pulse-health,pulse-list"},
			"--run pulse-health,pulse-list names no case of the profile accelerate: leave out --profile, or name others",
		},
		{"a word that is no flag", []string{"http://localhost:1"}, `"http://localhost:1" is no flag: each begins with a hyphen, as in --pulse URL`},
		{"every way to a Postgres", []string{"-postgres", "container", "-postgres-image", "postgres:18"}, ""},
		{"an unknown way to a Postgres", []string{"-postgres", "docker"}, "--postgres docker: expected auto, container, launcher or download"},
		{"a Postgres that is there", []string{"-database-url", "postgres://localhost/x"}, ""},
		{
			"a Postgres that is there, and one to start",
			[]string{"-database-url", "postgres://localhost/x", "-postgres", "container"},
			"--database-url names a Postgres that is there already: leave out --postgres and --postgres-image",
		},
		{
			"a target and a Postgres",
			[]string{"-pulse", "http://localhost:1", "-postgres", "container"},
			"a target is named, so nothing is booted: leave out --postgres and --postgres-image",
		},
		{"Accelerate alone", []string{"-profile", "accelerate", "-accelerate", "http://localhost:2", "-api-key", "k"}, ""},
		{"Pulse alone, and a database", []string{"-profile", "pulse", "-pulse", "http://localhost:2", "-api-key", "k", "-database-url", "postgres://localhost/x"}, ""},
		{
			"Pulse alone",
			[]string{"-profile", "pulse", "-pulse", "http://localhost:2", "-api-key", "k"},
			"the profile pulse of a target takes --pulse URL, --api-key KEY, and --accelerate URL or --database-url URL, by which rows are written: given --pulse and --api-key, missing --accelerate; add what is missing",
		},
		{"an unknown profile", []string{"-profile", "core"}, `invalid value "core" for flag -profile: expected pulse, accelerate or all`},
		{"a draft over a file", []string{"-write-known", "flags_test.go"}, "--write-known flags_test.go: there is such a file, and a draft is not written over it; give another name"},
		{"a timescale that is no number", []string{"-timescale", "NaN"}, "--timescale NaN: expected 1 to 100"},
		{"a features file that is none", []string{"-features", "fixture.sql"}, "--features fixture.sql: it is not as a features file is, implementation: {name, version, url, contact} and features: [...]: yaml: line 2: mapping values are not allowed in this context"},
		{"known failures that are none", []string{"-known-failing", "fixture.prisma"}, "--known-failing fixture.prisma: line 2: // stands on line 1 already"},
		{"an authority that is no file", append(target, "-ca-cert", "none.pem"), "--ca-cert: open none.pem: no such file or directory"},
		{"an authority that is none", append(target, "-ca-cert", "fixture.sql"), "--ca-cert: fixture.sql holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----"},
		{"an authority of nobody", []string{"-ca-cert", "fixture.sql"}, "--ca-cert is for a target that has TLS, and none is named: add its URLs and its key, or leave it out"},
		{"an authority without a name", []string{"-ca-cert", ""}, `invalid value "" for flag -ca-cert: the name of the file is missing`},
		{"a selection", []string{"-run", "pulse-health", "-run", "pulse-health/without-key,p*", "-skip", "*/*", "-timescale", "3", "-parallel-cases", "1"}, ""},
		{
			"an empty pattern",
			[]string{"-run", "pulse-create,"},
			`invalid value "pulse-create," for flag -run: a pattern is empty: give the id of a case, such as pulse-create/twice, a group, such as pulse-create, or a requirement, such as PULSE-CREATE-05`,
		},
		{"a case that there is not", []string{"-skip", "pulse-healt"}, "--skip pulse-healt names no case: is pulse-health meant? arazzo conformance --list shows them all"},
		{"a timescale that shortens", []string{"-timescale", "0.5"}, "--timescale 0.5: expected 1 to 100"},
		{"no case at a time", []string{"-parallel-cases", "0"}, "--parallel-cases 0: expected 1 to 64"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := refusal(t, test.args); got != test.want {
				t.Errorf("the command line is refused with\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// refusal parses a command line and returns why it is refused.
func refusal(t *testing.T, args []string) string {
	t.Helper()
	var flags conformance.Flags
	var p postgresFlags
	f := flag.NewFlagSet("conformance", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	flags.Add(f)
	p.add(f)
	if err := f.Parse(args); err != nil {
		return err.Error()
	}
	if err := readFlags(f.Args(), &flags, p, &conformance.Options{}); err != nil {
		return err.Error()
	}
	return ""
}

// TestDamagedFiles holds what is told of files that editors and pipes have damaged, and
// that what Windows adds is no damage.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	const known, features = "-known-failing", "-features"
	for _, test := range []struct{ name, flag, text, want string }{
		{"a byte order mark", known, "\ufeff# why\r\npulse-create/twice  why\r\n", ""},
		{"a long reason", known, "pulse-create/twice " + strings.Repeat("w", 200_000), ""},
		{"brackets", known, "pulse-[a-c]*/[tu]wice  why", ""},
		{"no UTF-8", known, "pulse-create/twice  why \xff", "-known-failing FILE is no text in UTF-8: store it as such"},
		{"commands to the terminal", known, "\x1b[31m", "-known-failing FILE: line 1: \ufffd[31m has no reason: write behind it, on the same line, why it fails"},
		{"too large", known, strings.Repeat("# no\n", 300_000), "-known-failing FILE has more than 1048576 bytes"},
		{"features with a byte order mark", features, "\ufeffimplementation:\r\n  name: x\r\n", ""},
		{"features that are no UTF-8", features, "implementation: {name: \xff}", "-features FILE is no text in UTF-8: store it as such"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			want := test.want
			if want != "" {
				want = "-" + strings.Replace(want, "FILE", file, 1)
			}
			if got := refusal(t, []string{test.flag, file}); got != want {
				t.Errorf("it is refused with\n%s\nwant\n%s", got, want)
			}
		})
	}
}

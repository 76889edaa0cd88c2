package credential_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/credential"
)

// save writes a credentials file.
func save(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yml")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	return path
}

// TestFile reads files as people write them. No message has the secret hunter2.
func TestFile(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		mode       os.FileMode
		want       string
	}{
		{"what it may have", "a: hunter2\nb.c: {clientId: x, clientSecret: hunter2}\nd: null\ne: ''\nf: {}\n", 0o600, ""},
		{"JSON", `{"a": "hunter2"}`, 0o400, ""},
		{
			"a file for everybody", "a: hunter2\n", 0o644,
			"warning[credentials-exposed]: others than its owner may read the credentials file c.yml\n  next: chmod 600 c.yml\n",
		},
		{"a file for its group", "a: hunter2\n", 0o640, "warning[credentials-exposed]: others than its owner may read the credentials file c.yml\n  next: chmod 600 c.yml\n"},
		{
			"an unknown member", "a: {clientID: hunter2, hunter2: x}\n", 0o600,
			"c.yml:1:5: error[wrong-credential]: the credential \"a\" has the member \"clientID\", which means nothing\n" +
				"  expected: one of clientId, clientSecret, username, password, scope, tokenUrl, clientAuthentication\n  next: did you mean clientId?\n" +
				"c.yml:1:24: error[wrong-credential]: the credential \"a\" has the member \"hunter2\", which means nothing\n" +
				"  expected: one of clientId, clientSecret, username, password, scope, tokenUrl, clientAuthentication\n",
		},
		{
			"a number", "a: 0123\nb: {scope: true}\n", 0o600,
			"c.yml:1:4: error[wrong-credential]: the credential \"a\" is a number\n  expected: a text\n  next: put it in quotes\n" +
				"c.yml:2:12: error[wrong-credential]: the credential \"b.scope\" is a boolean\n  expected: a text\n  next: put it in quotes\n",
		},
		{"lists", "a: [hunter2]\nb: {scope: [hunter2]}\n", 0o600, "c.yml:1:4: error[wrong-credential]: the credential \"a\" is an array\n  expected: a text\n" +
			"c.yml:2:12: error[wrong-credential]: the credential \"b.scope\" is an array\n  expected: a text\n"},
		{"one name twice", "a.clientId: x\na: {clientId: y}\n", 0o600, "c.yml:2:5: error[wrong-credential]: the credential \"a.clientId\" is given twice\n  expected: one value\n"},
		{"a key twice", "a: x\na: hunter2\n", 0o600, "c.yml:2:1: error[wrong-credential]: the credentials file cannot be read as YAML or JSON here\n  expected: an object such as {apiKey: VALUE}\n"},
		{"no YAML", "a: x\nb: \"hunter2\n", 0o600, "c.yml:2:4: error[wrong-credential]: the credentials file cannot be read as YAML or JSON here\n  expected: an object such as {apiKey: VALUE}\n"},
		{"a list", "- hunter2\n", 0o600, "c.yml:1:1: error[wrong-credential]: the credentials file holds an array\n  expected: an object such as {apiKey: VALUE}\n"},
		{"a text", "hunter2\n", 0o600, "c.yml:1:1: error[wrong-credential]: the credentials file holds a string\n  expected: an object such as {apiKey: VALUE}\n"},
		{"nothing", "", 0o600, "c.yml: error[wrong-credential]: the credentials file is empty\n  expected: an object such as {apiKey: VALUE}\n"},
		{
			"too much", "a: '" + strings.Repeat("x", 1<<20) + "'\n", 0o600,
			"error[credentials-not-read]: the credentials file c.yml cannot be read: it has more than 1048576 bytes\n  expected: a YAML or JSON file of credentials\n  next: correct --credentials\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := save(t, test.text, test.mode)
			_, found := credential.ReadFile(t.Context(), path)
			var got string
			for _, d := range found {
				got += d.Render()
			}
			if diff := cmp.Diff(test.want, strings.ReplaceAll(got, path, "c.yml")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoFile tells what is not there, and what is no file.
func TestNoFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for path, want := range map[string]string{
		folder + "/none": "no such file or directory", folder: "is a directory",
	} {
		f, found := credential.ReadFile(t.Context(), path)
		if len(found) != 1 || f != nil || !strings.Contains(found[0].Message, want) || found[0].Code != "credentials-not-read" {
			t.Errorf("%s: %v", path, found)
		}
	}
}

// FuzzFile holds that no file makes the reader fail or show what is in it.
func FuzzFile(f *testing.F) {
	for _, text := range []string{"a: b", "a: {clientId: x}", "{", "[", "a: &x [*x]", "\xff", "a: !!binary x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := save(t, text, 0o600)
		file, found := credential.ReadFile(t.Context(), path)
		if file == nil && !found.Failed() {
			t.Errorf("nothing was read, and nothing is wrong")
		}
		credential.NewGiven(nil, nil, file).Unused()
	})
}

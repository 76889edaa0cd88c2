package environments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// in writes files into a new working folder.
func in(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// told renders diagnostics as the program does.
func told(found source.Diagnostics) string {
	var b strings.Builder
	for _, d := range found {
		b.WriteString(d.Render())
	}
	return b.String()
}

// keys are those of texts.
func keys(texts ...string) jsonhttp.Keys {
	var all jsonhttp.Keys
	for _, text := range texts {
		all = append(all, jsonhttp.NewKey(text))
	}
	return all
}

// hashOfA is what printf %s a | sha256sum says.
const hashOfA = "sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

func TestRead(t *testing.T) {
	yaml := `# Who may read what.
environments:
  - name: shop
    databaseUrl: postgres://me:pw@db.example/shop
    apiKeys: [b, ` + hashOfA + `]
    region: eu-central-1
    schema: shop/schema.prisma
  - name: stock
    databaseUrlEnv: STOCK_URL
    apiKeysFile: keys/stock
    apiKeysEnv: STOCK_KEYS
    slot: stock_slot
    publication: Stock "events"
`
	json := `{"environments": [
		{"name": "shop", "databaseUrl": "postgres://me:pw@db.example/shop", "apiKeys": ["b", "` + hashOfA + `"], "region": "eu-central-1", "schema": "shop/schema.prisma"},
		{"name": "stock", "databaseUrlEnv": "STOCK_URL", "apiKeysFile": "keys/stock", "apiKeysEnv": "STOCK_KEYS", "slot": "stock_slot", "publication": "Stock \"events\""}
	]}`
	in(t, map[string]string{
		"etc/environments.yaml": yaml, "etc/environments.json": json,
		"etc/keys/stock": "\ufeff# the stock's\r\n\r\n  c  \r\n#d\r\n" + strings.Replace(hashOfA, "ca97", "0000", 1),
	})
	t.Setenv("STOCK_URL", "host=db.example dbname=stock")
	t.Setenv("STOCK_KEYS", " e\n f ")
	absent := keys("")[0]
	copy(absent[:], append([]byte{0, 0}, keys("a")[0][2:]...))
	want := []boot.Environment{
		{Name: "shop", DatabaseURL: "postgres://me:pw@db.example/shop", Keys: keys("b", "a"), Region: "eu-central-1", Schema: filepath.Join("etc", "shop", "schema.prisma")},
		{Name: "stock", DatabaseURL: "host=db.example dbname=stock", Keys: append(append(keys("c"), absent), keys("e", "f")...), Slot: "stock_slot", Publication: `Stock "events"`},
	}
	for _, path := range []string{"etc/environments.yaml", "etc/environments.json"} {
		got, found, err := Read(t.Context(), path)
		if err != nil || told(found) != "" {
			t.Errorf("%s: %v, %s", path, err, told(found))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// one is a file with one environment of these members, beside a sound beginning.
func one(members string) string {
	return "environments:\n- name: shop\n  databaseUrl: postgres://db/shop\n  apiKeys: [a]\n- " + members
}

const expectedFile = "  expected: an object such as {environments: [{name: shop, databaseUrlEnv: SHOP_DATABASE_URL, apiKeysFile: shop.keys}]}\n"

func TestWrongFiles(t *testing.T) {
	const (
		sound        = "name: x, databaseUrl: postgres://db/x, apiKeys: [x]"
		expectedName = "  expected: a name of letters, digits, - and _, at most 63, that begins with a letter or digit\n"
		expectedURL  = "  expected: databaseUrl, or databaseUrlEnv with the name of an environment variable that holds it\n"
		expectedKey  = "  expected: an API key, or sha256: and the hash of one, each once\n"
		expectedKeys = "  expected: an array of texts, each an API key, or sha256: and the hash of one\n"
		allMembers   = "name, databaseUrl, databaseUrlEnv, apiKeys, apiKeysEnv, apiKeysFile, slot, publication, region, schema\n"
		noURL        = "this is no database URL (%s): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %%2F and %%40\n"
		apart        = "  next: leave out one of them; where they are two environments', make a key of its own for each\n"
	)
	for _, test := range []struct{ name, text, want string }{
		{"nothing", " \n", "e.yaml: error[wrong-environment]: the environments file is empty\n" + expectedFile},
		{"no YAML", "environments:\n- {name: hunter22", "e.yaml:2:10: error[wrong-environment]: the environments file cannot be read as YAML or JSON here\n" + expectedFile + "  next: look at this line and the one above it: indentation, quotes, a missing colon\n"},
		{"two documents", "{}\n---\n{}", "e.yaml:2:1: error[wrong-environment]: the environments file cannot be read as YAML or JSON here\n" + expectedFile + "  next: look at this line and the one above it: indentation, quotes, a missing colon\n"},
		{"a list", "[]", "e.yaml:1:1: error[wrong-environment]: the environments file holds an array\n" + expectedFile},
		{"no environments", "{}", "e.yaml:1:1: error[wrong-environment]: the environments file does not have the member environments\n" + expectedFile},
		{"a member beside", "version: 1\nenvironments: [{" + sound + "}]", "e.yaml:1:1: error[wrong-environment]: the environments file has the member \"version\", which means nothing\n  expected: one of environments\n"},
		{"environments by name", "environments: {shop: {}}", "e.yaml:1:15: error[wrong-environment]: environments is an object\n  expected: an array of environments, each an object\n"},
		{"none", "environments: []", "e.yaml:1:15: error[wrong-environment]: there are 0 environments\n  expected: 1 to 100\n"},
		{"too many", "environments: [" + strings.Repeat("{},", 101) + "]", "e.yaml:1:15: error[wrong-environment]: there are 101 environments\n  expected: 1 to 100\n"},
		{"a name alone", "environments: [shop]", "e.yaml:1:16: error[wrong-environment]: an environment is a string\n  expected: an object with the members " + allMembers},
		{"everything missing", "environments: [{}]", "e.yaml:1:16: error[wrong-environment]: an environment has no name\n" + expectedName +
			"e.yaml:1:16: error[wrong-environment]: an environment has no database\n" + expectedURL +
			"e.yaml:1:16: error[wrong-environment]: an environment has no API key\n  expected: apiKeys, apiKeysFile or apiKeysEnv\n"},
		{
			"all mistakes at once", one(`{name: "x y", databaseURL: postgres://db/x, apiKeys: [2], slot: UP, region: }`),
			"e.yaml:5:3: error[wrong-environment]: an environment has no database\n" + expectedURL +
				"e.yaml:5:10: error[wrong-environment]: the name is \"x y\"\n" + expectedName +
				"e.yaml:5:17: error[wrong-environment]: an environment has the member \"databaseURL\", which means nothing\n  expected: one of " + allMembers + "  next: did you mean databaseUrl or databaseUrlEnv?\n" +
				"e.yaml:5:57: error[wrong-environment]: an API key is a number\n" + expectedKeys + "  next: put it in quotes\n" +
				"e.yaml:5:67: error[wrong-environment]: the slot is \"UP\": Postgres wants lower-case letters, digits and _, at most 63\n" +
				"e.yaml:5:79: error[wrong-environment]: region is nothing\n  expected: a text\n",
		},
		{"a number as a name", one(`{name: 1, databaseUrl: postgres://db/x, apiKeys: [x]}`), "e.yaml:5:10: error[wrong-environment]: name is a number\n  expected: a text\n  next: put it in quotes\n"},
		{"a name that leads out", one(`{name: .., databaseUrl: postgres://db/x, apiKeys: [x]}`), "e.yaml:5:10: error[wrong-environment]: the name is \"..\"\n" + expectedName},
		{"a long name", one(`{name: ` + strings.Repeat("x", 64) + `, databaseUrl: postgres://db/x, apiKeys: [x]}`), "e.yaml:5:10: error[wrong-environment]: the name is \"" + strings.Repeat("x", 64) + "\"\n" + expectedName},
		{"a name twice", one(`{name: SHOP, databaseUrl: postgres://db/x, apiKeys: [x]}`), "e.yaml:5:10: error[wrong-environment]: the name \"SHOP\" was given before, at e.yaml:2:9\n  next: give each environment a name of its own\n"},
		{"a member twice", one(`{name: x, name: hunter22}`), "e.yaml:5:13: error[wrong-environment]: the environments file cannot be read as YAML or JSON here\n" + expectedFile + "  next: look at this line and the one above it: indentation, quotes, a missing colon\n"},
		{"no URL", one(`{name: x, databaseUrl: "postgres://me:hunter22/x@db/x", apiKeys: [x]}`), "e.yaml:5:26: error[wrong-environment]: " + fmt.Sprintf(noURL, "invalid port")},
		{"another kind of URL", one(`{name: x, databaseUrl: "mysql://me:hunter22@db/x", apiKeys: [x]}`), "e.yaml:5:26: error[wrong-environment]: " + fmt.Sprintf(noURL, "failed to parse as keyword/value")},
		{"an empty URL", one(`{name: x, databaseUrl: "", apiKeys: [x]}`), "e.yaml:5:26: error[wrong-environment]: databaseUrl is empty\n  expected: a text, or no such member\n"},
		{"two URLs", one(`{name: x, databaseUrl: postgres://db/x, databaseUrlEnv: X, apiKeys: [x]}`), "e.yaml:5:59: error[wrong-environment]: the environment \"x\" has both databaseUrl and databaseUrlEnv\n" + expectedURL + "  next: leave out one of them\n"},
		{"a variable that is not set", one(`{name: x, databaseUrlEnv: NO_SUCH_URL, apiKeys: [x]}`), "e.yaml:5:29: error[wrong-environment]: the environment variable NO_SUCH_URL is not set, or empty\n  expected: a URL such as postgres://USER:PASSWORD@HOST:PORT/DATABASE in it\n"},
		{"a variable that holds no URL", one(`{name: x, databaseUrlEnv: BAD_URL, apiKeys: [x]}`), "e.yaml:5:29: error[wrong-environment]: " + fmt.Sprintf(noURL, "invalid port")},
		{"a database twice", one(`{name: x, databaseUrl: "postgres://you:hunter22@DB:5432/shop", apiKeys: [x]}`), "e.yaml:5:26: error[wrong-environment]: the database db:5432/shop is another environment's already, at e.yaml:3:16\n  next: give each environment a database of its own\n"},
		{"a slot twice", "environments: [{name: y, databaseUrl: postgres://db/y, apiKeys: [y], slot: s}, {name: z, databaseUrl: postgres://db2/z, apiKeys: [z], slot: s}, {" + sound + ", slot: s}]", "e.yaml:1:205: error[wrong-environment]: the slot \"s\" is another environment's already on this Postgres, at e.yaml:1:76\n  next: give each environment a slot of its own: slots are the whole server's\n"},
		{"no array of keys", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: hunter22}`), "e.yaml:5:52: error[wrong-environment]: apiKeys is a string\n" + expectedKeys},
		{"an empty array of keys", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: []}`), "e.yaml:5:52: error[wrong-environment]: apiKeys is empty\n" + expectedKeys},
		{"an empty key", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: [""]}`), "e.yaml:5:53: error[wrong-api-key]: an API key is empty, and would let everybody in\n" + expectedKey},
		{"a key that no header carries", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: [hunter 22]}`), "e.yaml:5:53: error[wrong-api-key]: an API key has at byte 7 what a header cannot carry: visible ASCII characters go, and no spaces\n" + expectedKey},
		{"a key of two environments, once as its hash", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: ["` + hashOfA + `"]}`), "e.yaml:5:53: error[wrong-api-key]: the API key was given before, at e.yaml:4:13\n" + expectedKey + apart},
		{"a key of a file that another environment has", one(`{name: x, databaseUrl: postgres://db/x, apiKeysFile: a.keys}`), "a.keys:2:1: error[wrong-api-key]: the API key was given before, at e.yaml:4:13\n" + expectedKey + apart},
		{"a file that is not there", one(`{name: x, databaseUrl: postgres://db/x, apiKeysFile: none.keys}`), "e.yaml:5:56: error[api-keys-not-read]: the API keys file none.keys cannot be read: no such file or directory\n  expected: a file with one API key a line\n  next: correct apiKeysFile\n"},
		{"a variable without keys", one(`{name: x, databaseUrl: postgres://db/x, apiKeysEnv: NO_SUCH_KEYS}`), "e.yaml:5:55: error[wrong-api-key]: the environment variable NO_SUCH_KEYS holds no API key\n" + expectedKey + "  next: set it, with spaces between several keys\n"},
		{"a wrong key of a variable", one(`{name: x, databaseUrl: postgres://db/x, apiKeysEnv: BAD_KEYS}`), "e.yaml:5:55: error[wrong-api-key]: BAD_KEYS, number 2: after sha256: there are not the 64 hexadecimal digits of a hash: printf %s KEY | sha256sum makes them\n" + expectedKey},
		{"a long publication", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: [x], publication: ` + strings.Repeat("p", 64) + `}`), "e.yaml:5:70: error[wrong-environment]: the publication's name is longer than 63 bytes\n  expected: the name of a publication, as Postgres has it\n"},
		{"a long region", one(`{name: x, databaseUrl: postgres://db/x, apiKeys: [x], region: ` + strings.Repeat("r", 65) + `}`), "e.yaml:5:65: error[wrong-environment]: the region is longer than 64 bytes\n  expected: a word such as eu-central-1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, map[string]string{"e.yaml": test.text, "a.keys": "b\na\n"})
			t.Setenv("BAD_KEYS", "x sha256:hunter22 y")
			t.Setenv("BAD_URL", "postgres://me:hunter22@db:x/x")
			_, found, err := Read(t.Context(), "e.yaml")
			if err != nil {
				t.Fatal(err)
			}
			got := told(found)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if !found.Failed() || strings.Contains(got, "hunter") {
				t.Errorf("failed: %t; nothing secret may stand in\n%s", found.Failed(), got)
			}
		})
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	in(t, map[string]string{"folder/x": "", "big": strings.Repeat("#", maxFileBytes+1)})
	for path, why := range map[string]string{
		"none":   "no such file or directory",
		"folder": "it is a folder",
		"big":    fmt.Sprintf("it has more than %d bytes", maxFileBytes),
	} {
		want := "error[environments-not-read]: the environments file " + path + " cannot be read: " + why + "\n  expected: a YAML or JSON file of environments\n  next: correct --environments\n"
		_, found, err := Read(t.Context(), path)
		if diff := cmp.Diff(want, told(found)); err != nil || diff != "" {
			t.Errorf("%v, (-want +got):\n%s", err, diff)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Read(ctx, "none"); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// A file whose secrets others may read is told of, one without secrets is not.
func TestExposedFile(t *testing.T) {
	in(t, map[string]string{
		"secret.yaml": "environments: [{name: x, databaseUrl: postgres://db/x, apiKeysFile: keys}]",
		"named.yaml":  "environments: [{name: x, databaseUrlEnv: X_URL, apiKeysFile: hashes}]",
		"keys":        "a", "hashes": hashOfA,
	})
	t.Setenv("X_URL", "postgres://db/x")
	for _, name := range []string{"secret.yaml", "named.yaml", "keys", "hashes"} {
		if err := os.Chmod(name, 0o604); err != nil {
			t.Fatal(err)
		}
	}
	warned := func(name string) string {
		return "warning[keys-exposed]: others than its owner may read the secrets in " + name + "\n  next: chmod 600 " + name + ", or have only the hashes of the keys in it\n"
	}
	for path, want := range map[string]string{"secret.yaml": warned("keys") + warned("secret.yaml"), "named.yaml": ""} {
		_, found, err := Read(t.Context(), path)
		if diff := cmp.Diff(want, told(found)); err != nil || diff != "" || found.Failed() {
			t.Errorf("%s: %v, (-want +got):\n%s", path, err, diff)
		}
	}
}

// Whatever a file holds, there are sound environments or a mistake that has a place
// in it.
func FuzzRead(f *testing.F) {
	f.Add(one("{name: x, databaseUrl: postgres://db/x, apiKeys: [x]}"))
	f.Add("environments: [{}]")
	f.Add(`{"environments": [{"name": "x", "databaseUrlEnv": "HOME", "apiKeysFile": "e.yaml", "apiKeysEnv": "PATH"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		in(t, map[string]string{"e.yaml": text})
		got, found, err := Read(t.Context(), "e.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if found.Failed() {
			return
		}
		if len(got) == 0 {
			t.Error("no environment, and no mistake")
		}
		for _, e := range got {
			if e.Name == "" || e.DatabaseURL == "" || len(e.Keys) == 0 {
				t.Errorf("taken without a mistake: %+v", e)
			}
		}
	})
}

package serve

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRefusals is what each start that must not be says, and that a file of an
// earlier run is gone by then.
func TestRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	t.Setenv("DATABASE_URL", "")
	nobody := "postgres:///shop?user=me&host=" + t.TempDir()
	for _, test := range []struct {
		name string
		args []string
		want []string
	}{
		{"an address in use", []string{"--pulse-addr", taken.Addr().String()}, []string{"listening for Pulse: ", "choose another --pulse-addr"}},
		{"no address", []string{"--accelerate-addr", "here"}, []string{"listening for Accelerate: ", "choose another --accelerate-addr"}},
		{"a database that is not there", []string{"--database-url", nobody}, []string{"pulse: database: failed to connect", "start that Postgres, or correct the database URL"}},
		{"another kind of database", []string{"--database-url", "mysql://h/d"}, []string{"this is no database URL (", "write it as postgres://"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ready := filepath.Join(t.TempDir(), "ready.json")
			if err := os.WriteFile(ready, []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
			got := run(t, append(test.args, "--ready-file", ready)...)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			if _, err := os.Stat(ready); err == nil {
				t.Error("the ready file of an earlier run is there")
			}
		})
	}
}

// A name that is no file is left alone, whatever it is.
func TestReadyFileThatIsAFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	want := "--ready-file: expected the name of a file to write, found " + folder + ", which is something else"
	if diff := cmp.Diff(want, run(t, "--ready-file", folder)); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
}

// run executes the command, which must fail, and answers its error.
func run(t *testing.T, args ...string) string {
	t.Helper()
	c := Command("reference")
	c.SetArgs(append([]string{"--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0"}, args...))
	c.SilenceErrors, c.SilenceUsage = true, true
	err := c.ExecuteContext(t.Context())
	if err == nil {
		t.Fatal("it ended without an error")
	}
	return err.Error()
}

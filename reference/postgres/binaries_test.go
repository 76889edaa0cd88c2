//go:build unix && !aix && !solaris

package postgres

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstalledTakesTheNewestThatIsComplete(t *testing.T) {
	t.Parallel()
	both := []string{"initdb", "postgres"}
	for _, test := range []struct {
		name   string
		files  map[string][]string // programs by folder
		onPath map[string]string   // scripts of programs found on PATH
		want   string
	}{
		{
			name:  "newest version, by number",
			files: map[string][]string{"postgresql/9.6/bin": both, "postgresql/16/bin": both, "postgresql/15/bin": both},
			want:  "postgresql/16/bin",
		},
		{
			name:  "the newest has clients alone",
			files: map[string][]string{"postgresql/17/bin": {"psql", "pg_config"}, "postgresql/15/bin": both},
			want:  "postgresql/15/bin",
		},
		{
			name:  "the newer ones are half a server each",
			files: map[string][]string{"postgresql/17/bin": {"postgres"}, "postgresql/16/bin": {"initdb"}, "postgresql/15/bin": both},
			want:  "postgresql/15/bin",
		},
		{
			name:   "initdb on PATH is a link",
			files:  map[string][]string{"own/bin": both},
			onPath: map[string]string{"initdb": "own/bin/initdb"},
			want:   "own/bin",
		},
		{
			name:   "pg_config knows",
			files:  map[string][]string{"own/bin": append([]string{"pg_config"}, both...)},
			onPath: map[string]string{"pg_config": "own/bin/pg_config"},
			want:   "own/bin",
		},
		{
			name:   "pg_config without a server",
			files:  map[string][]string{"own/bin": {"pg_config"}},
			onPath: map[string]string{"pg_config": "own/bin/pg_config"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			root, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			installPrograms(t, root, test.files)
			here := environment{packages: []string{root + "/postgresql/*/bin"}, lookPath: pathWith(t, root, test.onPath)}
			got, err := here.installed()
			want := installation{}
			if test.want != "" {
				want = installation{mode: Launcher, binDir: filepath.Join(root, test.want)}
			}
			if got != want || (err == nil) != (test.want != "") {
				t.Errorf("got %v (%v), want %v", got, err, want)
			}
		})
	}
}

func installPrograms(t *testing.T, root string, folders map[string][]string) {
	t.Helper()
	for folder, programs := range folders {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, program := range programs {
			writeProgram(t, filepath.Join(root, folder, program), `dirname "$(readlink -f "$0")"`)
		}
	}
}

// pathWith is a PATH with links to programs under root.
func pathWith(t *testing.T, root string, links map[string]string) func(string) (string, error) {
	t.Helper()
	return func(program string) (string, error) {
		target, ok := links[program]
		if !ok {
			return "", exec.ErrNotFound
		}
		link := filepath.Join(t.TempDir(), program)
		return link, os.Symlink(filepath.Join(root, target), link)
	}
}

func TestMajorVersion(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"/usr/lib/postgresql/9.6/bin":                           9,
		"/usr/lib/postgresql/15/bin":                            15,
		"/usr/pgsql-14/bin":                                     14,
		"/usr/libexec/postgresql16":                             16,
		"/opt/homebrew/opt/postgresql@17/bin":                   17,
		"/home/linuxbrew/.linuxbrew/opt/postgresql@13/bin":      13,
		"/Applications/Postgres.app/Contents/Versions/18/bin":   18,
		"/Applications/Postgres.app/Contents/Versions/x/bin":    0,
		"/Library/PostgreSQL/12/bin":                            12,
		"/opt/local/lib/postgresql11/bin":                       11,
		"/usr/lib/postgresql/99999999999999999999999999999/bin": 0,
	}
	got := map[string]int{}
	for dir := range want {
		got[dir] = majorVersion(dir)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestThePatternsOfPackageFoldersAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, pattern := range packageFolders {
		if _, err := filepath.Match(pattern, ""); err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

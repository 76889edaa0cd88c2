package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// commands lists the lines of a page's shell blocks, without comments.
func commands(t *testing.T, page string) []string {
	t.Helper()
	var lines []string
	for _, block := range shellBlock.FindAllStringSubmatch(read(t, page), -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			command, _, _ := strings.Cut(line, "#")
			lines = append(lines, strings.TrimSpace(command))
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s has no shell block", page)
	}
	return lines
}

func read(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// place is a folder with fresh programs and the folders that commands name.
func place(t *testing.T, folders ...string) string {
	t.Helper()
	work := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(work, "bin")+"/", "./cmd/arazzo", "./cmd/reference")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	absolute, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if err := os.Symlink(filepath.Join(absolute, folder), filepath.Join(work, folder)); err != nil {
			t.Fatal(err)
		}
	}
	return work
}

// TestReadmeCommands runs every command of the README that ends by itself: those
// of the program with a fresh build, and make's as targets. make test is this
// very run, and make run is its own first command, which the program's tests
// cover.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	work := place(t, "workflows", "specs")
	for _, line := range commands(t, "README.md") {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			command := exec.Command("sh", "-c", line)
			command.Dir = work
			command.Env = append(os.Environ(), "DATABASE_URL=")
			if target, ok := strings.CutPrefix(line, "make "); ok {
				command = exec.Command("make", "--dry-run", target)
				command.Dir = root
			}
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

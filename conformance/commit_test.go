package conformance_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// commitOf is the commit of the suite in a folder, which a test's binary does not know as
// a program's does, and whether it was changed since. It is empty where there is no git,
// or no repository of which the folder is the suite: one that holds a copy of the module
// has commits of something else.
func commitOf(ctx context.Context, folder string) string {
	out, err := exec.CommandContext(ctx, "git", "-C", folder, "rev-parse", "--show-prefix", "HEAD").Output()
	commit, ours := strings.CutPrefix(string(out), "conformance/\n")
	if err != nil || !ours {
		return ""
	}
	commit = strings.TrimSpace(commit)
	changes, err := exec.CommandContext(ctx, "git", "--no-optional-locks", "-C", folder, "status", "--porcelain").Output()
	if err != nil {
		return ""
	}
	if len(changes) > 0 {
		commit += " and changes" // as the suite says it of a program
	}
	return commit
}

// TestCommit holds which commit the reports of go test name.
func TestCommit(t *testing.T) {
	repository := t.TempDir()
	suite := filepath.Join(repository, "conformance")
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", repository, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...).CombinedOutput()
		if err != nil {
			t.Skipf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	expect := func(where, folder, want string) {
		t.Helper()
		if got := commitOf(t.Context(), folder); got != want {
			t.Errorf("%s: the commit is %q, want %q", where, got, want)
		}
	}
	for _, folder := range []string{"conformance", "vendor/arazzo/conformance"} {
		if err := os.MkdirAll(filepath.Join(repository, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if commitOf(t.Context(), repository) != "" {
		t.Skip("the folder of temporary files is in a repository")
	}
	run("init", "--quiet")
	expect("a repository without a commit", suite, "")
	run("commit", "--quiet", "--allow-empty", "--message", "first")
	first := run("rev-parse", "HEAD")
	expect("as it was committed", suite, first)
	expect("a copy in the repository of somebody", filepath.Join(repository, "vendor/arazzo/conformance"), "")
	expect("a folder that is not there", filepath.Join(repository, "none"), "")
	if err := os.WriteFile(filepath.Join(suite, "case.go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	expect("a file that is not committed", suite, first+" and changes")
	t.Setenv("PATH", "")
	expect("no git", suite, "")
}

package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// page is the page for who runs the conformance suite.
const page = "docs/conformance.md"

// TestConformanceCommands runs the commands of the page, in their order, against a
// reference that listens elsewhere, and the suite's health cases alone where a command
// would run all.
func TestConformanceCommands(t *testing.T) {
	t.Parallel()
	work := place(t, "specs", "conformance")
	for name, block := range map[string]string{"features.yaml": "yaml", "known.txt": "text"} {
		text := regexp.MustCompile("(?s)```" + block + "\n(.*?)```").FindStringSubmatch(read(t, page))[1]
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	there := serve(t, work)
	for _, line := range commands(t, page) {
		said := there.Replace(line)
		if strings.Contains(said, " --pulse") && !strings.Contains(said, " --run ") || strings.HasSuffix(line, "-api-key KEY") {
			said += " --run pulse-health,accelerate-health"
		}
		command := exec.Command("sh", "-c", said)
		command.Dir = work
		if strings.HasPrefix(line, "go ") {
			command.Dir = root
		}
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s\n%v\n%s", said, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(work, "report.json")); err != nil {
		t.Error(err)
	}
}

// serve runs a reference, and says what stands for the addresses, the key and the
// database of the page.
func serve(t *testing.T, work string) *strings.Replacer {
	t.Helper()
	file := filepath.Join(work, "ready.json")
	server := exec.Command("bin/arazzo", "reference", "--pulse-addr", "127.0.0.1:0", "--accelerate-addr", "127.0.0.1:0", "--ready-file", file)
	server.Dir, server.Env = work, append(os.Environ(), "DATABASE_URL=")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait() // its tests look at how it ends
	})
	var ready struct{ Pulse, Accelerate, APIKey, DatabaseURL string }
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &ready) == nil {
			return strings.NewReplacer("http://127.0.0.1:4466", ready.Pulse, "http://127.0.0.1:4467", ready.Accelerate,
				"-key KEY", "-key "+ready.APIKey, "apiKey=KEY", "apiKey="+ready.APIKey, " DSN", " '"+ready.DatabaseURL+"'")
		}
		if time.Now().After(deadline) {
			t.Fatal("the reference did not come up within two minutes")
		}
	}
}

// TestConformancePage holds that the page has every flag and every feature.
func TestConformancePage(t *testing.T) {
	t.Parallel()
	text := read(t, page)
	help := exec.Command("go", "run", "./cmd/arazzo", "conformance", "--help")
	help.Dir = root
	out, err := help.Output()
	if err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[a-z-]+)`).FindAllStringSubmatch(string(out), -1)
	if len(flags) < 10 {
		t.Fatalf("the help has %d flags", len(flags))
	}
	for _, flag := range flags {
		if !strings.Contains(text, "`"+flag[1]) && flag[1] != "--help" && flag[1] != "--verbose" {
			t.Errorf("%s does not have %s", page, flag[1])
		}
	}
	for name, what := range conformance.Features {
		if !strings.Contains(text, "| `"+name+"` | "+what+" |") {
			t.Errorf("%s does not have the feature %s: %s", page, name, what)
		}
	}
}

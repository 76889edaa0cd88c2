package runner_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestWire sends a parameter of every style, place and version of OpenAPI, and holds
// the bytes that a server received, or why nothing was sent (S-080, S-081, S-084, S-085).
// In testdata/wire.txt a line without indentation is a version and a Parameter Object;
// those below it are a value, and what became of it.
func TestWire(t *testing.T) {
	t.Parallel()
	const golden = "testdata/wire.txt"
	page, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	heads := make(chan string, 1)
	address := receive(t, heads)
	var got strings.Builder
	declared := ""
	for line := range strings.Lines(string(page)) {
		value, isValue := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "  ")
		switch {
		case !isValue:
			declared = strings.TrimSpace(line)
			fmt.Fprintln(&got, declared)
		case !strings.HasPrefix(value, "  "):
			fmt.Fprintf(&got, "  %s\n    %s\n", value, sent(t, declared, value, address, heads))
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(page), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// receive serves connections one after another, and tells each request's head as it
// came, byte for byte.
func receive(t *testing.T, heads chan<- string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			var head strings.Builder
			for lines := bufio.NewReader(connection); !strings.HasSuffix(head.String(), "\r\n\r\n"); {
				line, err := lines.ReadString('\n')
				if err != nil {
					break
				}
				head.WriteString(line)
			}
			fmt.Fprint(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			if err := connection.Close(); err != nil {
				t.Error(err)
			}
			heads <- head.String()
		}
	}()
	return "http://" + listener.Addr().String()
}

// sent is what the server received of a value: the request line, or the line of the
// header; else the error.
func sent(t *testing.T, declared, value, address string, heads <-chan string) string {
	t.Helper()
	version, parameter, _ := strings.Cut(declared, " ")
	name, in := field(parameter, "name: "), field(parameter, "in: ")
	path := "/x"
	if in == "path" {
		path = "/x/{color}/y"
	}
	root := "openapi: " + version
	if version == "2.0" {
		root = "swagger: '2.0'"
	}
	folder := t.TempDir()
	files := map[string]string{
		"api.yml": root + "\ninfo: {title: t, version: v}\npaths: {'" + path + "': {get: {operationId: get, parameters: [" + parameter + "], responses: {'200': {description: ok}}}}}\n",
		"workflow.yml": "arazzo: 1.1.0\ninfo: {title: t, version: v}\nsourceDescriptions: [{name: api, url: api.yml, type: openapi}]\n" +
			"workflows: [{workflowId: w, steps: [{stepId: s, operationId: get, parameters: [{name: " + name + ", in: " + in + ", value: " + value + "}]}]}]\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := runner.Load(t.Context(), filepath.Join(folder, "workflow.yml"), runner.Options{Servers: map[string]string{"api": address}, Transport: &http.Transport{}})
	if err != nil {
		return firstError(source.Of(err))
	}
	attempt := plan.Run(t.Context()).Workflows[0].Steps[0].Attempts[0]
	if attempt.Error != nil {
		return "not sent: " + attempt.Error.Message
	}
	head := strings.Split(<-heads, "\r\n")
	if in == "path" || in == "query" || in == "querystring" {
		return strings.TrimSuffix(head[0], " HTTP/1.1")
	}
	for _, line := range head {
		if lower := strings.ToLower(line); strings.HasPrefix(lower, "x-color:") || strings.HasPrefix(lower, "cookie:") {
			return fmt.Sprintf("%q", line)
		}
	}
	return "no header"
}

func firstError(found source.Diagnostics) string {
	for _, d := range found {
		if d.Severity == source.Error {
			return "refused: " + d.Message
		}
	}
	return "refused"
}

// field is the text of a field of a flow mapping.
func field(mapping, name string) string {
	_, rest, _ := strings.Cut(mapping, name)
	text, _, _ := strings.Cut(rest, ",")
	return strings.TrimSuffix(text, "}")
}

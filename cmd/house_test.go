package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	root   = ".."
	module = "github.com/arazzo-conformance/arazzo"
)

// TestImportDirection holds the house's one rule: imports go downward. A user of
// the runner's library compiles no database driver, message server or container
// client, and one bug cannot hide in both the runner and the reference.
func TestImportDirection(t *testing.T) {
	t.Parallel()
	const (
		pgx            = "github.com/jackc/pgx"
		nats           = "github.com/nats-io"
		docker         = "github.com/docker"
		moby           = "github.com/moby"
		testcontainers = "github.com/testcontainers"
	)
	for _, rule := range []struct {
		packages string
		never    []string
	}{
		{"./runner/...", []string{pgx, nats, docker, moby, testcontainers, module + "/reference", module + "/conformance", module + "/cmd"}},
		{"./reference/...", []string{docker, moby, testcontainers, module + "/runner", module + "/conformance", module + "/cmd"}},
		{"./reference/pulse", []string{module + "/reference/accelerate", module + "/reference/postgres"}},
		{"./reference/accelerate", []string{module + "/reference/pulse", module + "/reference/capture", module + "/reference/replication", module + "/reference/postgres", nats}},
		{"./reference/graphql", []string{module + "/reference/queryschema", nats}},
		{"./reference/queryschema", []string{module + "/reference/statement", module + "/reference/engine", nats}},
		{"./reference/statement", []string{module + "/reference/engine", pgx + "/v5/pgxpool", nats}},
		{"./reference/engine", []string{module + "/reference/accelerate", module + "/reference/cache", nats}},
		{"./reference/cache/bus", []string{pgx, module + "/reference/pulse", module + "/reference/accelerate"}},
		{"./reference/cache", []string{module + "/reference", "net/http", pgx, nats}},
		{"./reference/capture", []string{module + "/reference/pulse", module + "/reference/postgres"}},
		{"./reference/meter", []string{pgx, nats, module + "/reference/event"}},
		{"./reference/doctor", []string{module + "/reference/pulse", module + "/reference/accelerate", module + "/reference/postgres"}},
		{"./reference/eventlog", []string{module + "/reference/capture", module + "/reference/prisma"}},
		{"./reference/filter", []string{module + "/reference/event", nats}},
		{"./reference/broker", []string{pgx, module + "/reference/event"}},
		{"./reference/spool", []string{module + "/reference", pgx, nats}},
		{"./reference/prisma/psl", []string{module + "/reference", pgx, nats}},
		{"./reference/replication", []string{module + "/reference/prisma", nats}},
		{"./specs", []string{module + "/runner", module + "/reference"}},
		{"./workflows", []string{module + "/runner", module + "/reference"}},
		{"./conformance", []string{pgx, nats, docker, moby, testcontainers, module + "/reference", module + "/cmd"}},
		{"./conformance/sqlsource", []string{nats, docker, moby, testcontainers, module + "/reference", module + "/cmd"}},
		{"./conformance/bundled", []string{docker, moby, testcontainers, module + "/cmd"}},
		// What breaks a target shares nothing with any target.
		{"./conformance/mutant", []string{module}},
		{"./conformance/engine", []string{pgx, nats, docker, moby, testcontainers, module + "/reference", module + "/cmd"}},
		// Prometheus' library costs every start of a program a millisecond.
		{"./cmd/...", []string{testcontainers, "github.com/prometheus"}},
	} {
		t.Run(rule.packages, func(t *testing.T) {
			t.Parallel()
			own := module + strings.TrimSuffix(strings.TrimPrefix(rule.packages, "."), "/...")
			for _, dependency := range dependencies(t, rule.packages) {
				for _, never := range rule.never {
					if strings.HasPrefix(dependency, never) && !strings.HasPrefix(dependency, own) {
						t.Errorf("%s imports %s", rule.packages, dependency)
					}
				}
			}
		})
	}
}

// rooms are the rooms of the runner, from the ground up, and which of the others
// each may know. The languages know nothing of documents, documents nothing of
// what is written in them; where both meet is link, and above it all is judged,
// shown and run.
var rooms = map[string]string{
	"source":   "",
	"jsonpath": "",
	"xpath":    "",
	"sse":      "",
	"secret":   "",

	"report/junit": "",

	"exchange": "secret",

	"internal/published": "",

	"retrieve":    "source",
	"arazzo":      "source",
	"openapi":     "source",
	"asyncapi":    "source",
	"contract":    "openapi source",
	"description": "arazzo asyncapi openapi retrieve source",

	"expression": "source",
	"selector":   "expression jsonpath source xpath",
	"credential": "openapi secret source",
	"condition":  "expression jsonpath selector source",
	"payload":    "expression openapi selector source",

	"link":     "arazzo asyncapi condition description expression openapi payload selector source",
	"rule":     "arazzo asyncapi condition description expression jsonpath link openapi payload selector source",
	"describe": "arazzo asyncapi credential description expression link openapi secret source",
}

// TestRoomsOfTheRunner holds who may know whom within the runner, only downward and
// no room one beside it, and that the README's map has each. The engine may know
// them all, and the reports are above the engine.
func TestRoomsOfTheRunner(t *testing.T) {
	t.Parallel()
	const engine = module + "/runner"
	list := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./runner/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		room := strings.TrimPrefix(imports[0], engine+"/")
		if imports[0] == engine || room == "report" {
			continue
		}
		known, ok := rooms[room]
		if !ok {
			t.Errorf("the room runner/%s is new: say here which others it may know", room)
		}
		if !strings.Contains(string(readme), " "+room+"/ ") {
			t.Errorf("the README's map does not have runner/%s", room)
		}
		for _, imported := range imports[1:] {
			name, own := strings.CutPrefix(imported, engine)
			if own && !slices.Contains(strings.Fields(known), strings.TrimPrefix(name, "/")) {
				t.Errorf("runner/%s imports %s", room, imported)
			}
		}
	}
}

func dependencies(t *testing.T, packages string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", packages)
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// The size targets: a file is a concept, a function reads as a list.
const (
	medianFile, longestFile                    = 180, 600
	medianFunction, ninetieth, longestFunction = 12, 40, 80
)

// longFunctions are allowed to be longer than the longest, each for a reason.
var longFunctions = map[string]string{}

func TestSizes(t *testing.T) {
	t.Parallel()
	var files, functions []int
	set := token.NewFileSet()
	for _, path := range goFiles(t) {
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if ast.IsGenerated(file) {
			continue
		}
		lines := set.File(file.Pos()).LineCount()
		files = append(files, lines)
		if lines > longestFile {
			t.Errorf("%s has %d lines, at most %d are allowed", path, lines, longestFile)
		}
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok {
				functions = append(functions, size(t, set, path, f))
			}
		}
	}
	atMost(t, "the median file", files, 50, medianFile)
	atMost(t, "the median function", functions, 50, medianFunction)
	atMost(t, "the function at the 90th percentile", functions, 90, ninetieth)
}

func size(t *testing.T, set *token.FileSet, path string, f *ast.FuncDecl) int {
	t.Helper()
	lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
	name := filepath.ToSlash(filepath.Dir(path)) + "." + f.Name.Name
	if _, allowed := longFunctions[name]; lines > longestFunction && !allowed {
		t.Errorf("%s has %d lines, at most %d are allowed without a reason", name, lines, longestFunction)
	}
	return lines
}

func atMost(t *testing.T, what string, sizes []int, percentile, limit int) {
	t.Helper()
	slices.Sort(sizes)
	if got := sizes[(len(sizes)-1)*percentile/100]; got > limit {
		t.Errorf("%s has %d lines, at most %d are allowed", what, got, limit)
	}
}

// goFiles are the module's own Go files without the tests.
func goFiles(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(allFiles(t), func(path string) bool {
		return !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go")
	})
}

// allFiles are the module's own files.
func allFiles(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryPackageSaysWhatItIsFor wants a doc.go in each package, and a comment
// on each program's main.go.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	set := token.NewFileSet()
	for _, path := range goFiles(t) {
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		home := "doc.go"
		if file.Name.Name == "main" {
			home = "main.go"
		}
		dir := filepath.Dir(path)
		said[dir] = said[dir] || file.Doc != nil && filepath.Base(path) == home
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s does not say in its doc.go what it is for", dir)
		}
	}
}

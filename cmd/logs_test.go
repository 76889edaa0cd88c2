package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// logMethods are the methods of a slog.Logger, with the place of the message among
// their arguments.
var logMethods = map[string]int{
	"Debug": 0, "Info": 0, "Warn": 0, "Error": 0, "DebugContext": 1, "InfoContext": 1, "WarnContext": 1, "ErrorContext": 1, "Log": 2, "LogAttrs": 2,
}

// isLogger tells a logger by its name: there is no other thing of that name with such
// methods.
var isLogger = regexp.MustCompile(`(?i)^log(ger)?$`)

var logRow = regexp.MustCompile("(?m)^\\| `([a-z ]+: [^`]+)` \\| ")

// TestLogMessagesAreDocumented holds the messages that the reference logs, from info
// on, and the table of docs/pulse.md against each other. A message is constant: what
// differs is in the attributes, so that logs can be searched and counted.
func TestLogMessagesAreDocumented(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	set := token.NewFileSet()
	for _, path := range goFiles(t) {
		if !strings.HasPrefix(path, filepath.Join(root, "reference")) {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			message, quiet, ok := logged(n)
			if !ok {
				return true
			}
			literal, constant := message.(*ast.BasicLit)
			if !constant {
				t.Errorf("%s: the message is not constant: put what differs into attributes", set.Position(n.Pos()))
				return true
			}
			if text, err := strconv.Unquote(literal.Value); err == nil && !quiet {
				used[text] = true
			}
			return true
		})
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "pulse.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, m := range logRow.FindAllStringSubmatch(string(page), -1) {
		documented[m[1]] = true
	}
	if diff := cmp.Diff(documented, used); diff != "" {
		t.Errorf("messages (-docs/pulse.md +code):\n%s", diff)
	}
}

// logged is the message of a call of a logger; quiet says that it is for debugging.
func logged(n ast.Node) (message ast.Expr, quiet, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, false, false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, false, false
	}
	place, ok := logMethods[method.Sel.Name]
	name := ""
	switch x := method.X.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	}
	if !ok || !isLogger.MatchString(name) || len(call.Args) <= place {
		return nil, false, false
	}
	return call.Args[place], strings.HasPrefix(method.Sel.Name, "Debug"), true
}

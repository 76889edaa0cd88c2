package report_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// chapters are those of docs/report.md that have the fields of a type.
var chapters = map[reflect.Type]string{
	reflect.TypeFor[runner.Result]():          "The report",
	reflect.TypeFor[runner.WorkflowResult]():  "A workflow",
	reflect.TypeFor[runner.Via]():             "The action that led there",
	reflect.TypeFor[runner.StepResult]():      "A visit of a step",
	reflect.TypeFor[runner.Attempt]():         "An attempt",
	reflect.TypeFor[runner.RequestResult]():   "A request",
	reflect.TypeFor[runner.ResponseResult]():  "A response",
	reflect.TypeFor[runner.CriterionResult](): "A criterion",
	reflect.TypeFor[runner.Considered]():      "A considered action",
	reflect.TypeFor[runner.ActionResult]():    "An action",
	reflect.TypeFor[runner.ContractFinding](): "A contract finding",
	reflect.TypeFor[runner.Problem]():         "A problem",
	reflect.TypeFor[runner.Diagnostic]():      "A diagnostic",
}

// TestFieldsAreDocumented holds docs/report.md against the JSON report: it has each
// field, in order, and says which are left out.
func TestFieldsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/report.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string][]string{}
	for _, chapter := range strings.Split(string(text), "\n### ")[1:] {
		title, table, _ := strings.Cut(chapter, "\n")
		written[title] = documented(table)
	}
	fields := map[string][]string{}
	collect(t, reflect.TypeFor[runner.Result](), fields)
	if diff := cmp.Diff(fields, written); diff != "" {
		t.Errorf("(-the report +docs/report.md):\n%s", diff)
	}
}

// fieldRow is a line of a table: the names of fields, and what is said of them.
var (
	fieldRow  = regexp.MustCompile("(?m)^\\| (`.*?`) \\| (.*)\\|$")
	fieldName = regexp.MustCompile("`(\\w+)`")
)

// documented are the fields of a table, with a ? behind those that may be left out.
func documented(table string) []string {
	var list []string
	for _, row := range fieldRow.FindAllStringSubmatch(table, -1) {
		for _, name := range fieldName.FindAllStringSubmatch(row[1], -1) {
			list = append(list, name[1]+mayBeLeftOut(strings.Contains(row[2], "left out")))
		}
	}
	return list
}

func mayBeLeftOut(it bool) string {
	if it {
		return "?"
	}
	return ""
}

// collect finds the fields of a type, and of those that it is made of.
func collect(t *testing.T, of reflect.Type, into map[string][]string) {
	t.Helper()
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || into[chapters[of]] != nil {
		return
	}
	if chapters[of] == "" {
		t.Fatalf("docs/report.md has no chapter for %s", of)
	}
	into[chapters[of]] = []string{}
	for _, f := range reflect.VisibleFields(of) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		into[chapters[of]] = append(into[chapters[of]], name+mayBeLeftOut(options == "omitempty"))
		collect(t, f.Type, into)
	}
}

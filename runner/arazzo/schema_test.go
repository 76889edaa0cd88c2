package arazzo_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// difference is a class of mutants that the published schema and Read do not
// agree on.
type difference struct {
	pattern *regexp.Regexp
	reason  string
	// since is true for what only the schema of 1.1 can differ in.
	since bool
}

// laxer is what the schemas reject and Read does not.
var laxer = []difference{
	{regexp.MustCompile(`(arameters|Actions|onSuccess|onFailure)/\* (with |renamed value)`), "the text says that what a Reusable Object cannot have is ignored: a warning (S-143)", false},
	{regexp.MustCompile(`/replacements/\*/value`), "the text says that the value is Any (S-101)", false},
	{regexp.MustCompile(`arameters/\S+/value `), "the text says that the value is Any, so also an object that is no Selector Object (S-220)", true},
}

// stricter is what Read rejects and the schemas do not.
var stricter = []difference{
	{regexp.MustCompile(` = ''$`), "an empty id, name, expression or query means nothing", false},
	{regexp.MustCompile(`/workflows/\*/dependsOn/\* = \$`), "what begins with a dollar is an expression, and only one form of it names a workflow (S-042)", false},
	{regexp.MustCompile(`(arameters/\S+/name|/contentType) = \$`), "no expression is evaluated there (S-207)", false},
	{regexp.MustCompile(`/reference = `), "a reference names a component of the right kind (S-143)", false},
	{regexp.MustCompile(`/outputs with \$ref`), "keys have to match a pattern (S-045); the schemas check the values of those that do", false},
	{regexp.MustCompile(`^(/components( without| = \{\}|/(parameters|successActions|failureActions) )| without components)`), "a component that is used has to be there (S-143)", false},
	{regexp.MustCompile(`^/components/parameters/(page|trace) without in`), "the component is used where an operation is called (S-082)", false},
	{regexp.MustCompile(`ype with (unknown|\$ref)`), "the schemas do not close the Expression Type Object (S-011)", true},
	{regexp.MustCompile(`(/on(Success|Failure)/\*|/components/successActions/next)/parameters`), "the schema does not look at the parameters of an action (S-119, S-225)", true},
	{regexp.MustCompile(`/payload/pet/`), "the schema does not look for Selector Objects in a payload (S-219)", true},
}

// TestPublishedSchemas compares Read with the specification's own JSON Schemas,
// over every way to damage one thing in a document that has everything: what the
// schema rejects is rejected, but for the differences above, each of which there
// has to be.
func TestPublishedSchemas(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ document, schema string }{
		{"full-1.0.yml", "schema-1.0-2025-10-15.json"},
		{"full-1.1.yml", "schema-1.1-2026-04-15.json"},
	} {
		t.Run(test.document, func(t *testing.T) {
			t.Parallel()
			schema := publishedSchema(t, test.schema)
			root := parse(t, readFile(t, filepath.Join("testdata", test.document)))
			if _, found := arazzo.Read(root); len(found) > 0 {
				t.Errorf("it is not right:\n%v", lines(found))
			}
			if err := schema.Validate(root.Data()); err != nil {
				t.Errorf("it is not right by its schema: %v", err)
			}
			used := map[string]bool{}
			for _, m := range mutants(root) {
				_, found := arazzo.Read(m.root)
				compareVerdicts(t, m, schema.Validate(m.root.Data()), found, used)
			}
			for _, d := range slices.Concat(laxer, stricter) {
				if !used[d.reason] && (!d.since || strings.Contains(test.document, "1.1")) {
					t.Errorf("there is no such difference: %s", d.reason)
				}
			}
		})
	}
}

func compareVerdicts(t *testing.T, m mutant, rejected error, found source.Diagnostics, used map[string]bool) {
	t.Helper()
	differences := stricter
	switch {
	case (rejected != nil) == found.Failed():
		return
	case rejected != nil:
		differences = laxer
	}
	for _, d := range differences {
		if d.pattern.MatchString(m.name) {
			used[d.reason] = true
			return
		}
	}
	t.Errorf("%s: the schema says %v, Read says %q", m.name, rejected, lines(found))
}

// publishedSchema compiles one of the specification's own schemas.
func publishedSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	file := filepath.Join(corpus, "arazzo-schemas", name)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the published schemas are not beside the checkout, so nothing was compared with them: %v", err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(readFile(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(compileECMAScript)
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// ecmaScript is a regular expression of the schemas, which use lookahead.
type ecmaScript struct{ *regexp2.Regexp }

func compileECMAScript(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	return ecmaScript{re}, err
}

func (re ecmaScript) MatchString(s string) bool {
	matched, err := re.Regexp.MatchString(s)
	return err == nil && matched
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

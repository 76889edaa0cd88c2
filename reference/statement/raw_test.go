package statement

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// The first word of SQL, where Postgres finds it.
func TestRawWord(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"":                                  "",
		"select 1":                          "SELECT",
		"\f\v\t\r\n ;;Commit;":              "COMMIT",
		"--begin\n--\r\ncommit":             "COMMIT",
		"-- commit":                         "",
		"/* commit */commit":                "COMMIT",
		"/* a /* b */ commit */ end":        "END",
		"/* a /* b */ commit":               "",
		"/*/ commit */ abort":               "ABORT",
		"/**/--\n/***/ /*\n*/rollback work": "ROLLBACK",
		"commit_log":                        "COMMIT_LOG",
		"(commit)":                          "",
		"$1":                                "",
		"é":                                 "",
	} {
		if got, _ := rawWord(sql); got != want {
			t.Errorf("%q begins with %q, want %q", sql, got, want)
		}
	}
}

// Whatever is read as parameters is bound whole: as many values as the list has, and
// of a list the same elements.
func FuzzRawParameters(f *testing.F) {
	for _, text := range []string{
		`[1,"x",null,1.5,true,{"a":1}]`, `[[1,2],["a\"\\",null],[[true]],[]]`, `[{"prisma__type":"date","prisma__value":"2024-01-01T00:00:00Z"}]`,
		`[{"prisma__type":"bigint","prisma__value":"1"},{"prisma__type":"decimal","prisma__value":"1.5"}]`, `[{"prisma__type":"bytes","prisma__value":"AA=="}]`, `[1] 2`, `{}`, `["NULL","{","}"]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		o := &queryschema.Operation{Name: "queryRaw", Action: queryschema.QueryRaw, Arguments: map[string]any{"query": "SELECT 1", "parameters": text}}
		raw, err := RawOf(o)
		if err != nil {
			return
		}
		var list []any
		if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != len(raw.Args) || len(list) != len(raw.Types) {
			t.Fatalf("%d values, %d types of %s: %v", len(raw.Args), len(raw.Types), text, err)
		}
		for i, value := range list {
			if strings, ok := value.([]any); ok && onlyStrings(strings) {
				got, err := (&prisma.Field{Type: prisma.String, List: true}).Value([]byte(*raw.Args[i]))
				if err != nil {
					t.Fatalf("%s is bound as %s: %v", text, *raw.Args[i], err)
				}
				if diff := cmp.Diff(strings, got); diff != "" {
					t.Errorf("%s is bound as %s:\n%s", text, *raw.Args[i], diff)
				}
			}
		}
	})
}

func onlyStrings(list []any) bool {
	for _, element := range list {
		if _, ok := element.(string); !ok && element != nil {
			return false
		}
	}
	return true
}

package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// asker makes documents of what the SDL says can be asked, at random.
type asker struct {
	*rand.Rand
	schema *ast.Schema
	text   strings.Builder
	// left is how many more members may be chosen that need not be there.
	left int
}

func newAsker(t *testing.T, schema *prisma.Schema, seed uint64) *asker {
	t.Helper()
	sdl, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: queryschema.SDL(schema)})
	if err != nil {
		t.Fatal(err)
	}
	return &asker{Rand: rand.New(rand.NewPCG(seed, 1)), schema: sdl}
}

func (a *asker) document() string {
	a.text.Reset()
	a.left = 15
	root := a.schema.Query
	if a.IntN(3) == 0 {
		root = a.schema.Mutation
	}
	fields := root.Fields
	for {
		f := fields[a.IntN(len(fields))]
		// Raw SQL is what somebody wrote, and introspection is not of the document.
		if strings.HasPrefix(f.Name, "__") || strings.HasSuffix(f.Name, "Raw") {
			continue
		}
		a.text.WriteString(strings.ToLower(root.Name) + " { ")
		a.field(f, 0)
		a.text.WriteString(" }")
		return a.text.String()
	}
}

func (a *asker) field(f *ast.FieldDefinition, depth int) {
	a.text.WriteString(f.Name)
	arguments := make([]member, len(f.Arguments))
	for i, argument := range f.Arguments {
		arguments[i] = member{argument.Name, argument.Type}
	}
	if chosen := a.some(arguments); len(chosen) > 0 {
		a.text.WriteString("(")
		a.members(chosen)
		a.text.WriteString(")")
	}
	of := a.schema.Types[f.Type.Name()]
	if of.Kind != ast.Object {
		return
	}
	a.text.WriteString(" { ")
	hasOne := false
	for i, sub := range of.Fields {
		isLast := i == len(of.Fields)-1 && !hasOne
		if a.schema.Types[sub.Type.Name()].Kind == ast.Object && depth > 1 && !isLast || a.IntN(len(of.Fields)) > 2 && !isLast {
			continue
		}
		hasOne = true
		a.field(sub, depth+1)
		a.text.WriteString(" ")
	}
	a.text.WriteString("}")
}

type member struct {
	name string
	of   *ast.Type
}

// some are the members that have to be there, and others.
func (a *asker) some(all []member) []member {
	var chosen []member
	for _, m := range all {
		if !m.of.NonNull && (a.left <= 0 || a.IntN(len(all)) > 1) {
			continue
		}
		if !m.of.NonNull {
			a.left--
		}
		chosen = append(chosen, m)
	}
	return chosen
}

func (a *asker) members(chosen []member) {
	for _, m := range chosen {
		a.text.WriteString(" " + m.name + ": ")
		switch {
		case m.name == "take" || m.name == "skip":
			fmt.Fprint(&a.text, a.IntN(4))
		case m.of.Elem != nil:
			a.text.WriteString("[")
			for range a.IntN(3) {
				a.value(m.of.Elem)
				a.text.WriteString(" ")
			}
			a.text.WriteString("]")
		default:
			a.value(m.of)
		}
	}
}

// askedValues are some of each scalar, most of which the people have.
var askedValues = map[string][]string{
	"String":   {`"u1@x"`, `"p1"`, `"a"`, `"s"`, `"ä😀%_\\ \" $1 '; --"`, `"aab53bcc-8f0c-4a5d-9d4a-0f2b1c4d5e6f"`},
	"Boolean":  {"true", "false"},
	"Int":      {"1", "2", "-1", "0", "2147483647"},
	"BigInt":   {"1", "9007199254740993", `"-9223372036854775808"`},
	"Float":    {"1", "1.5", "-1e-3"},
	"Decimal":  {"2", `"1.50"`},
	"DateTime": {`"2024-01-03T00:00:00.000Z"`, `"1970-01-01T00:00:00+02:00"`},
	"Json":     {`"{\"a\": 1}"`, `"[1, null]"`, `"\"x\""`},
	"Bytes":    {`"AP8="`, `""`},
}

func (a *asker) value(of *ast.Type) {
	d := a.schema.Types[of.Name()]
	switch d.Kind {
	case ast.Enum:
		a.text.WriteString(d.EnumValues[a.IntN(len(d.EnumValues))].Name)
	case ast.Scalar:
		all := askedValues[d.Name]
		a.text.WriteString(all[a.IntN(len(all))])
	default:
		all := make([]member, len(d.Fields))
		for i, f := range d.Fields {
			all[i] = member{f.Name, f.Type}
		}
		a.text.WriteString("{")
		if strings.HasSuffix(d.Description, "one member.") {
			a.members(all[a.IntN(len(all)):][:1])
		} else {
			a.members(a.some(all))
		}
		a.text.WriteString(" }")
	}
}

// What can be asked is answered, or refused for what the data are, whatever it is: no
// statement is wrong.
func TestWhateverCanBeAskedIsAnswered(t *testing.T) {
	t.Parallel()
	schema, databaseURL := prismatest.Database(t, prismatest.Everything)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), people)
	e, err := engine.Open(t.Context(), engine.Options{DatabaseURL: databaseURL, Limits: engine.Limits{QueryTimeout: time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	a := newAsker(t, schema, 1)
	codes := map[string]int{}
	for range 500 {
		query := a.document()
		doc, err := graphql.Parse(query, nil)
		if err != nil {
			t.Fatalf("%s\n%s", query, err)
		}
		operations, err := queryschema.Check(schema, doc)
		if err == nil {
			_, _, err = e.Execute(t.Context(), doc.Operation, operations)
		}
		codes[judge(t, query, err)]++
	}
	if codes[""] < 250 {
		t.Errorf("half of what is asked or more should be answered: %v", codes)
	}
}

// judge is the code of an error, "" of none. It fails for those that are no refusal of
// the data.
func judge(t *testing.T, query string, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var refused *prisma.Error
	if !errors.As(err, &refused) {
		t.Errorf("%s\n%s", query, err)
		return "fault"
	}
	switch refused.Code {
	case "P2022":
		t.Errorf("%s\n%s", query, err)
	case "P2009", "P2012":
		// GraphQL cannot say that relations and foreign keys exclude each other, and that
		// one of them is required.
		if strings.HasPrefix(query, "query") {
			t.Errorf("%s\n%s", query, err)
		}
	case "":
		// Such as a division by zero; of what Postgres does not understand only, as with
		// Prisma, an aggregate or an operator that a type does not have.
		if strings.Contains(err.Error(), "SQLSTATE 42") && !strings.Contains(err.Error(), "SQLSTATE 42883") {
			t.Errorf("%s\n%s", query, err)
		}
		return "other"
	}
	return refused.Code
}

package queryschema

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// generator writes documents that the types allow, at random.
type generator struct {
	*rand.Rand
	text strings.Builder
	// left is how many more members may be chosen: what is required alone ends.
	left int
}

// document is a query or a mutation of one root field.
func document(r *rand.Rand, root *rootField) string {
	g := &generator{Rand: r, left: 20}
	fmt.Fprintf(&g.text, "%s { %s", root.operation, root.name)
	g.field(root.arguments, root.output, 0)
	g.text.WriteString(" }")
	return g.text.String()
}

func (g *generator) field(arguments *inputObject, output outputType, depth int) {
	if arguments != nil {
		if chosen := g.members(arguments); len(chosen) > 0 {
			g.text.WriteString("(")
			g.written(chosen)
			g.text.WriteString(")")
		}
	}
	if output.object == nil {
		return
	}
	g.text.WriteString(" {")
	fields := output.object.fields().ordered
	hasOne := false
	for i, f := range fields {
		if f.output.object != nil && depth > 2 || g.IntN(len(fields)) > 2 && (hasOne || i < len(fields)-1) {
			continue
		}
		hasOne = true
		g.text.WriteString(" " + f.name)
		g.field(f.arguments, f.output, depth+1)
	}
	if !hasOne {
		g.text.WriteString(" " + fields[0].name)
	}
	g.text.WriteString(" }")
}

// members chooses members of an object, as many as there have to be.
func (g *generator) members(o *inputObject) []*inputField {
	fields := o.fields()
	chosen := fields.required
	if o.most == 1 {
		if o.least == 0 && g.IntN(10) == 0 {
			return nil
		}
		return fields.ordered[g.IntN(len(fields.ordered)):][:1]
	}
	for _, f := range fields.ordered {
		if !f.isRequired && g.left > 0 && g.IntN(len(fields.ordered)) < 2 {
			g.left--
			chosen = append(chosen[:len(chosen):len(chosen)], f)
		}
	}
	return chosen
}

func (g *generator) written(members []*inputField) {
	for _, f := range members {
		g.text.WriteString(" " + f.name + ": ")
		t := f.types[g.IntN(len(f.types))]
		if g.left <= 0 {
			// The simplest comes to an end.
			for _, other := range f.types {
				if other.object == nil || other.isList {
					t = other
				}
			}
		}
		switch {
		case f.name == "take" || f.name == "skip":
			g.text.WriteString(strconv.Itoa(g.IntN(5)))
		case t.isList:
			g.list(t)
		default:
			g.value(t)
		}
	}
}

func (g *generator) list(t inputType) {
	g.text.WriteString("[")
	if g.left > 0 {
		for range g.IntN(3) {
			g.left--
			g.value(t)
			g.text.WriteString(" ")
		}
	}
	g.text.WriteString("]")
}

// samples are values of each scalar.
var samples = map[prisma.Type][]string{
	prisma.String:   {`"a"`, `""`, `"ä 😀 %_\\ \" $1 '; --"`},
	prisma.Boolean:  {"true", "false"},
	prisma.Int:      {"1", "-2", "0", "2147483647"},
	prisma.BigInt:   {"1", "9007199254740993", `"-9223372036854775808"`},
	prisma.Float:    {"1", "1.5", "2.5e+0", "-1e-3"},
	prisma.Decimal:  {"1", `"1.50"`, "0.1"},
	prisma.DateTime: {`"2024-02-03T04:05:06.789Z"`, `"1970-01-01T00:00:00+02:00"`},
	prisma.JSON:     {`"{\"a\":[1,null]}"`, `"1"`, `"\"x\""`},
	prisma.Bytes:    {`"AP8="`, `""`},
}

func (g *generator) value(t inputType) {
	switch {
	case t.isNull:
		g.text.WriteString("null")
	case t.enum != nil:
		g.text.WriteString(t.enum.values[g.IntN(len(t.enum.values))])
	case t.scalar != nil:
		all := samples[t.scalar.Type]
		g.text.WriteString(all[g.IntN(len(all))])
	default:
		g.text.WriteString("{")
		g.written(g.members(t.object))
		g.text.WriteString(" }")
	}
}

// What the types allow is taken; and the order of members in a query makes no other
// canonical form.
func TestCheckTakesWhatTheTypesAllow(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	types := typesOf(schema)
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		for _, root := range types.ordered {
			query := document(r, root)
			doc, err := graphql.Parse(query, nil)
			if err != nil {
				t.Fatalf("%s\n%s", query, err)
			}
			if _, err := Check(schema, doc); err != nil && !isOfGroups(err) {
				t.Fatalf("%s\n%s", query, err)
			}
			if root.operation != ast.Query {
				continue
			}
			first, _ := doc.Canonical()
			shuffle(r, doc.Fields)
			if second, _ := doc.Canonical(); string(first) != string(second) {
				t.Fatalf("%s\nhas the canonical forms\n%s\n%s", query, first, second)
			}
		}
	}
}

// isOfGroups tells whether an error is of the rules of groups, which are not in the types.
func isOfGroups(err error) bool {
	e, ok := err.(*prisma.Error)
	return ok && e.Code == "P2019"
}

// shuffle changes the order of members of objects.
func shuffle(r *rand.Rand, fields []*graphql.Field) {
	var mix func(value any)
	mix = func(value any) {
		switch v := value.(type) {
		case graphql.Object:
			r.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
			for _, m := range v {
				mix(m.Value)
			}
		case []any:
			for _, element := range v {
				mix(element)
			}
		}
	}
	for _, f := range fields {
		mix(f.Arguments)
		shuffle(r, f.Selection)
	}
}

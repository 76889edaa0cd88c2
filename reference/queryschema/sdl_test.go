package queryschema

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with what is kept of an earlier one.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update writes it:\n%s", name, diff)
	}
}

const blog = `
model User {
  id      Int     @id @default(autoincrement())
  email   String  @unique
  name    String?
  role    Role    @default(USER)
  meta    Json?
  tags    String[]
  posts   Post[]
}
model Post {
  title    String
  number   Int
  author   User @relation(fields: [authorId], references: [id])
  authorId Int

  @@id([title, number])
}
enum Role {
  USER
  ADMIN
}
`

func TestSDL(t *testing.T) {
	t.Parallel()
	got := SDL(prismatest.Schema(t, blog))
	load(t, got)
	golden(t, "testdata/blog.graphql", got)
}

// load reads a schema as tools for GraphQL do.
func load(t *testing.T, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: text})
	if err != nil {
		t.Fatalf("the schema cannot be loaded: %v\n%s", err, text[:min(len(text), 10_000)])
	}
	return schema
}

func TestSDLOfEverything(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	text := SDL(schema)
	loaded := load(t, text)
	if again := SDL(schema); again != text {
		t.Error("the same schema gives another text the second time")
	}
	if n := len(loaded.Query.Fields); n < len(schema.Models)*7 {
		t.Errorf("there are %d queries, expected 7 for each of %d models", n, len(schema.Models))
	}
}

// Names that GraphQL has not, or uses for something else, break nothing.
func TestSDLOfUnusualNames(t *testing.T) {
	t.Parallel()
	mood := &prisma.Enum{Name: "UserWhereInput", Values: []string{"so sad", "true", "HAPPY"}}
	silent := &prisma.Enum{Name: "Silent", Values: []string{"null", "1"}}
	model := func(name string, fields ...*prisma.Field) *prisma.Model {
		return &prisma.Model{Name: name, Fields: fields}
	}
	text := func(name string) *prisma.Field { return &prisma.Field{Name: name, Type: prisma.String} }
	load(t, SDL(&prisma.Schema{Models: []*prisma.Model{
		model(`it"em; --`, text("id")),
		model("Query", text("id")),
		model("Int", text("id"), text("__typename"), text("ünnamed"), text("1st")),
		model("User", text("id"), &prisma.Field{Name: "mood", Type: prisma.EnumType, Enum: mood}, &prisma.Field{Name: "s", Type: prisma.EnumType, Enum: silent}),
		model("Nameless", text("two words")),
		model("Empty"),
		model("AffectedRowsOutput", text("id"), &prisma.Field{Name: "point", Type: prisma.Unsupported}),
	}}))
	load(t, SDL(&prisma.Schema{}))
}

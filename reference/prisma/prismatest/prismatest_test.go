package prismatest

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// What is derived of the text alone is what a database has that was made of it.
func TestEverythingIsAsInADatabase(t *testing.T) {
	t.Parallel()
	want, _ := Database(t, Everything)
	got := Schema(t, Everything)
	userOID := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".OID" },
		cmp.Comparer(func(a, b uint32) bool { return a == b || a >= firstOID && b >= firstOID }))
	if diff := cmp.Diff(want, got, userOID); diff != "" {
		t.Errorf("schema (-database +text):\n%s", diff)
	}
}

func TestRelationsAndKeysOfEverything(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/everything.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), Describe(Schema(t, Everything))); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

// Whatever schema is right gives relations that lead there and back, by as many fields
// of the same types, and a script.
func FuzzSchema(f *testing.F) {
	f.Add("model A {\nid Int @id\na A[] @relation(\"x\")\nb A[] @relation(\"x\")\n}")
	f.Add("model A {\nx Int\ny Int?\nb B? @relation(fields: [x, y], references: [q, p])\n@@unique([y, x], name: \"k\")\n}\nmodel B {\np Int\nq Int\na A?\n@@id([p, q])\n}")
	f.Fuzz(func(t *testing.T, text string) {
		file, _, err := psl.Parse(psl.Source{Name: "s.prisma", Text: text})
		if err != nil {
			return
		}
		schema, _ := database(file).Fit(file)
		for _, m := range schema.Models {
			for _, r := range m.Relations {
				if r.Inverse == nil || r.Inverse.Inverse != r || r.Inverse.Model != m {
					t.Fatalf("%s.%s does not lead back", m.Name, r.Name)
				}
				if back := r.Inverse; !slices.Equal(r.Fields, back.References) || !slices.Equal(r.References, back.Fields) || len(r.Fields) != len(r.References) || len(r.Fields) == 0 {
					t.Fatalf("%s.%s leads by %v to %v", m.Name, r.Name, r.Fields, r.References)
				}
				if one := r.Holds != r.Inverse.Holds; one != (r.Join == nil) || r.Join != nil && (!r.List || !r.Inverse.List) {
					t.Fatalf("%s.%s and its inverse hold %v and %v", m.Name, r.Name, r.Holds, r.Inverse.Holds)
				}
				for i, field := range r.Fields {
					if r.Join == nil && field.TypeName() != r.References[i].TypeName() {
						t.Fatalf("%s.%s leads from %s to %s", m.Name, r.Name, field.TypeName(), r.References[i].TypeName())
					}
				}
			}
		}
		statements(file)
	})
}

package queryschema

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// captures is the folder, beside the project's own, of what real clients and engines said.
const captures = "../../../shared/examples/prisma-clients"

// capture reads one of the captures. It skips the test where the folder is not.
func capture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(captures, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("skipped: there is no %s beside the project, which holds captures of Prisma's own", captures)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// inOrderOf puts the models in the order in which a text declares them, which is
// Prisma's; a schema has them in the order of their names.
func inOrderOf(text string, schema *prisma.Schema) *prisma.Schema {
	ordered := &prisma.Schema{Models: slices.Clone(schema.Models), Enums: schema.Enums}
	slices.SortFunc(ordered.Models, func(a, b *prisma.Model) int {
		return strings.Index(text, "model "+a.Name+" ") - strings.Index(text, "model "+b.Name+" ")
	})
	return ordered
}

// The query schema is, to the letter, the one that Prisma 4.16 derives.
func TestQuerySchemaIsPrismas(t *testing.T) {
	t.Parallel()
	text := capture(t, "schema.prisma")
	want := capture(t, "captures/v4-user-post.schema.txt")
	got := notationOf(newTypes(inOrderOf(text, prismatest.Schema(t, text))))
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("query schema (-Prisma's +ours):\n%s", diff)
	}
}

// Of the text that has everything the query schema is Prisma's too: what is kept here
// we wrote, and it was compared with what Prisma 4.16 derives of the same text. There
// was no difference.
func TestQuerySchemaOfEverything(t *testing.T) {
	t.Parallel()
	schema := inOrderOf(prismatest.Everything, prismatest.Schema(t, prismatest.Everything))
	golden(t, "testdata/everything.schema.txt", notationOf(newTypes(schema)))
}

package queryschema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// step is one name on a path, or a place in a list.
type step struct {
	name         string
	index        int
	line, column int
	// isUnion is set where several types were expected.
	isUnion bool
}

func (c *checker) push(s step) { c.path = append(c.path, s) }

func (c *checker) pop() { c.path = c.path[:len(c.path)-1] }

// ends is how many names at each end of a path are shown.
const ends = 8

// at is the path to what is looked at, and the last place on it that is known.
func (c *checker) at() (path string, line, column int) {
	names := make([]string, len(c.path))
	for i, s := range c.path {
		names[i] = s.name
		if s.name == "" {
			names[i] = strconv.Itoa(s.index)
		}
		names[i] = prisma.Excerpt(names[i])
		if s.line > 0 {
			line, column = s.line, s.column
		}
	}
	// The middle of a long way is left out.
	if n := len(names); n > 2*ends {
		names = slices.Concat(names[:ends], []string{"..."}, names[n-ends:])
	}
	return strings.Join(names, "."), line, column
}

// invalid is what does not fit, P2009, at the place that is looked at.
func (c *checker) invalid(format string, args ...any) error {
	path, line, column := c.at()
	return prisma.InvalidAt(path, line, column, format, args...)
}

// missing is a value that has to be there, or null where there has to be one. It is
// P2012 where one type was expected all the way, else P2009, as Prisma has it.
func (c *checker) missing(types []inputType, isElement, isNull bool) error {
	if isElement || slices.ContainsFunc(c.path, func(s step) bool { return s.isUnion }) {
		if isNull {
			return c.mismatch(types, nil, isElement)
		}
		return c.invalid("a value is required here: expected %s", typeNames(types, isElement))
	}
	path, line, column := c.at()
	return prisma.MissingAt(path, line, column, typeNames(types, isElement))
}

// mismatch is a value of none of the types that are expected.
func (c *checker) mismatch(types []inputType, value any, isElement bool) error {
	form := ""
	if slices.ContainsFunc(types, func(t inputType) bool { return t.scalar != nil && t.scalar.Type == prisma.JSON }) {
		form = ", Json being a string of JSON text"
	}
	return c.invalid("expected %s%s, found %s", typeNames(types, isElement), form, describe(value))
}

func describe(value any) string {
	object, ok := value.(graphql.Object)
	if !ok {
		return prisma.Describe(value)
	}
	if len(object) == 0 {
		return "an empty object"
	}
	names := make([]string, len(object))
	for i, m := range object {
		names[i] = prisma.Excerpt(m.Name)
	}
	return "an object {" + listed(names) + "}"
}

// typeNames are the types that are expected, of a list those of its elements.
func typeNames(types []inputType, isElement bool) string {
	var names []string
	for _, t := range types {
		if t.isList == isElement || !isElement {
			t.isList = t.isList && !isElement
			names = append(names, t.String())
		}
	}
	return strings.Join(names, " | ")
}

// wrongNumber is an object with too few or too many members.
func (c *checker) wrongNumber(o *inputObject, given graphql.Object) error {
	expected := "at most one of"
	if o.least == 1 {
		expected = "exactly one of"
	}
	return c.invalid("expected %s %s, found %s", expected, listed(o.names()), describe(given))
}

// unknown is a name that an object has not, which may be about a model.
func (c *checker) unknown(object string, model *prisma.Model, name string, known []string) error {
	if object == "" {
		return c.invalid("there is no argument %s%s", quoted(name), among(name, known))
	}
	if model != nil {
		if f, ok := model.Field(name); ok && f.Type == prisma.Unsupported {
			return c.invalid("Prisma has no scalar for the type of %s, %s: it is neither read nor written", name, f.NativeType)
		}
	}
	return c.invalid("%s has no %s%s", object, quoted(name), among(name, known))
}

func quoted(name string) string { return strconv.Quote(prisma.Excerpt(name)) }

func (o *inputObject) names() []string {
	var names []string
	for _, f := range o.fields().ordered {
		names = append(names, f.name)
	}
	return names
}

func (o *outputObject) names() []string {
	var names []string
	for _, f := range o.fields().ordered {
		names = append(names, f.name)
	}
	return names
}

// unknownRoot is a root field that there is not.
func (c *checker) unknownRoot(operation ast.Operation, name string) error {
	other := ast.Mutation
	if operation == other {
		other = ast.Query
	}
	if _, ok := c.types.roots[rootName{other, name}]; ok {
		return c.invalid("this is a %s: write %s { %s ... }", other, other, prisma.Excerpt(name))
	}
	var names, actions []string
	for _, root := range c.types.ordered {
		if root.operation == operation {
			names = append(names, root.name)
			if !slices.Contains(actions, string(root.action)) {
				actions = append(actions, string(root.action))
			}
		}
	}
	if nearest, ok := nearest(name, names); ok {
		return c.invalid("there is no such %s; did you mean %s?", operation, nearest)
	}
	var models []string
	for _, m := range c.types.schema.Models {
		if c.types.unique(m) == nil && isOfOne(name, m) {
			return c.invalid("%s has no key by which one record is found: there is no %s", m.Name, prisma.Excerpt(name))
		}
		if isName(m.Name) {
			models = append(models, m.Name)
		}
	}
	return c.invalid("there is no such %s; a name is one of %s and a model, which are %s", operation, strings.Join(actions, ", "), listed(models))
}

// isOfOne tells whether a root field of that name would be about one record of a model.
func isOfOne(name string, model *prisma.Model) bool {
	prefix, ok := strings.CutSuffix(strings.TrimSuffix(name, "OrThrow"), model.Name)
	action := Action(prefix)
	return ok && action != CreateOne && (action == FindUnique || action.ofOne())
}

// most is how many names an error lists.
const most = 40

func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// among says which known name may have been meant, and else which there are.
func among(name string, known []string) string {
	if nearest, ok := nearest(name, known); ok {
		return "; did you mean " + nearest + "?"
	}
	return "; there are: " + listed(known)
}

// nearest is the known name that is closest to a name, where one is close: where no more
// than two letters or a third of them are wrong.
func nearest(name string, known []string) (string, bool) {
	best, least := "", min(2, (len(name)+1)/3)+1
	for _, k := range known {
		if difference := len(k) - len(name); max(difference, -difference) >= least {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// distance is how many letters are to be added, removed or replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

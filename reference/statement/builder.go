package statement

import (
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// builder is what a statement has while its text is put together: the bound values,
// the aliases that are taken, and the first thing that went wrong.
type builder struct {
	args    []*string
	aliases int
	// led counts the relations that filters and orders lead over, joined those of a
	// selection whose records Postgres may join in any order.
	led, joined int
	err         error
}

const (
	// maxLed bounds the relations that the filters and orders of a statement lead over,
	// and maxDepth how many lie one within the other: Postgres plans each several times,
	// each within another several times for each of those, and hears of nothing while it
	// does. With these it takes half a second at the worst.
	maxLed, maxDepth = 50, 10
	// maxJoined is join_collapse_limit, above which it is told in which order to join.
	maxJoined = 8
)

// scope is a model and what its table is called in the statement, "" where it is the
// only one and needs no alias.
type scope struct {
	model *prisma.Model
	alias string
	// negated is set where a condition is to be told false, not true: within NOT. That
	// makes a difference where it may be neither.
	negated bool
	// combined is set within AND, OR and NOT, where an OR of nothing counts for nothing.
	combined bool
	// depth is over how many relations filters led here.
	depth int
}

// within is the scope of what AND, OR or NOT combines.
func (s scope) within(combination string) scope {
	s.negated = s.negated != (combination == "NOT")
	s.combined = true
	return s
}

// bind adds a value and is its placeholder.
func (b *builder) bind(text *string) string {
	b.args = append(b.args, text)
	return "$" + strconv.Itoa(len(b.args))
}

// value binds a value of a field. It is known to fit.
func (b *builder) value(f *prisma.Field, value any) string {
	text, err := f.Parameter(value)
	b.fail(err)
	return b.bind(text)
}

// values binds a list of values of a field as one array: there may be more of them
// than a statement can have parameters.
func (b *builder) values(f *prisma.Field, list any) string {
	whole := *f
	whole.List = true
	return b.value(&whole, list)
}

// fail keeps the first error. What is made after it is thrown away.
func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// alias is a name for a table that no other has.
func (b *builder) alias() string {
	b.aliases++
	return "t" + strconv.Itoa(b.aliases-1)
}

// column is a field's column.
func (s scope) column(f *prisma.Field) string {
	if s.alias == "" {
		return quoted(f.Column)
	}
	return s.alias + "." + quoted(f.Column)
}

// columns are the columns of several fields.
func (s scope) columns(fields []*prisma.Field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = s.column(f)
	}
	return list
}

// table is the model's table under its alias, for FROM.
func (s scope) table() string { return table(s.model.Namespace, s.model.Table, s.alias) }

func table(namespace, name, alias string) string {
	text := quoted(namespace) + "." + quoted(name)
	if alias != "" {
		text += " AS " + alias
	}
	return text
}

// quoted is a name of the schema as SQL writes it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// unused is a name for a column beside those of the model, which are called as it
// pleases their owner.
func (s scope) unused(name string) string {
	for {
		if _, taken := s.model.Column(name); !taken {
			return quoted(name)
		}
		name += "_"
	}
}

// where is WHERE and what must hold, "" where nothing must.
func where(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conditions, " AND ")
}

// joined combines conditions in parentheses, so that they can be combined again.
func joined(conditions []string, operator string) string {
	if len(conditions) < 2 {
		return strings.Join(conditions, "")
	}
	return "(" + strings.Join(conditions, operator) + ")"
}

package sqlsource

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// model is one of fixture.prisma.
type model struct {
	table  string
	fields []field
	// key is the primary key of several fields, by its name.
	key map[string][]string
}

// field is a scalar of a model.
type field struct {
	name, column string
	// kind is how values of it are written; sqlType what Postgres calls the column's type.
	kind, sqlType string
	// values are those of an enum by their names in Prisma, where the database's differ.
	values map[string]string
}

// The kinds of values whose JSON is not that of their SQL text.
const (
	number  = "number"
	text    = "text"
	boolean = "boolean"
	decimal = "decimal"
	moment  = "moment"
	blob    = "bytes"
	object  = "json"
	texts   = "texts"
)

func integer(name string) field {
	return field{name: name, column: name, kind: number, sqlType: "integer"}
}

func words(name string) field { return field{name: name, column: name, kind: text, sqlType: "text"} }

// models are those of fixture.prisma: a test compares them with it and with the tables.
var models = map[string]model{
	"Account": {table: "Account", fields: []field{
		integer("id"), words("email"), words("name"), integer("score"), {"active", "active", boolean, "boolean", nil},
	}},
	"Entry": {table: "Entry", fields: []field{integer("id"), integer("accountId"), words("title"), words("body")}},
	"Sample": {table: "Sample", fields: []field{
		integer("id"), words("label"), integer("int"),
		{"big", "big", text, "bigint", nil},
		{"float", "float", number, "double precision", nil},
		{"decimal", "decimal", decimal, "numeric", nil},
		{"boolean", "boolean", boolean, "boolean", nil},
		{"dateTime", "dateTime", moment, "timestamptz", nil},
		{"bytes", "bytes", blob, "bytea", nil},
		{"json", "json", object, "jsonb", nil},
		{"mood", "mood", text, `"Mood"`, nil},
		{"tags", "tags", texts, "text[]", nil},
		words("long"),
	}},
	"Pair":   {table: "Pair", fields: []field{integer("a"), words("b"), words("note")}, key: map[string][]string{"a_b": {"a", "b"}}},
	"Ticket": {table: "Ticket", fields: []field{integer("id"), words("code"), words("note")}},
	"Renamed": {table: "conformance_renamed", fields: []field{
		{"id", "renamed_id", number, "integer", nil},
		{"fullName", "full_name", text, "text", nil},
		{"rank", "rank", text, "conformance_rank", map[string]string{"FIRST": "first", "LAST": "last"}},
	}},
}

// field finds a field by its name in Prisma.
func (m model) field(name string) (field, error) {
	i := slices.IndexFunc(m.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, fmt.Errorf("%s has no scalar %q here", m.table, name)
	}
	return m.fields[i], nil
}

func (f field) quoted() string { return pgx.Identifier{f.column}.Sanitize() }

// parameter is a bound value as SQL has it. Values are bound as texts, so that Postgres
// itself reads them.
func (f field) parameter(n int) string {
	switch f.kind {
	case blob:
		return fmt.Sprintf("decode($%d::text, 'base64')", n)
	case texts:
		return fmt.Sprintf("$%d::text[]", n)
	}
	return fmt.Sprintf("$%d::text::%s", n, f.sqlType)
}

// bound is what is bound for a value.
func (f field) bound(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		if name, mapped := f.values[v]; mapped {
			return name, nil
		}
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return fmt.Sprint(v), nil
	case []any:
		if f.kind == texts {
			return listOf(v)
		}
	}
	if f.kind == object {
		written, err := json.Marshal(value)
		return string(written), err
	}
	return nil, fmt.Errorf("%s takes no value like %v here", f.name, value)
}

func listOf(values []any) (any, error) {
	list := make([]string, 0, len(values))
	for _, v := range values {
		item, isText := v.(string)
		if !isText {
			return nil, fmt.Errorf("a list of texts takes no %v", v)
		}
		list = append(list, item)
	}
	return list, nil
}

// selected is the text of the column.
func (f field) selected() string {
	switch f.kind {
	case moment:
		return fmt.Sprintf(`to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`, f.quoted())
	case blob:
		return fmt.Sprintf(`replace(encode(%s, 'base64'), E'\n', '')`, f.quoted())
	case texts:
		return fmt.Sprintf("array_to_json(%s)::text", f.quoted())
	}
	return f.quoted() + "::text"
}

// value is the JSON of a column's text.
func (f field) value(found *string) (any, error) {
	switch {
	case found == nil && f.kind == texts:
		return []any{}, nil
	case found == nil:
		return nil, nil
	}
	written := *found
	switch f.kind {
	case number, boolean, texts:
		if json.Valid([]byte(written)) { // else it is NaN or Infinity
			return json.RawMessage(written), nil
		}
	case decimal:
		if strings.Contains(written, ".") {
			written = strings.TrimRight(strings.TrimRight(written, "0"), ".")
		}
	case object:
		var compact bytes.Buffer
		err := json.Compact(&compact, []byte(written))
		return compact.String(), err
	}
	for prisma, name := range f.values {
		if name == written {
			return prisma, nil
		}
	}
	return written, nil
}

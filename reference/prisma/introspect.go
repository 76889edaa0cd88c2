package prisma

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Querier runs a query: a connection, a pool or a transaction of pgx.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Introspect reads the models and enums of the database db is connected to. The
// same database gives the same Schema, member by member. It needs no right on
// the tables themselves.
func Introspect(ctx context.Context, db Querier) (*Schema, error) {
	var i Introspection
	return i.Look(ctx, db)
}

// Introspection looks at one database again and again. The zero value has not looked
// yet. Only one goroutine may use it at a time.
type Introspection struct {
	catalogs catalogs
	schema   *Schema
}

// Look is [Introspect], and gives the Schema it gave before, itself, as long as nothing
// has changed: what was made of that still holds.
func (i *Introspection) Look(ctx context.Context, db Querier) (*Schema, error) {
	found, err := readCatalogs(ctx, db)
	if err != nil {
		return nil, err
	}
	if i.schema == nil || !found.equal(i.catalogs) {
		i.catalogs, i.schema = found, found.schema()
	}
	return i.schema, nil
}

// catalogs are what the system catalogs say.
type catalogs struct {
	types   []pgType
	labels  []enumLabel
	columns []column
	indexes []uniqueIndex
	keys    []foreignKey
}

func readCatalogs(ctx context.Context, db Querier) (c catalogs, err error) {
	if c.types, err = collect[pgType](ctx, db, selectTypes); err != nil {
		return c, fmt.Errorf("introspect types: %w", err)
	}
	if c.labels, err = collect[enumLabel](ctx, db, selectEnumLabels); err != nil {
		return c, fmt.Errorf("introspect enums: %w", err)
	}
	if c.columns, err = collect[column](ctx, db, selectColumns); err != nil {
		return c, fmt.Errorf("introspect tables: %w", err)
	}
	if c.indexes, err = collect[uniqueIndex](ctx, db, selectUniqueIndexes); err != nil {
		return c, fmt.Errorf("introspect keys: %w", err)
	}
	if c.keys, err = collect[foreignKey](ctx, db, selectForeignKeys); err != nil {
		return c, fmt.Errorf("introspect relations: %w", err)
	}
	return c, nil
}

func (c catalogs) equal(other catalogs) bool {
	return slices.Equal(c.types, other.types) && slices.Equal(c.labels, other.labels) && slices.Equal(c.columns, other.columns) &&
		slices.EqualFunc(c.indexes, other.indexes, uniqueIndex.equal) && slices.EqualFunc(c.keys, other.keys, foreignKey.equal)
}

func (c catalogs) schema() *Schema {
	enums, enumsByOID := groupEnums(c.labels)
	tables := groupTables(c.columns, newCatalog(c.types, enumsByOID))
	tables.addKeys(c.indexes)
	keys := groupKeys(c.keys)
	models, joins := tables.split(keys)
	nameModels(models)
	relate(models, joins, keys)
	schema := &Schema{Enums: enums}
	for _, m := range models {
		schema.Models = append(schema.Models, m.Model)
	}
	for _, j := range joins {
		schema.Joins = append(schema.Joins, j.Model)
	}
	return schema
}

func collect[T any](ctx context.Context, db Querier, query string) ([]T, error) {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

// column is one row of selectColumns. A table without columns has one row with
// an empty Name.
type column struct {
	TableOID         uint32
	Namespace, Table string
	Number           int16
	Name, NativeType string
	OID              uint32
	NotNull, Default bool
}

// Rows come in the order in which names are given away: by the position of the
// schema on the search path, those not on it last.
const selectColumns = `
SELECT c.oid, n.nspname, c.relname,
       coalesce(a.attnum, 0), coalesce(a.attname, ''), coalesce(format_type(a.atttypid, a.atttypmod), ''), coalesce(a.atttypid, 0),
       coalesce(a.attnotnull, false), coalesce(a.atthasdef OR a.attidentity <> '', false)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND c.relname <> '_prisma_migrations'
ORDER BY array_position(current_schemas(false), n.nspname) NULLS LAST, n.nspname, c.relname, a.attnum`

// table is a model on its way, with what the catalogs call its columns.
type table struct {
	*Model
	oid     uint32
	columns map[int16]*Field
}

// tables are in the order in which names are given away.
type tables []*table

// groupTables makes models of columns, which stand together by table.
func groupTables(columns []column, catalog catalog) tables {
	var all tables
	var t *table
	for _, c := range columns {
		if t == nil || t.oid != c.TableOID {
			t = &table{&Model{Namespace: c.Namespace, Table: c.Table}, c.TableOID, map[int16]*Field{}}
			all = append(all, t)
		}
		if c.Name != "" {
			f := catalog.field(c)
			t.Fields = append(t.Fields, f)
			t.columns[c.Number] = f
		}
	}
	return all
}

// nameModels gives models their names and puts them in the order of these.
func nameModels(models tables) {
	names := uniqueNames(models, func(m *table) (string, string) { return m.Namespace, m.Table })
	for i, m := range models {
		m.Name = names[i]
	}
	slices.SortFunc(models, func(a, b *table) int { return cmp.Compare(a.Name, b.Name) })
}

// fields finds the columns of those numbers, nil where one is none of the table's, as
// an expression is.
func (t *table) fields(numbers []int16) []*Field {
	fields := make([]*Field, len(numbers))
	for i, n := range numbers {
		if fields[i] = t.columns[n]; fields[i] == nil {
			return nil
		}
	}
	return fields
}

// enumLabel is one row of selectEnumLabels.
type enumLabel struct {
	OID             uint32
	Namespace, Name string
	Label           string
}

const selectEnumLabels = `
SELECT t.oid, n.nspname, t.typname, e.enumlabel
FROM pg_catalog.pg_enum e
JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
ORDER BY array_position(current_schemas(false), n.nspname) NULLS LAST, n.nspname, t.typname, e.enumsortorder`

// groupEnums makes enums of labels, which stand together by type, and says which
// is of which type.
func groupEnums(labels []enumLabel) ([]*Enum, map[uint32]*Enum) {
	var enums []*Enum
	var first []enumLabel
	for _, l := range labels {
		if len(first) == 0 || first[len(first)-1].OID != l.OID {
			first = append(first, l)
			enums = append(enums, &Enum{Namespace: l.Namespace, Type: l.Name})
		}
		enum := enums[len(enums)-1]
		enum.Values = append(enum.Values, l.Label)
	}
	byOID := make(map[uint32]*Enum, len(first))
	for i, name := range uniqueNames(first, func(l enumLabel) (string, string) { return l.Namespace, l.Name }) {
		enums[i].Name = name
		byOID[first[i].OID] = enums[i]
	}
	slices.SortFunc(enums, func(a, b *Enum) int { return cmp.Compare(a.Name, b.Name) })
	return enums, byOID
}

// uniqueNames gives each of all a name of its own. Plain names are given first,
// so that a schema's prefix never takes the name of a table that has it.
func uniqueNames[T any](all []T, qualified func(T) (namespace, name string)) []string {
	names := make([]string, len(all))
	taken := make(map[string]bool, len(all))
	for i, one := range all {
		if _, name := qualified(one); !taken[name] {
			names[i], taken[name] = name, true
		}
	}
	for i, one := range all {
		if names[i] != "" {
			continue
		}
		namespace, name := qualified(one)
		name = namespace + "_" + name
		for taken[name] {
			name += "_"
		}
		names[i], taken[name] = name, true
	}
	return names
}

package statement

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// Raw is SQL of the caller's own, with its values bound.
type Raw struct {
	SQL string
	// Args are bound as text, nil as NULL; Types are their types' OIDs, 0 where Postgres
	// is to infer the type.
	Args  []*string
	Types []uint32
	// Counts is true where the answer is how many rows there were, else it is the rows.
	Counts bool
}

const (
	// maxRawParameters is the query engine's.
	maxRawParameters = 32767
	// maxDimensions is how deep an array may be, MAXDIM in Postgres' sources.
	maxDimensions = 6
)

// RawOf makes the statement of queryRaw or executeRaw. Its errors are
// [*prisma.Error]: P2009 for parameters that are none, P2010 for SQL that would take
// the connection out of the service's hands, P2035 for more parameters than a
// statement has.
func RawOf(o *queryschema.Operation) (*Raw, error) {
	sql, _ := o.Arguments["query"].(string)
	if err := checkRawSQL(sql); err != nil {
		return nil, err
	}
	r := &Raw{SQL: sql, Counts: o.Action == queryschema.ExecuteRaw}
	parameters, ok := o.Arguments["parameters"].(string)
	if !ok {
		return r, nil
	}
	path := o.Name + ".parameters"
	values, err := rawParameters(parameters)
	if err != nil {
		return nil, prisma.Invalid(path, "%s", err)
	}
	if len(values) > maxRawParameters {
		return nil, tooManyParameters(len(values))
	}
	for i, value := range values {
		text, oid, err := rawParameter(value, 0)
		if err != nil {
			return nil, prisma.Invalid(fmt.Sprintf("%s.%d", path, i), "%s", err)
		}
		r.Args, r.Types = append(r.Args, text), append(r.Types, oid)
	}
	return r, nil
}

func tooManyParameters(n int) error {
	said := fmt.Sprintf("too many bind variables in prepared statement, expected maximum of %d, received %d", maxRawParameters, n)
	return prisma.NewError("P2035", "Assertion violation on the database: `"+said+"`", map[string]any{"database_error": said})
}

// rawParameters reads a list of JSON values; numbers keep their digits. That it is JSON
// is known.
func rawParameters(text string) ([]any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var list []any
	if err := decoder.Decode(&list); err != nil || list == nil {
		return nil, fmt.Errorf("expected a list as JSON text, found %s", prisma.Describe(text))
	}
	return list, nil
}

// rawArrays are the types of lists, by the type of their elements.
var rawArrays = map[uint32]uint32{
	pgtype.Int8OID:        pgtype.Int8ArrayOID,
	pgtype.NumericOID:     pgtype.NumericArrayOID,
	pgtype.TextOID:        pgtype.TextArrayOID,
	pgtype.BoolOID:        pgtype.BoolArrayOID,
	pgtype.TimestamptzOID: pgtype.TimestamptzArrayOID,
	pgtype.ByteaOID:       pgtype.ByteaArrayOID,
	pgtype.JSONBOID:       pgtype.JSONBArrayOID,
}

// rawParameter is the text of a value, and the type that Prisma 4's query engine
// binds it as: that of null, of an empty list, of one whose elements differ and of
// one of lists is left to Postgres.
func rawParameter(value any, depth int) (*string, uint32, error) {
	switch v := value.(type) {
	case nil:
		return nil, 0, nil
	case bool:
		text := strconv.FormatBool(v)
		return &text, pgtype.BoolOID, nil
	case string:
		return &v, pgtype.TextOID, nil
	case json.Number:
		text := v.String()
		if _, err := strconv.ParseInt(text, 10, 64); err == nil {
			return &text, pgtype.Int8OID, nil
		}
		return &text, pgtype.NumericOID, nil
	case []any:
		return rawList(v, depth+1)
	case map[string]any:
		return rawObject(v)
	}
	return nil, 0, fmt.Errorf("expected a JSON value, found a %T", value)
}

// rawList writes an array as Postgres reads it. What is no list in it is quoted, so
// that it can be taken neither for NULL nor for syntax.
func rawList(list []any, depth int) (*string, uint32, error) {
	if depth > maxDimensions {
		return nil, 0, fmt.Errorf("expected lists of at most %d dimensions", maxDimensions)
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	elements := make([]string, len(list))
	types := make([]uint32, len(list))
	for i, element := range list {
		text, oid, err := rawParameter(element, depth)
		if err != nil {
			return nil, 0, fmt.Errorf("element %d of the list: %w", i, err)
		}
		types[i] = rawArrays[oid]
		switch _, isList := element.([]any); {
		case text == nil:
			elements[i] = "NULL"
		case isList:
			elements[i] = *text
		default:
			elements[i] = `"` + escape.Replace(*text) + `"`
		}
	}
	text := "{" + strings.Join(elements, ",") + "}"
	if types = slices.Compact(types); len(types) != 1 {
		return &text, 0, nil
	}
	return &text, types[0], nil
}

// rawSpecials are the values that JSON has no form for, by the name of their type.
var rawSpecials = map[string]struct {
	scalar prisma.Type
	oid    uint32
}{
	"date":    {prisma.DateTime, pgtype.TimestamptzOID},
	"bigint":  {prisma.BigInt, pgtype.Int8OID},
	"decimal": {prisma.Decimal, pgtype.NumericOID},
	"bytes":   {prisma.Bytes, pgtype.ByteaOID},
}

// rawObject is such a value; any other object is one of jsonb.
func rawObject(object map[string]any) (*string, uint32, error) {
	name, _ := object["prisma__type"].(string)
	special, ok := rawSpecials[name]
	if !ok {
		text, err := json.Marshal(object)
		whole := string(text)
		return &whole, pgtype.JSONBOID, err
	}
	value, ok := object["prisma__value"].(string)
	if !ok {
		return nil, 0, fmt.Errorf("expected a string as prisma__value of a %s, found %s", name, prisma.Describe(object["prisma__value"]))
	}
	text, err := (&prisma.Field{Type: special.scalar}).Parameter(value)
	return text, special.oid, err
}

package prisma

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// RawType is a Postgres type as the result of a raw query names it: every value
// stands beside the name of its type, as in {"prisma__type":"int","prisma__value":1},
// for a client knows no field that it belongs to.
type RawType struct {
	// name is the query engine's word for the type, "" for one that it has none for.
	name  string
	write func(dst, text []byte) ([]byte, error)
	// list is true for an array of such values.
	list bool
	// postgres is what Postgres calls the type, for errors.
	postgres string
}

// rawScalars are the built-in types that the query engine has a word for.
var rawScalars = map[uint32]RawType{
	pgtype.BoolOID:        {name: "bool", write: appendBoolean},
	pgtype.Int2OID:        {name: "int", write: appendInt},
	pgtype.Int4OID:        {name: "int", write: appendInt},
	pgtype.Int8OID:        {name: "bigint", write: appendQuotedInt},
	pgtype.OIDOID:         {name: "bigint", write: appendQuotedInt},
	pgtype.Float4OID:      {name: "float", write: appendFloat},
	pgtype.Float8OID:      {name: "double", write: appendFloat},
	pgtype.NumericOID:     {name: "decimal", write: appendQuotedDecimal},
	moneyOID:              {name: "decimal", write: appendQuotedDecimal},
	pgtype.TextOID:        {name: "string", write: appendText},
	pgtype.VarcharOID:     {name: "string", write: appendText},
	pgtype.BPCharOID:      {name: "string", write: appendText},
	pgtype.NameOID:        {name: "string", write: appendText},
	pgtype.UnknownOID:     {name: "string", write: appendText},
	pgtype.InetOID:        {name: "string", write: appendText},
	pgtype.CIDROID:        {name: "string", write: appendText},
	pgtype.BitOID:         {name: "string", write: appendText},
	pgtype.VarbitOID:      {name: "string", write: appendText},
	pgtype.QCharOID:       {name: "char", write: appendText},
	pgtype.UUIDOID:        {name: "uuid", write: appendText},
	pgtype.XMLOID:         {name: "xml", write: appendText},
	pgtype.JSONOID:        {name: "json", write: appendRaw},
	pgtype.JSONBOID:       {name: "json", write: appendRaw},
	pgtype.ByteaOID:       {name: "bytes", write: appendQuotedBase64},
	pgtype.DateOID:        {name: "date", write: appendRawDate},
	pgtype.TimeOID:        {name: "time", write: appendRawTime},
	pgtype.TimetzOID:      {name: "time", write: appendRawTime},
	pgtype.TimestampOID:   {name: "datetime", write: appendRawTimestamp},
	pgtype.TimestamptzOID: {name: "datetime", write: appendRawTimestamp},
}

func appendText(dst, text []byte) ([]byte, error) { return AppendString(dst, text), nil }

func appendQuotedInt(dst, text []byte) ([]byte, error) { return quotedBy(appendInt, dst, text) }

func appendQuotedDecimal(dst, text []byte) ([]byte, error) {
	return quotedBy(appendDecimal, dst, text)
}

func appendQuotedBase64(dst, text []byte) ([]byte, error) { return quotedBy(appendBase64, dst, text) }

// RawTypes are the types of the columns of a result, by their OIDs; it asks db for
// those that are not built in, and not at all where there are none: asked tells.
func RawTypes(ctx context.Context, db Querier, oids []uint32) (types []RawType, asked bool, err error) {
	builtIn := pgtype.NewMap()
	found := map[uint32]RawType{}
	var others []uint32
	for _, oid := range oids {
		if t, ok := builtInRawType(builtIn, oid); ok {
			found[oid] = t
		} else {
			others = append(others, oid)
		}
	}
	if len(others) > 0 {
		if err := addRawTypes(ctx, db, others, found); err != nil {
			return nil, true, err
		}
	}
	for _, oid := range oids {
		types = append(types, found[oid])
	}
	return types, len(others) > 0, nil
}

func builtInRawType(builtIn *pgtype.Map, oid uint32) (RawType, bool) {
	if t, ok := rawScalars[oid]; ok {
		return t, true
	}
	if t, ok := builtIn.TypeForOID(oid); ok {
		if array, ok := t.Codec.(*pgtype.ArrayCodec); ok {
			element, ok := rawScalars[array.ElementType.OID]
			element.list = true
			return element, ok
		}
	}
	return RawType{}, false
}

// An array counts as what it is of, a domain as what it is over.
const selectRawTypes = `
SELECT o.oid, t.typname, e.oid IS NOT NULL, coalesce(b.typname, ''), coalesce(b.typtype, 'b'), coalesce(b.oid, 0)
FROM unnest($1::oid[]) AS o (oid)
LEFT JOIN pg_catalog.pg_type t ON t.oid = o.oid
LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
LEFT JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(coalesce(e.typbasetype, t.typbasetype), 0), e.oid, t.oid)`

func addRawTypes(ctx context.Context, db Querier, oids []uint32, found map[uint32]RawType) error {
	rows, err := db.Query(ctx, selectRawTypes, oids)
	if err != nil {
		return err
	}
	var oid, base uint32
	var list bool
	var name *string
	var baseName string
	var kind rune
	_, err = pgx.ForEachRow(rows, []any{&oid, &name, &list, &baseName, &kind, &base}, func() error {
		t := rawScalars[base]
		switch {
		case kind == 'e':
			t = RawType{name: "enum", write: appendText}
		case baseName == "citext":
			// It comes with an extension, so it has no fixed OID.
			t = RawType{name: "string", write: appendText}
		}
		t.list, t.postgres = list, fmt.Sprint(oid)
		if name != nil {
			t.postgres = *name
		}
		found[oid] = t
		return nil
	})
	return err
}

// AppendJSON appends the value that Postgres prints as text, nil for NULL, beside
// the name of its type. The error is P2010 for a type that the query engine has no
// form for, and [ErrTooLong] as soon as an array makes dst longer than limit, in bytes: its
// elements are much longer than their text.
func (t RawType) AppendJSON(dst, text []byte, limit int) ([]byte, error) {
	switch {
	case t.name == "":
		message := fmt.Sprintf("Failed to deserialize column of type '%s'. If you're using $queryRaw and this column is explicitly marked as `Unsupported` "+
			"in your Prisma schema, try casting this column to any supported Prisma type such as `String`.", t.postgres)
		return dst, RawFailure("N/A", message)
	case text == nil:
		return append(dst, `{"prisma__type":"null","prisma__value":null}`...), nil
	case t.list:
		return t.appendList(dst, text, limit)
	}
	return t.appendScalar(dst, text)
}

func (t RawType) appendScalar(dst, text []byte) ([]byte, error) {
	dst = append(dst, `{"prisma__type":"`+t.name+`","prisma__value":`...)
	dst, err := t.write(dst, text)
	return append(dst, '}'), err
}

// ErrTooLong is a value that is longer than it may be.
var ErrTooLong = errors.New("the value is longer than it may be")

// appendList writes an array, and an array of several dimensions as arrays of
// arrays, whose elements stand beside their types like any other value.
func (t RawType) appendList(dst, text []byte, limit int) ([]byte, error) {
	scanner := scanArray(text)
	first := true
	for {
		token, element, err := scanner.next()
		if err != nil || token == arrayEnd {
			return dst, err
		}
		if len(dst) > limit {
			return dst, ErrTooLong
		}
		if token != arrayClose && !first {
			dst = append(dst, ',')
		}
		first = token == arrayOpen
		switch token {
		case arrayOpen:
			dst = append(dst, `{"prisma__type":"array","prisma__value":[`...)
		case arrayClose:
			dst = append(dst, `]}`...)
		case arrayNull:
			dst = append(dst, `{"prisma__type":"null","prisma__value":null}`...)
		default:
			if dst, err = t.appendScalar(dst, element); err != nil {
				return dst, err
			}
		}
	}
}

// RawFailure is a raw query that failed, P2010: a SQLSTATE, or N/A, and what is
// wrong.
func RawFailure(code, message string) *Error {
	return NewError("P2010", fmt.Sprintf("Raw query failed. Code: `%s`. Message: `%s`", code, message),
		map[string]any{"code": code, "message": message})
}

// What raw queries have of dates and times is more than DateTime has: digits below
// the millisecond, a date without a time and a time without a date.
const (
	rawDate      = "2006-01-02"
	rawClock     = "15:04:05"
	rawTimestamp = rawDate + "T" + rawClock
)

func appendRawTimestamp(dst, text []byte) ([]byte, error) {
	return appendRawInstant(dst, text, rawTimestamp, "+00:00")
}

func appendRawDate(dst, text []byte) ([]byte, error) {
	return appendRawInstant(dst, text, rawDate, "")
}

// appendRawTime leaves an offset out, as the query engine does.
func appendRawTime(dst, text []byte) ([]byte, error) {
	if at := bytes.IndexAny(text, "+-"); at >= 0 {
		text = text[:at]
	}
	// The end of a day is a time of day in Postgres.
	if bytes.HasPrefix(text, []byte("24:00:00")) {
		return append(dst, `"24:00:00"`...), nil
	}
	return appendRawInstant(dst, text, rawClock, "")
}

// appendRawInstant writes in UTC, years as ISO 8601 has them, and as many digits of a
// second as there are, in threes.
func appendRawInstant(dst, text []byte, layout, zone string) ([]byte, error) {
	if string(text) == "infinity" || string(text) == "-infinity" {
		return AppendString(dst, text), nil
	}
	t, ok := parseDateTime(string(text))
	if !ok {
		return dst, expected("a date or time in ISO form", text)
	}
	dst = append(dst, '"')
	if layout != rawClock {
		dst = appendYear(dst, t.Year())
		layout = layout[len("2006"):]
	}
	dst = t.AppendFormat(dst, layout)
	if micros := t.Nanosecond() / int(time.Microsecond); micros%1000 != 0 {
		dst = fmt.Appendf(dst, ".%06d", micros)
	} else if micros != 0 {
		dst = fmt.Appendf(dst, ".%03d", micros/1000)
	}
	return append(append(dst, zone...), '"'), nil
}

package prismatest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// defaultTypes are the columns that Prisma makes of its types, as format_type prints
// them.
var defaultTypes = map[string]string{
	"String":   "text",
	"Boolean":  "boolean",
	"Int":      "integer",
	"BigInt":   "bigint",
	"Float":    "double precision",
	"Decimal":  "numeric(65,30)",
	"DateTime": "timestamp(3) without time zone",
	"Json":     "jsonb",
	"Bytes":    "bytea",
}

// nativeTypes are those of @db, with # for what stands in parentheses.
var nativeTypes = map[string]string{
	"Text":            "text",
	"VarChar":         "character varying#",
	"Char":            "character#",
	"Bit":             "bit#",
	"VarBit":          "bit varying#",
	"Uuid":            "uuid",
	"Xml":             "xml",
	"Inet":            "inet",
	"Citext":          "citext",
	"Boolean":         "boolean",
	"SmallInt":        "smallint",
	"Integer":         "integer",
	"Oid":             "oid",
	"BigInt":          "bigint",
	"Real":            "real",
	"DoublePrecision": "double precision",
	"Decimal":         "numeric#",
	"Money":           "money",
	"Date":            "date",
	"Time":            "time# without time zone",
	"Timetz":          "time# with time zone",
	"Timestamp":       "timestamp# without time zone",
	"Timestamptz":     "timestamp# with time zone",
	"Json":            "json",
	"JsonB":           "jsonb",
	"ByteA":           "bytea",
}

// oids are those of the types that are built in, by their names without what stands
// in parentheses.
var oids = map[string]uint32{
	"text": pgtype.TextOID, "character varying": pgtype.VarcharOID, "character": pgtype.BPCharOID,
	"bit": pgtype.BitOID, "bit varying": pgtype.VarbitOID, "uuid": pgtype.UUIDOID, "xml": pgtype.XMLOID, "inet": pgtype.InetOID,
	"boolean": pgtype.BoolOID, "smallint": pgtype.Int2OID, "integer": pgtype.Int4OID, "oid": pgtype.OIDOID, "bigint": pgtype.Int8OID,
	"real": pgtype.Float4OID, "double precision": pgtype.Float8OID, "numeric": pgtype.NumericOID, "money": 790,
	"date": pgtype.DateOID, "time without time zone": pgtype.TimeOID, "time with time zone": pgtype.TimetzOID,
	"timestamp without time zone": pgtype.TimestampOID, "timestamp with time zone": pgtype.TimestamptzOID,
	"json": pgtype.JSONOID, "jsonb": pgtype.JSONBOID, "bytea": pgtype.ByteaOID, "point": pgtype.PointOID,
}

// arrayOIDs are those of their arrays.
var arrayOIDs = map[string]uint32{
	"text": pgtype.TextArrayOID, "character varying": pgtype.VarcharArrayOID, "character": pgtype.BPCharArrayOID,
	"bit": pgtype.BitArrayOID, "bit varying": pgtype.VarbitArrayOID, "uuid": pgtype.UUIDArrayOID, "xml": pgtype.XMLArrayOID, "inet": pgtype.InetArrayOID,
	"boolean": pgtype.BoolArrayOID, "smallint": pgtype.Int2ArrayOID, "integer": pgtype.Int4ArrayOID, "oid": pgtype.OIDArrayOID, "bigint": pgtype.Int8ArrayOID,
	"real": pgtype.Float4ArrayOID, "double precision": pgtype.Float8ArrayOID, "numeric": pgtype.NumericArrayOID, "money": 791,
	"date": pgtype.DateArrayOID, "time without time zone": pgtype.TimeArrayOID, "time with time zone": pgtype.TimetzArrayOID,
	"timestamp without time zone": pgtype.TimestampArrayOID, "timestamp with time zone": pgtype.TimestamptzArrayOID,
	"json": pgtype.JSONArrayOID, "jsonb": pgtype.JSONBArrayOID, "bytea": pgtype.ByteaArrayOID, "point": pgtype.PointArrayOID,
}

var parentheses = regexp.MustCompile(`\([^)]*\)`)

// columnType is the Postgres type of a field, as format_type prints it where the
// schema public is on the search path.
func columnType(schema *psl.Schema, f *psl.Field) string {
	name := elementType(schema, f)
	if f.IsList {
		name += "[]"
	}
	return name
}

func elementType(schema *psl.Schema, f *psl.Field) string {
	switch {
	case f.Kind == psl.Unsupported:
		return f.Type
	case f.Kind == psl.EnumKind:
		enum := schema.Enum(f.Type)
		if enum.Namespace == "" || enum.Namespace == public {
			return shortQuoted(enum.Type)
		}
		return shortQuoted(enum.Namespace) + "." + shortQuoted(enum.Type)
	case f.Native == "":
		return defaultTypes[f.Type]
	}
	arguments := f.NativeArguments
	if len(arguments) == 0 && slices.Contains([]string{"Char", "Bit"}, f.Native) {
		arguments = []string{"1"}
	}
	if f.Native == "Decimal" && len(arguments) == 1 {
		arguments = append(arguments, "0")
	}
	parenthesis := ""
	if len(arguments) > 0 {
		parenthesis = "(" + strings.Join(arguments, ",") + ")"
	}
	return strings.ReplaceAll(nativeTypes[f.Native], "#", parenthesis)
}

// oid is that of a built-in type, 0 for any other.
func oid(columnType string) uint32 {
	name, isList := strings.CutSuffix(parentheses.ReplaceAllString(columnType, ""), "[]")
	if isList {
		return arrayOIDs[name]
	}
	return oids[name]
}

// plainName is what Postgres prints without quotes, but for its keywords.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func shortQuoted(name string) string {
	if plainName.MatchString(name) && !slices.Contains([]string{"user", "order", "group", "table", "select", "default"}, name) {
		return name
	}
	return quoted(name)
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

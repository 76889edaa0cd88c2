package prisma

import "github.com/jackc/pgx/v5/pgtype"

// moneyOID is of the type money, which pgtype has no name for.
const moneyOID = 790

// scalars are the built-in Postgres types that Prisma has a scalar for.
var scalars = map[uint32]Type{
	pgtype.BoolOID:        Boolean,
	pgtype.Int2OID:        Int,
	pgtype.Int4OID:        Int,
	pgtype.OIDOID:         Int,
	pgtype.Int8OID:        BigInt,
	pgtype.Float4OID:      Float,
	pgtype.Float8OID:      Float,
	pgtype.NumericOID:     Decimal,
	moneyOID:              Decimal,
	pgtype.TextOID:        String,
	pgtype.VarcharOID:     String,
	pgtype.BPCharOID:      String,
	pgtype.UUIDOID:        String,
	pgtype.XMLOID:         String,
	pgtype.InetOID:        String,
	pgtype.BitOID:         String,
	pgtype.VarbitOID:      String,
	pgtype.DateOID:        DateTime,
	pgtype.TimeOID:        DateTime,
	pgtype.TimetzOID:      DateTime,
	pgtype.TimestampOID:   DateTime,
	pgtype.TimestamptzOID: DateTime,
	pgtype.JSONOID:        JSON,
	pgtype.JSONBOID:       JSON,
	pgtype.ByteaOID:       Bytes,
}

// pgType is one row of selectTypes: Base is what a domain is over, Element what
// an array is of, both 0 for any other type.
type pgType struct {
	OID              uint32
	Name             string
	Base, Element    uint32
	NotNull, Default bool
}

// An array type is known by its element pointing back at it: point and name have
// elements too and are no arrays.
const selectTypes = `
SELECT t.oid, t.typname, t.typbasetype, coalesce(e.oid, 0), t.typnotnull, t.typdefault IS NOT NULL
FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
WHERE t.typtype IN ('b', 'd', 'e')
ORDER BY t.oid`

// catalog knows the types of one database.
type catalog struct {
	types map[uint32]pgType
	enums map[uint32]*Enum
}

func newCatalog(types []pgType, enums map[uint32]*Enum) catalog {
	byOID := make(map[uint32]pgType, len(types))
	for _, t := range types {
		byOID[t.OID] = t
	}
	return catalog{types: byOID, enums: enums}
}

// field gives a column its Prisma type. A domain counts as the type it is over,
// with its own NOT NULL and default.
func (c catalog) field(col column) *Field {
	f := &Field{
		Name: col.Name, Column: col.Name, NativeType: col.NativeType, OID: col.OID,
		Required: col.NotNull,
	}
	hasDefault := col.Default
	t := c.types[col.OID]
	for t.Base != 0 {
		f.Required = f.Required || t.NotNull
		hasDefault = hasDefault || t.Default
		t = c.types[t.Base]
	}
	if t.Element != 0 {
		f.List = true
		t = c.types[t.Element]
	}
	for t.Base != 0 {
		t = c.types[t.Base]
	}
	f.Type, f.Enum = c.scalar(t)
	if hasDefault {
		f.Default.Kind = DatabaseDefault
	}
	return f
}

// scalar is the Prisma type of t, with the enum if it is one.
func (c catalog) scalar(t pgType) (Type, *Enum) {
	if enum, ok := c.enums[t.OID]; ok {
		return EnumType, enum
	}
	if scalar, ok := scalars[t.OID]; ok {
		return scalar, nil
	}
	// citext comes with an extension, so it has no fixed OID.
	if t.Name == "citext" {
		return String, nil
	}
	return Unsupported, nil
}

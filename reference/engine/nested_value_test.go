package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

const boxes = `
model Box {
  id     Int     @id
  values Value[]
  wides  Wide[]
}
model Value {
  id          Int       @id
  box         Box       @relation(fields: [boxId], references: [id])
  boxId       Int       @default(1)
  text        String?
  varChar     String?   @db.VarChar(40)
  char        String?   @db.Char(3)
  uuid        String?   @db.Uuid
  xml         String?   @db.Xml
  inet        String?   @db.Inet
  bit         String?   @db.Bit(3)
  citext      String?   @db.Citext
  boolean     Boolean?
  integer     Int?
  smallInt    Int?      @db.SmallInt
  oid         Int?      @db.Oid
  bigInt      BigInt?
  real        Float?    @db.Real
  double      Float?
  numeric     Decimal?
  money       Decimal?  @db.Money
  date        DateTime? @db.Date
  time        DateTime? @db.Time(3)
  timetz      DateTime? @db.Timetz(3)
  timestamp   DateTime? @db.Timestamp(6)
  timestamptz DateTime? @db.Timestamptz(3)
  json        Json?     @db.Json
  jsonB       Json?
  byteA       Bytes?
  mood        Mood?
  texts       String[]
  chars       String[]  @db.Char(3)
  ints        Int[]
  bigInts     BigInt[]
  floats      Float[]
  decimals    Decimal[]
  dates       DateTime[] @db.Date
  times       DateTime[]
  jsons       Json[]
  bytes       Bytes[]
  moods       Mood[]
  booleans    Boolean[]
}
model Wide {
  id    Int @id
  box   Box @relation(fields: [boxId], references: [id])
  boxId Int @default(1)
%s}
enum Mood {
  HAPPY @map("so \"happy\"")
  SAD
}`

// Values that are written in several ways, that need an escape, or are the last of
// their type.
const values = `
INSERT INTO "Box" VALUES (1);
INSERT INTO "Value" (id, text, "varChar", char, uuid, xml, inet, bit, citext, boolean, integer, "smallInt", oid, "bigInt", "real", double, numeric, money,
	date, time, timetz, timestamp, timestamptz, json, "jsonB", "byteA", mood, texts, chars, ints, "bigInts", floats, decimals, dates, times, jsons, bytes, moods, booleans) VALUES
(1, E'a"b\\c\n\t\x01\u2028é😀''', 'x', 'y', '00000000-0000-4000-8000-00000000000A', '<a b="c">&amp;</a>', '10.0.0.0/8', '101', 'Ci"', true, -2147483648, 32767, 4294967295, -9223372036854775808,
	1e-30, 1e300, 12345678901234567890.1200, '-$1,234.50', '0044-03-15 BC', '23:59:59.999', '12:00:00+05:30', '2024-02-03 04:05:06.789123', '2024-02-03 04:05:06.789+05:30',
	E'{"b" : [1, 2.50,\n "x\\"y"], "a":null}', '{"b": 1, "a": {"c": "\\u00e9\""}}', '\x00ff5c22', 'so "happy"',
	E'{a,"b\\"c",NULL,"","NULL","{}"}', '{a,bcd}', '{1,NULL,-1}', '{9223372036854775807}', '{1.5,NaN,-Infinity,1e+20}', '{1.50,NaN,0.00}', '{2024-02-03,infinity}', '{"2024-02-03 04:05:06.7"}',
	array['{"a" : 1}', 'null', NULL, '"x"']::jsonb[], '{"\\x00",NULL}', '{SAD,"so \"happy\""}', '{t,f,NULL}'),
(2, '', '', '', NULL, NULL, '::1', NULL, '', false, 0, 0, 0, 0, 'NaN', '-Infinity', 'NaN', 0, 'infinity', '00:00', '00:00+00', '-infinity', 'infinity',
	'null', 'null', '', 'SAD', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1e10, 1e21, 1e3, 0.5, '20000-01-01', NULL, NULL, '12024-02-03', '0001-01-01 00:00:00+00',
	'[ ]', '"x"', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`

// A value is answered the same whether its record is the one that is asked for or one
// of those that a relation leads to, and of a record of more fields than fit in one
// array.
func TestNestedValuesAreThoseOfTheTop(t *testing.T) {
	t.Parallel()
	var fields, names strings.Builder
	for i := range 230 {
		fmt.Fprintf(&fields, "  f%d Int @default(%d)\n", i, i)
		fmt.Fprintf(&names, "f%d ", i)
	}
	schema, databaseURL := prismatest.Database(t, fmt.Sprintf(boxes, fields.String()))
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), values+`INSERT INTO "Wide" (id) VALUES (1), (2)`)
	e := openEngine(t, databaseURL)
	model, _ := schema.Model("Value")
	var all []string
	for _, f := range model.Fields {
		all = append(all, f.Name)
	}
	for _, test := range []struct{ model, list, selection string }{
		{"Value", "values", strings.Join(all, " ")},
		{"Wide", "wides", "id " + names.String() + "box { id }"},
	} {
		top := execute(t, e, schema, fmt.Sprintf(`{ findMany%s(orderBy: {id: asc}) { %s } }`, test.model, test.selection))
		nested := execute(t, e, schema, fmt.Sprintf(`{ findManyBox { %s(orderBy: {id: asc}) { %s } } }`, test.list, test.selection))
		top, isList := strings.CutPrefix(strings.TrimSuffix(top, "}"), `{"findMany`+test.model+`":`)
		if !isList || len(top) < 1000 {
			t.Fatal(top)
		}
		// Postgres leaves two characters of JavaScript's as they are, which we escape.
		nested = strings.ReplaceAll(nested, "\u2028", `\u2028`)
		if diff := cmp.Diff(fmt.Sprintf(`{"findManyBox":[{"%s":%s}]}`, test.list, top), nested); diff != "" {
			t.Errorf("nested (-top +nested):\n%s", diff)
		}
	}
}

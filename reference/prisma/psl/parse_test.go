package psl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const shop = `// Everything that a schema for Postgres may hold.
datasource db {
  provider   = "postgresql"
  url        = env("DATABASE_URL")
  schemas    = ["public", "auth"]
  extensions = [citext(version: "1.6"), pgcrypto]
}

generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views",
                     "fullTextSearch",]
}

/// A customer.
model User {
  id        BigInt    @id @default(autoincrement()) /// who
  email     String    @unique(map: "users_email") @db.Citext
  fullName  String?   @map("full_name") @db.VarChar(40)
  role      Role      @default(USER)
  tags      String[]  @default(["a", "b\u00e9\"\n"])
  price     Decimal   @default(-12.50) @db.Decimal(10, 2)
  place     Unsupported("point")?
  ranges    Unsupported("int4range")[]
  changed   DateTime  @updatedAt
  secret    String    @ignore
  orders    Order[]
  boss      User?     @relation("Boss", fields: [bossId], references: [id], onDelete: SetNull, onUpdate: Cascade, map: "boss_fk")
  bossId    BigInt?   @map(name: "boss_id")
  reports   User[]    @relation(name: "Boss")

  @@map("users")
  @@schema("auth")
  @@index([email(ops: raw("citext_ops"), sort: Desc), fullName], type: BTree)
}

/* Lines of
   an order. */
model Order {
  userId BigInt
  number Int
  user   User @relation(fields: [userId],
    references: [id])
  state  State_of-order @default(open)

  @@id([userId, number(sort: Desc)], name: "order")
  @@unique(fields: [number, state], map: "u")
}

view Totals {
  id  BigInt @unique
  sum Decimal
}

model Old {
  id Int @id
  @@ignore
}

enum Role {
  USER
  ADMIN @map("admin person") // with a space
  @@map("user_role")
  @@schema("auth")
}

enum State_of-order { open
}
`

// TestParse holds all that is kept of a schema.
func TestParse(t *testing.T) {
	t.Parallel()
	number := func(text string) *Value { return &Value{Kind: Number, Text: text} }
	name := func(text string) *Value { return &Value{Kind: Name, Text: text} }
	text := func(text string) *Value { return &Value{Kind: Text, Text: text} }
	want := &Schema{
		Models: []*Model{
			{
				Name: "User", Table: "users", Namespace: "auth", ID: &Key{Fields: []string{"id"}}, Unique: []*Key{{Fields: []string{"email"}}},
				Fields: []*Field{
					{Name: "id", Column: "id", Type: "BigInt", Default: &Value{Kind: Call, Text: "autoincrement"}},
					{Name: "email", Column: "email", Type: "String", Native: "Citext"},
					{Name: "fullName", Column: "full_name", Type: "String", IsOptional: true, Native: "VarChar", NativeArguments: []string{"40"}},
					{Name: "role", Column: "role", Type: "Role", Kind: EnumKind, Default: name("USER")},
					{Name: "tags", Column: "tags", Type: "String", IsList: true, Default: &Value{Kind: List, Elements: []*Value{text("a"), text("bé\"\n")}}},
					{Name: "price", Column: "price", Type: "Decimal", Default: number("-12.50"), Native: "Decimal", NativeArguments: []string{"10", "2"}},
					{Name: "place", Column: "place", Type: "point", Kind: Unsupported, IsOptional: true},
					{Name: "ranges", Column: "ranges", Type: "int4range", Kind: Unsupported, IsList: true},
					{Name: "changed", Column: "changed", Type: "DateTime", IsUpdatedAt: true},
					{Name: "secret", Column: "secret", Type: "String", IsIgnored: true},
					{Name: "orders", Type: "Order", Kind: RelationKind, IsList: true, Relation: &Relation{Opposite: "user"}},
					{Name: "boss", Type: "User", Kind: RelationKind, IsOptional: true, Relation: &Relation{
						Name: "Boss", Opposite: "reports", Fields: []string{"bossId"}, References: []string{"id"}, OnDelete: "SetNull", OnUpdate: "Cascade",
					}},
					{Name: "bossId", Column: "boss_id", Type: "BigInt", IsOptional: true},
					{Name: "reports", Type: "User", Kind: RelationKind, IsList: true, Relation: &Relation{Name: "Boss", Opposite: "boss"}},
				},
			},
			{
				Name: "Order", Table: "Order", ID: &Key{Name: "order", Fields: []string{"userId", "number"}}, Unique: []*Key{{Fields: []string{"number", "state"}}},
				Fields: []*Field{
					{Name: "userId", Column: "userId", Type: "BigInt"},
					{Name: "number", Column: "number", Type: "Int"},
					{Name: "user", Type: "User", Kind: RelationKind, Relation: &Relation{Opposite: "orders", Fields: []string{"userId"}, References: []string{"id"}}},
					{Name: "state", Column: "state", Type: "State_of-order", Kind: EnumKind, Default: name("open")},
				},
			},
			{Name: "Totals", Table: "Totals", IsView: true, Unique: []*Key{{Fields: []string{"id"}}}, Fields: []*Field{
				{Name: "id", Column: "id", Type: "BigInt"},
				{Name: "sum", Column: "sum", Type: "Decimal"},
			}},
			{Name: "Old", Table: "Old", IsIgnored: true, ID: &Key{Fields: []string{"id"}}, Fields: []*Field{{Name: "id", Column: "id", Type: "Int"}}},
		},
		Enums: []*Enum{
			{Name: "Role", Type: "user_role", Namespace: "auth", Values: []*EnumValue{{Name: "USER", Label: "USER"}, {Name: "ADMIN", Label: "admin person"}}},
			{Name: "State_of-order", Type: "State_of-order", Values: []*EnumValue{{Name: "open", Label: "open"}}},
		},
	}
	for _, ending := range []string{"\n", "\r\n"} {
		got, warnings, err := Parse(Source{"shop.prisma", "\ufeff" + strings.ReplaceAll(shop, "\n", ending)})
		if err != nil || len(warnings) > 0 {
			t.Fatalf("%v, %v", err, warnings)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(Position{})); diff != "" {
			t.Errorf("schema (-want +got):\n%s", diff)
		}
		fullName := got.Model("User").Field("fullName")
		if at, typed := fullName.At().String(), fullName.TypePosition.String(); at != "shop.prisma:19:3" || typed != "shop.prisma:19:13" {
			t.Errorf("fullName is at %s, its type at %s", at, typed)
		}
	}
}

// TestParseRefuses has, for each mistake, all that is told of it.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const id = "id Int @id\n"
	for _, test := range []struct{ name, schema, want string }{
		{"unknown block", "table User {}", `1:1: expected datasource, generator, model, view or enum, found "table"`},
		{"no block at all", "{}", `1:1: expected datasource, generator, model, view or enum, found "{"`},
		{"composite type", "type Photo {\n}", `1:1: expected datasource, generator, model, view or enum, found "type": composite types are for MongoDB; in Postgres declare a model, or a field of type Json`},
		{"name missing", "model {", `1:7: expected the name of the model, found "{"`},
		{"name that begins with an underscore", "model _User {", `1:7: names begin with a letter, found "_User": give it another name, and this one with @map or @@map`},
		{"name that begins with a digit", "model 2User {", `1:7: names begin with a letter, found "2User"`},
		{"brace missing", "model User\n" + id, `1:11: expected { after the name of the model, found the end of the line`},
		{"end missing", "model User {\n" + id, `3:1: expected }, found the end of the file`},
		{"type missing", "model User {\nid @id\n}", `2:4: expected the type of the field, such as String or Post[], found "@"`},
		{"two fields on a line", "model User {\nid Int name String\n}", `2:8: expected the end of the line, found "name"`},
		{"optional list", "model User {\ntags String[]?\n}", `2:14: expected no "?" after []: a list cannot be optional, it is empty`},
		{"bracket open", "model User {\ntags String[\n}", `2:13: expected ] after [, found the end of the line`},
		{"old list", "model User {\nposts [Post]\n}", `2:7: expected the type of the field, such as String or Post[], found "["`},
		{"unsupported without a type", "model User {\np Unsupported\n}", `2:14: expected ("the database's type") after Unsupported, found the end of the line`},
		{"unsupported bare", "model User {\np Unsupported(point)\n}", `2:15: expected the database's type as a string, found "point"`},
		{"block attribute on a field", "model User {\nid Int @@map(\"x\")\n}", `2:8: expected the end of the line, found an attribute of the whole block: write it on a line of its own`},
		{"attribute without a name", "model User {\nid Int @\n}", `2:9: expected the name of the attribute, found the end of the line`},
		{"attribute with a point at the end", "model User {\nid Int @db.\n}", `2:12: expected a name after the point, found the end of the line`},
		{"comma missing", "model User {\nid Int @default(a b)\n}", `2:19: expected , or ), found "b"`},
		{"value missing", "model User {\nid Int @default(value: )\n}", `2:24: expected a value: a string, a number, a name or a list, found ")"`},
		{"parenthesis open", "model User {\nid Int @default(1\n", `3:1: expected , or ), found the end of the file`},
		{"string open", "model User {\nid Int @map(\"a\n}", `2:13: the string that begins here has no end on its line: write "`},
		{"escape", `datasource db { url = "a\x" }`, `1:25: expected an escape such as \" \\ \n \t or \u00e9, found "\\x": a backslash itself is written \\`},
		{"half a character", `datasource db { url = "\ud83d" }`, `1:24: expected two escapes that are one character, found half of one`},
		{"comment open", "model User { /* id\n}", `1:14: the comment that begins here has no end: write */`},
		{"sign of no meaning", "model User { # }", `1:14: expected a name, a value or one of the signs of the language, found "#"`},
		{"no UTF-8", "model \xff {", `1:7: expected UTF-8, found the byte 0xff: save the file as UTF-8`},
		{"no UTF-8 in a string", "model User {\nid Int @map(\"\xff\")\n}", `2:13: expected UTF-8 in the string that begins here: save the file as UTF-8`},
		{"no UTF-8 in a comment", "// \xff", `1:1: expected UTF-8 in the comment that begins here: save the file as UTF-8`},
		{"bad number", "model User {\nid Int @default(-)\n}", `2:17: expected a number, found "-"`},
		{"setting without a value", "datasource db {\nprovider\n}", `2:9: expected = after the name of the setting, found the end of the line`},
		{"setting without a name", "datasource db {\n= 1\n}", `2:1: expected a setting such as provider = "postgresql", found "="`},
		{"values too deep", "datasource db { a = " + strings.Repeat("[", 200) + " }", `1:121: values lie too deep in one another`},

		{"another provider", "datasource db {\nprovider = \"mysql\"\n}", `2:12: expected the provider "postgresql", found "mysql": only Postgres can be watched`},
		{"two datasources", "datasource a {\n}\ndatasource b {\n}", `3:12: expected one datasource, found another one at s.prisma:1:12`},
		{"unknown type", "model User {\nid Integer @id\n}", `2:4: expected a scalar type, or an enum or model of this schema, found "Integer"`},
		{"declared twice", "model User {\n}\nenum User {\nA\n}", `1:7: expected a name of its own, found "User", which is declared at s.prisma:3:6 too`},
		{"name of a scalar", "enum Json {\nA\n}", `1:6: expected a name of its own, found "Json", which is a type of Prisma's`},
		{"field twice", "model User {\nid Int\nid Int @map(\"b\")\n}", `3:1: expected a name of its own, found "id", which User has already`},
		{"column twice", "model User {\nid Int\nb Int @map(\"id\")\n}", `3:1: expected a column of its own, found "id", which is that of s.prisma:2:1 too: see @map and @@map`},
		{"table twice", "model User {\n}\nmodel Person {\n@@map(\"User\")\n}", `3:7: expected a table of its own, found "User", which is that of s.prisma:1:7 too: see @map and @@map`},
		{"enum without values", "enum Role {\n}", `1:6: expected at least one value in the enum Role`},
		{"value twice", "enum Role {\nA\nB @map(\"A\")\n}", `3:1: expected a value of its own, found "B", whose name or @map another value of the enum has`},
		{"map without a name", "model User {\nid Int @map\n}", `2:8: expected a name in parentheses, such as @map("name")`},
		{"map of no string", "model User {\nid Int @map(x)\n}", `2:13: expected a name in quotes, such as @map("name"), found "x"`},
		{"key of no field", "model User {\n" + id + "@@unique([nr])\n}", `3:11: expected a field of User, found "nr"`},
		{"key without fields", "model User {\n" + id + "@@unique\n}", `3:1: expected a list of fields in @unique, such as [id]`},
		{"relation of no model", "model User {\nid Int @relation(\"x\")\n}", `2:8: expected @relation on a field whose type is a model, found "Int"`},
		{"relation to no field", "model User {\n" + id + "u User @relation(fields: [id], references: [nr])\nus User[]\n}", "3:45: expected a field of User, found \"nr\"\n3:8: expected as many references as fields in @relation"},
		{"relation by a relation", "model User {\n" + id + "u User @relation(fields: [u], references: [id])\nus User[]\n}", "3:27: expected a field that is a column, found \"u\", which is a relation\n3:8: expected as many references as fields in @relation"},
		{"all that is wrong", "model A {\na B\nb C\n}", "2:3: expected a scalar type, or an enum or model of this schema, found \"B\"\n3:3: expected a scalar type, or an enum or model of this schema, found \"C\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Parse(Source{"s.prisma", test.schema})
			if err == nil {
				t.Fatal("no error")
			}
			want := "s.prisma:" + strings.ReplaceAll(test.want, "\n", "\ns.prisma:")
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseWarns(t *testing.T) {
	t.Parallel()
	schema, warnings, err := Parse(Source{"s.prisma", "datasource pg {\nrelationMode = \"prisma\" }\nmodel User {\nid Int @db.Oid @pg.Oid @mapp(\"x\") @default(ulid())\n@@shardKey([id])\n}\nenum E {\nA @x\n@@y\n}"})
	if err != nil {
		t.Fatal(err)
	}
	want := Problems{
		{Position{"s.prisma", 2, 16}, "without foreign keys nothing is done with related records when one is deleted: what onDelete says is left to the database"},
		{Position{"s.prisma", 9, 1}, `the attribute "@@y" is not known here and has no effect`},
		{Position{"s.prisma", 8, 3}, `the attribute "@x" is not known here and has no effect`},
		{Position{"s.prisma", 4, 8}, `the attribute "@db.Oid" is not known here and has no effect`},
		{Position{"s.prisma", 4, 24}, `the attribute "@mapp" is not known here and has no effect`},
		{Position{"s.prisma", 4, 44}, `the function "ulid()" is not known here: the field has no default`},
		{Position{"s.prisma", 5, 1}, `the attribute "@@shardKey" is not known here and has no effect`},
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if native := schema.Model("User").Field("id").Native; native != "Oid" {
		t.Errorf("the native type is %q", native)
	}
}

func TestOnlyTheFirstProblemsAreTold(t *testing.T) {
	t.Parallel()
	_, _, err := Parse(Source{"s.prisma", "model A {\n" + strings.Repeat("a B\n", 20) + "}"})
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "and 38 more" {
		t.Errorf("got %d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// Any text is a schema or has a mistake at a place in it.
func FuzzParse(f *testing.F) {
	f.Add(shop)
	f.Add("model A {\na B @x(y: [z, \"\\ud83d\\ude00\"])\n}")
	f.Add("enum A { b @map(\"c\")\n}")
	f.Fuzz(func(t *testing.T, text string) {
		schema, _, err := Parse(Source{"s", text})
		if err == nil {
			for _, m := range schema.Models {
				for _, field := range m.Fields {
					if field.Kind == RelationKind && (schema.Model(field.Type) == nil || field.Relation == nil) {
						t.Errorf("%s.%s leads to nothing", m.Name, field.Name)
					}
				}
			}
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, p := range err.(Problems) { //nolint:errorlint // Parse says that it is one
			if p.Line < 1 || p.Line > lines || p.Column < 1 {
				t.Errorf("%v is not in a text of %d lines", p, lines)
			}
		}
	})
}

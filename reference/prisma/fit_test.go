package prisma_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

const warehouse = `
CREATE SCHEMA auth;
CREATE TYPE mood AS ENUM ('fine', 'so so', 'new');
CREATE TYPE auth.role AS ENUM ('user');
CREATE TABLE users (
	id bigint PRIMARY KEY, full_name text, mood mood, moods mood[], role auth.role, secret text, place point, age bigint, tags text[], unnamed int
);
CREATE TABLE auth.users (id int PRIMARY KEY);
CREATE TABLE "Gone" (id int PRIMARY KEY);
CREATE TABLE other (id int PRIMARY KEY, person bigint);
CREATE VIEW totals AS SELECT 1 AS id;
`

func fit(t *testing.T, database, file string) (*prisma.Schema, psl.Problems) {
	t.Helper()
	schema, _, err := psl.Parse(psl.Source{Name: "s.prisma", Text: file})
	if err != nil {
		t.Fatal(err)
	}
	return introspect(t, connect(t, database)).Fit(schema)
}

// withoutRelations is for comparisons of fields.
var withoutRelations = cmpopts.IgnoreFields(prisma.Model{}, "ID", "Unique", "Relations")

func TestFitGivesPrismaNames(t *testing.T) {
	t.Parallel()
	got, problems := fit(t, warehouse, `
model Person {
  orders   Order[]
  id       BigInt  @id
  fullName String? @map("full_name")
  mood     Mood?
  moods    Mood[]
  role     Role?
  secret   String? @ignore
  place    Unsupported("point")?
  age      BigInt?
  tags     String[]
  @@map("users")
}
model Account {
  id Int @id
  @@map("users")
  @@schema("auth")
}
model Order {
  id       Int     @id
  personId BigInt? @map("person")
  person   Person? @relation(fields: [personId], references: [id])
  @@map("other")
}
model Gone {
  id Int @id
  @@ignore
}
view Totals {
  id Int
  @@map("totals")
}
enum Mood {
  FINE @map("fine")
  soSo @map("so so")
  new
  @@map("mood")
}
enum Role {
  user
  @@map("role")
  @@schema("auth")
}`)
	if problems != nil {
		t.Errorf("problems: %v", problems)
	}
	mood := &prisma.Enum{
		Name: "Mood", Namespace: "public", Type: "mood",
		Values: []string{"FINE", "soSo", "new"}, Labels: []string{"fine", "so so", "new"},
	}
	role := &prisma.Enum{Name: "Role", Namespace: "auth", Type: "role", Values: []string{"user"}}
	want := &prisma.Schema{
		Models: []*prisma.Model{
			{Name: "Account", Namespace: "auth", Table: "users", Fields: []*prisma.Field{
				{Name: "id", Column: "id", Type: prisma.Int, NativeType: "integer", Required: true, ID: true, Unique: true},
			}},
			{Name: "Order", Namespace: "public", Table: "other", Fields: []*prisma.Field{
				{Name: "id", Column: "id", Type: prisma.Int, NativeType: "integer", Required: true, ID: true, Unique: true},
				{Name: "personId", Column: "person", Type: prisma.BigInt, NativeType: "bigint"},
			}},
			{Name: "Person", Namespace: "public", Table: "users", LeftOut: []string{"secret", "unnamed"}, Fields: []*prisma.Field{
				{Name: "id", Column: "id", Type: prisma.BigInt, NativeType: "bigint", Required: true, ID: true, Unique: true},
				{Name: "fullName", Column: "full_name", Type: prisma.String, NativeType: "text"},
				{Name: "mood", Column: "mood", Type: prisma.EnumType, Enum: mood, NativeType: "mood"},
				{Name: "moods", Column: "moods", Type: prisma.EnumType, Enum: mood, NativeType: "mood[]", List: true},
				{Name: "role", Column: "role", Type: prisma.EnumType, Enum: role, NativeType: "auth.role"},
				{Name: "place", Column: "place", Type: prisma.Unsupported, NativeType: "point"},
				{Name: "age", Column: "age", Type: prisma.BigInt, NativeType: "bigint"},
				{Name: "tags", Column: "tags", Type: prisma.String, NativeType: "text[]", List: true},
			}},
		},
		Enums: []*prisma.Enum{mood, role},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(prisma.Field{}, "OID"), withoutRelations); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

// TestFitTellsWhatDoesNotFit has everything that can differ, and what is left.
func TestFitTellsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	got, problems := fit(t, warehouse, `
model gone {
  id Int @id
}
model Nobody {
  id Int @id
  @@map("users")
  @@schema("shop")
}
model users {
  id    Int      @id
  name  String
  mood  String?
  moods Mood?
  role  Missing?
  place String?
  age   BigInt[]
  tags  String?
}
enum Mood {
  fine
  bad  @map("very bad")
  @@map("mood")
}
enum Missing {
  user
}`)
	want := psl.Problems{
		{Position: psl.Position{File: "s.prisma", Line: 2, Column: 7}, Message: `model gone: expected the table "gone", which the database does not have (it has "public"."Gone"): apply the migrations (npx prisma migrate deploy), or correct @@map or @@schema`},
		{Position: psl.Position{File: "s.prisma", Line: 5, Column: 7}, Message: `model Nobody: expected the table "shop"."users", which the database does not have (it has "auth"."users", "public"."users"): apply the migrations (npx prisma migrate deploy), or correct @@map or @@schema`},
		{Position: psl.Position{File: "s.prisma", Line: 11, Column: 9}, Message: `field users.id: the column "id" is of type bigint, which is BigInt, not Int: its values are shown as BigInt; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 12, Column: 3}, Message: `field users.name: expected the column "name", which the table "public"."users" does not have: apply the migrations (npx prisma migrate deploy), or correct @map`},
		{Position: psl.Position{File: "s.prisma", Line: 13, Column: 9}, Message: `field users.mood: the column "mood" is of type mood, which is the enum mood, not String: its values are shown as the enum mood; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 14, Column: 9}, Message: `field users.moods: the column "moods" is of type mood[], which is a list: its values are shown so; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 15, Column: 9}, Message: `field users.role: the column "role" is of type auth.role, which is the enum role, not Missing: its values are shown as the enum role; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 16, Column: 9}, Message: `field users.place: the column "place" is of type point, which is Unsupported("point"), not String: its values are shown as Unsupported("point"); write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 17, Column: 9}, Message: `field users.age: the column "age" is of type bigint, which is no list: its values are shown so; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 18, Column: 9}, Message: `field users.tags: the column "tags" is of type text[], which is a list: its values are shown so; write that, or run npx prisma db pull`},
		{Position: psl.Position{File: "s.prisma", Line: 20, Column: 6}, Message: `enum Mood: the database's type has the label "so so" too, which no value stands for: it is shown as it is; add a value, with @map where its name differs`},
		{Position: psl.Position{File: "s.prisma", Line: 20, Column: 6}, Message: `enum Mood: the database's type has the label "new" too, which no value stands for: it is shown as it is; add a value, with @map where its name differs`},
		{Position: psl.Position{File: "s.prisma", Line: 22, Column: 3}, Message: `value bad of enum Mood: expected the label "very bad", which the type "public"."mood" does not have: apply the migrations (npx prisma migrate deploy), or correct @map`},
		{Position: psl.Position{File: "s.prisma", Line: 25, Column: 6}, Message: `enum Missing: expected the enum type "Missing", which the database does not have: apply the migrations (npx prisma migrate deploy), or correct @@map or @@schema`},
	}
	if diff := cmp.Diff(want, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	mood := &prisma.Enum{Name: "Mood", Namespace: "public", Type: "mood", Values: []string{"fine", "so so", "new"}}
	databaseMood := &prisma.Enum{Name: "mood", Namespace: "public", Type: "mood", Values: []string{"fine", "so so", "new"}}
	role := &prisma.Enum{Name: "role", Namespace: "auth", Type: "role", Values: []string{"user"}}
	wantSchema := &prisma.Schema{
		Models: []*prisma.Model{
			{Name: "users", Namespace: "public", Table: "users", LeftOut: []string{"full_name", "secret", "unnamed"}, Fields: []*prisma.Field{
				{Name: "id", Column: "id", Type: prisma.BigInt, NativeType: "bigint", Required: true, ID: true, Unique: true},
				{Name: "mood", Column: "mood", Type: prisma.EnumType, Enum: databaseMood, NativeType: "mood"},
				{Name: "moods", Column: "moods", Type: prisma.EnumType, Enum: mood, NativeType: "mood[]", List: true},
				{Name: "role", Column: "role", Type: prisma.EnumType, Enum: role, NativeType: "auth.role"},
				{Name: "place", Column: "place", Type: prisma.Unsupported, NativeType: "point"},
				{Name: "age", Column: "age", Type: prisma.BigInt, NativeType: "bigint"},
				{Name: "tags", Column: "tags", Type: prisma.String, NativeType: "text[]", List: true},
			}},
		},
		Enums: []*prisma.Enum{mood},
	}
	if diff := cmp.Diff(wantSchema, got, cmpopts.IgnoreFields(prisma.Field{}, "OID"), withoutRelations); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

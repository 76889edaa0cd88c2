package prisma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// blog has neither foreign keys nor tables between models: Prisma needs the first for
// nothing, and the second it gets where a test makes them.
const blog = `
CREATE TABLE "User" (id int PRIMARY KEY, email text UNIQUE);
CREATE TABLE "Post" (id int PRIMARY KEY, author int, title text);
CREATE TABLE "Tag" (id int PRIMARY KEY);
`

// TestFitRelations has which relations a model gets, and of what is missing for one.
func TestFitRelations(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, script, file, want, problems string }{
		{"without foreign keys", `CREATE TABLE "_PostToTag" ("A" int, "B" int, more int)`, `
model User {
  id    Int     @id
  email String? @unique
  posts Post[]
}
model Post {
  id       Int   @id
  authorId Int?  @map("author")
  author   User? @relation(fields: [authorId], references: [id])
  tags     Tag[]
}
model Tag {
  id    Int    @id
  posts Post[]
}`, `
Post is public.Post
  id id(id)
  author User? (authorId) = User(id) holds SetNull, PostToUser, back by posts
  tags Tag[] (id) = Tag(id) by public._PostToTag(A, B) Cascade, PostToTag, back by posts
Tag is public.Tag
  id id(id)
  posts Post[] (id) = Post(id) by public._PostToTag(B, A) Cascade, PostToTag, back by tags
User is public.User
  id id(id)
  unique email(email)
  posts Post[] (id) = Post(authorId) SetNull, PostToUser, back by author
`, ``},
		{"to a table and by a column that the database does not have", ``, `
model User {
  id      Int    @id
  posts   Post[]
  gone    Gone[]
}
model Post {
  id       Int  @id
  writerId Int
  writer   User @relation(fields: [writerId], references: [id])
}
model Gone {
  id   Int  @id
  user User @relation(fields: [id], references: [id])
}`, `
Post is public.Post
  id id(id)
User is public.User
  id id(id)
`, `9:3: field Post.writerId: expected the column "writerId", which the table "public"."Post" does not have: apply the migrations (npx prisma migrate deploy), or correct @map
12:7: model Gone: expected the table "Gone", which the database does not have: apply the migrations (npx prisma migrate deploy), or correct @@map or @@schema
`},
		{"without the table between, and with one that has other columns", `CREATE TABLE "_PostToTag" (a int, b int)`, `
model User {
  id     Int    @id
  likes  Post[]
}
model Post {
  id    Int    @id
  likes User[]
  tags  Tag[]
}
model Tag {
  id    Int    @id
  posts Post[]
}`, `
Post is public.Post
  id id(id)
Tag is public.Tag
  id id(id)
User is public.User
  id id(id)
`, `8:3: field Post.likes: expected the table "public"."_PostToUser" with the columns A and B, which the database does not have: apply the migrations (npx prisma migrate deploy), or correct the relation's name
9:3: field Post.tags: expected the table "public"."_PostToTag" with the columns A and B, which the database does not have: apply the migrations (npx prisma migrate deploy), or correct the relation's name
`},
		{"of which a part is ignored", ``, `
model User {
  id    Int    @id
  posts Post[]
  notes Note[]
  tags  Tag[]  @ignore
}
model Post {
  id       Int  @id
  authorId Int  @map("author") @ignore
  author   User @relation(fields: [authorId], references: [id])
}
model Note {
  id   Int  @id
  user User @relation(fields: [id], references: [id])
  @@ignore
}
model Tag {
  id   Int  @id
  user User @relation(fields: [id], references: [id])
}`, `
Post is public.Post
  id id(id)
Tag is public.Tag
  id id(id)
User is public.User
  id id(id)
`, ``},
		{"to a view", `CREATE VIEW totals AS SELECT id FROM "User"`, `
model User {
  id     Int     @id
  totals Totals?
}
view Totals {
  id   Int  @unique
  user User @relation(fields: [id], references: [id])
  @@map("totals")
}`, `
User is public.User
  id id(id)
`, ``},
		{"keys that the database does not keep", `CREATE UNIQUE INDEX ON "Post" (author, title); CREATE UNIQUE INDEX ON "Tag" (id) WHERE id > 0; ALTER TABLE "User" ALTER email SET NOT NULL`, `
model User {
  id    Int    @unique
  email String @id
}
model Post {
  id     Int    @id
  author Int?   @unique
  title  String?
  @@unique([title, author], name: "headline")
  @@unique([id, title])
}`, `
Post is public.Post
  id id(id)
  unique author(author)
  unique headline(title, author)
  unique id_title(id, title)
User is public.User
  id email(email)
  unique id(id)
`, `8:17: model Post: expected a unique index on the columns ["author"] of the table "public"."Post", which the database does not have: apply the migrations (npx prisma migrate deploy), or correct the key
11:3: model Post: expected a unique index on the columns ["id" "title"] of the table "public"."Post", which the database does not have: apply the migrations (npx prisma migrate deploy), or correct the key
`},
		{"a key of a column that is of no type, or not there", `ALTER TABLE "Tag" ADD place point`, `
model Tag {
  id    Int @id
  place Unsupported("point")
  none  Int
  @@unique([id, place])
  @@unique([id, none])
}`, `
Tag is public.Tag
  id id(id)
`, `4:9: field Tag.place: the column "place" may be null: write the type with a question mark, or run npx prisma db pull
5:3: field Tag.none: expected the column "none", which the table "public"."Tag" does not have: apply the migrations (npx prisma migrate deploy), or correct @map
`},
		{"whether a value may be missing", ``, `
model User {
  id    Int?
  email String @unique
}
model Post {
  id    Int   @id
  title String[]
}`, `
Post is public.Post
  id id(id)
User is public.User
  unique email(email)
`, `3:9: field User.id: the column "id" is NOT NULL: write the type without a question mark, or run npx prisma db pull
4:9: field User.email: the column "email" may be null: write the type with a question mark, or run npx prisma db pull
8:9: field Post.title: the column "title" is of type text, which is no list: its values are shown so; write that, or run npx prisma db pull
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, problems := fit(t, blog+test.script, test.file)
			if diff := cmp.Diff(test.want, "\n"+prismatest.Describe(got)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
			told := ""
			for _, p := range problems {
				told += strings.TrimPrefix(p.Error(), "s.prisma:") + "\n"
			}
			if diff := cmp.Diff(test.problems, told); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFitDefaults has what a new record gets, of each form of @default.
func TestFitDefaults(t *testing.T) {
	t.Parallel()
	got, problems := fit(t, `
CREATE TYPE role AS ENUM ('user', 'the boss');
CREATE TABLE "T" (
	id serial PRIMARY KEY, db text NOT NULL, now timestamp NOT NULL, uuid text NOT NULL, uuid7 text NOT NULL, cuid2 text NOT NULL, cuid text NOT NULL, nano text NOT NULL, nano7 text NOT NULL,
	text text NOT NULL, int int NOT NULL, number numeric NOT NULL, flag boolean NOT NULL, json jsonb NOT NULL, bytes bytea NOT NULL, at timestamp NOT NULL,
	role role NOT NULL, roles role[], texts text[], none text NOT NULL DEFAULT 'by the database', changed timestamp NOT NULL, wrong int NOT NULL, bad int NOT NULL
)`, `
model T {
  id      Int      @id @default(autoincrement())
  db      String   @default(dbgenerated("a()"))
  now     DateTime @default(now())
  uuid    String   @default(uuid())
  uuid7   String   @default(uuid(7))
  cuid2   String   @default(cuid(2))
  cuid    String   @default(cuid())
  nano    String   @default(nanoid())
  nano7   String   @default(nanoid(7))
  text    String   @default("it's")
  int     Int      @default(-1)
  number  Decimal  @default(12.50)
  flag    Boolean  @default(true)
  json    Json     @default("{\"a\": [1]}")
  bytes   Bytes    @default("AP8=")
  at      DateTime @default("2024-02-03T04:05:06Z")
  role    Role     @default(BOSS)
  roles   Role[]   @default([BOSS, user])
  texts   String[] @default([])
  none    String
  changed DateTime @updatedAt
  wrong   String   @default("x")
  bad     Int      @default("x")
}
enum Role {
  user
  BOSS @map("the boss")
  @@map("role")
}`)
	told := ""
	for _, p := range problems {
		told += p.Error() + "\n"
	}
	const wantProblems = `s.prisma:4:29: field T.db: the column "db" has no default of its own: apply the migrations (npx prisma migrate deploy), or correct the default
s.prisma:24:11: field T.wrong: the column "wrong" is of type integer, which is Int, not String: its values are shown as Int; write that, or run npx prisma db pull
s.prisma:24:29: field T.wrong: the default is no value of the column "wrong": expected Int, a whole number within 64 bits, found "x"
s.prisma:25:29: field T.bad: the default is no value of the column "bad": expected Int, a whole number within 64 bits, found "x"
`
	if diff := cmp.Diff(wantProblems, told); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	constant := func(text any) prisma.Default { return prisma.Default{Kind: prisma.ConstantDefault, Value: text} }
	want := map[string]prisma.Default{
		"id": {Kind: prisma.DatabaseDefault}, "db": {Kind: prisma.DatabaseDefault}, "now": {Kind: prisma.NowDefault}, "uuid": {Kind: prisma.UUIDDefault},
		"uuid7": {Kind: prisma.UUIDDefault, Version: 7}, "cuid2": {Kind: prisma.CUIDDefault, Version: 2},
		"cuid": {Kind: prisma.CUIDDefault}, "nano": {Kind: prisma.NanoIDDefault}, "nano7": {Kind: prisma.NanoIDDefault, Length: 7},
		"text": constant("it's"), "int": constant("-1"), "number": constant("12.50"), "flag": constant("true"), "json": constant(`{"a": [1]}`),
		"bytes": constant(`\x00ff`), "at": constant("2024-02-03 04:05:06+00"), "role": constant("the boss"), "roles": constant(`{"the boss","user"}`), "texts": constant("{}"),
		"none": {}, "changed": {}, "wrong": {}, "bad": {},
	}
	defaults := map[string]prisma.Default{}
	for _, f := range got.Models[0].Fields {
		d := f.Default
		if d.Kind == prisma.ConstantDefault {
			text, err := f.Parameter(d.Value)
			if err != nil {
				t.Fatal(err)
			}
			d.Value = *text
		}
		defaults[f.Name] = d
		if f.UpdatedAt != (f.Name == "changed") {
			t.Errorf("%s has UpdatedAt %v", f.Name, f.UpdatedAt)
		}
	}
	if diff := cmp.Diff(want, defaults, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

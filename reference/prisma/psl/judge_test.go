package psl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRelationsThatLeadNowhere has, for each mistake of a relation, all that is told
// of it. Prisma refuses them too, but for two that the database does not take: a list as
// a key, and two tables of one name.
func TestRelationsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	for _, test := range relationMistakes {
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

const post = `
model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
}
`

var relationMistakes = []struct{ name, schema, want string }{
	{"nothing leads back from the other model", `model User {
  id Int @id
}` + post, `7:3: expected a field of User that leads back to Post, found none: add one, such as "posts Post[]"`},
	{"nothing leads back to a list", `model User {
  id    Int   @id
  posts Post[]
}
model Post {
  id Int @id
}`, `3:3: expected a field of Post that leads back to User, found none: add one, such as "user User?"`},
	{"another name leads back", `model User {
  id    Int    @id
  posts Post[] @relation("Author")
}` + post, `3:3: expected a field of Post that leads back to User under the relation's name "Author", found none: add one, such as "user User?"
8:3: expected a field of User that leads back to Post, found none: add one, such as "posts Post[]"`},
	{"two lead back", `model User {
  id     Int    @id
  posts  Post[]
  drafts Post[]
}` + post, `9:3: expected one field of User that leads back to Post, found posts and drafts: name each relation on both of its sides, as in @relation("Name")`},
	{"two of one name lead back", `model User {
  id     Int    @id
  posts  Post[] @relation("A")
  drafts Post[] @relation("A")
}
model Post {
  id       Int  @id
  authorId Int
  author   User @relation("A", fields: [authorId], references: [id])
}`, `9:3: expected one field of User that leads back to Post, found posts and drafts: name each relation on both of its sides, as in @relation("Name")`},
	{"a tree of one field", `model Node {
  id       Int   @id
  parentId Int?
  parent   Node? @relation(fields: [parentId], references: [id])
}`, `4:3: expected a field of Node that leads back to Node, found none: add one, such as "nodes Node[]"`},
	{"an empty name", `model User {
  id    Int    @id
  posts Post[] @relation("")
}
model Post {
  id   Int   @id
  user User? @relation(fields: [id], references: [id])
}`, `3:26: expected a name in quotes, such as @relation("name"), found ""`},
	{"no side holds the key, one to many", `model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id     Int  @id
  author User
}`, `7:3: expected the fields that hold the key, and what they refer to, found none: write @relation(fields: [authorId], references: [id])`},
	{"no side holds the key of an id that is called otherwise", `model User {
  émail String @id
  posts Post[]
}
model Post {
  id     Int  @id
  author User
}`, `7:3: expected the fields that hold the key, and what they refer to, found none: write @relation(fields: [authorÉmail], references: [émail])`},
	{"no side holds the key, one to one", `model User {
  id      Int      @id
  profile Profile?
}
model Profile {
  id   Int   @id
  user User?
}`, `7:3: expected the fields that hold the key, and what they refer to, on Profile.user or on User.profile, found none: write @relation(fields: [userId], references: [id])`},
	{"both sides hold the key", `model User {
  id        Int      @id
  profileId Int?     @unique
  profile   Profile? @relation(fields: [profileId], references: [id])
}
model Profile {
  id     Int   @id
  userId Int?  @unique
  user   User? @relation(fields: [userId], references: [id])
}`, `4:3: expected fields and references in @relation on one side, found them on User.profile and on Profile.user: leave them out on one
9:3: expected fields and references in @relation on one side, found them on Profile.user and on User.profile: leave them out on one`},
	{"the list holds the key", `model User {
  id     Int    @id
  postId Int
  posts  Post[] @relation(fields: [postId], references: [id])
}` + post, `4:3: expected no fields and references in @relation on a list, found them: write them on Post.author, which leads to one User`},
	{"one to one by a field that is not unique", `model User {
  id      Int      @id
  profile Profile?
}
model Profile {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}`, `8:3: expected fields of their own for each Profile, as a relation from one to one needs, found [userId]: mark them @unique (several with @@unique), or make User.profile a list`},
	{"one to one, both required", `model User {
  id      Int     @id
  profile Profile
}
model Profile {
  id     Int  @id
  userId Int  @unique
  user   User @relation(fields: [userId], references: [id])
}`, `3:3: expected the side that has no fields in @relation to be optional, found Profile: write Profile?`},
	{"types that differ", `model User {
  id    BigInt @id
  posts Post[]
}` + post, `7:12: expected the type of User.id, BigInt, to which this field refers in Post.author, found Int`},
	{"a list as a key", `model User {
  id    Int    @id
  tag   String @unique
  posts Post[]
}
model Post {
  id   Int      @id
  tags String[]
  user User     @relation(fields: [tags], references: [tag])
}`, `8:8: expected the type of User.tag, String, to which this field refers in Post.user, found String[]`},
	{"required though its key may be null", `model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id       Int  @id
  authorId Int?
  author   User @relation(fields: [authorId], references: [id])
}`, `8:3: expected User?, as Post.authorId may be null, found User`},
	{"a reference that is not unique", `model User {
  id    Int    @id
  name  String
  posts Post[]
}
model Post {
  id     Int    @id
  name   String
  author User   @relation(fields: [name], references: [name])
}`, `9:3: expected references that tell each User apart, found [name]: refer to its @id or to what is @unique (several fields with @@unique)`},
	{"a part of an id as a reference", `model User {
  a     Int
  b     Int
  posts Post[]
  @@id([a, b])
}
model Post {
  id     Int  @id
  author User @relation(fields: [id], references: [a])
}`, `9:3: expected references that tell each User apart, found [a]: refer to its @id or to what is @unique (several fields with @@unique)`},
	{"many to many with fields", `model User {
  id    Int    @id
  tagId Int
  tags  Tag[]  @relation(fields: [tagId], references: [id])
}
model Tag {
  id    Int    @id
  users User[]
}`, `4:3: expected no fields in @relation of a relation from many to many, found them: leave them out, or make a model of the table between User and Tag`},
	{"many to many of a composite id", `model User {
  a    Int
  b    Int
  tags Tag[]
  @@id([a, b])
}
model Tag {
  id    Int    @id
  users User[]
}`, `9:3: expected User to have an @id of one field, as a relation from many to many needs: make a model of the table between, or give it one`},
	{"many to many without an id", `model User {
  a    Int   @unique
  tags Tag[]
}
model Tag {
  id    Int    @id
  users User[]
}`, `7:3: expected User to have an @id of one field, as a relation from many to many needs: make a model of the table between, or give it one`},
	{"many to many by something else than the id", `model User {
  id   Int   @id
  tags Tag[] @relation(references: [name])
}
model Tag {
  id    Int    @id
  name  String @unique
  users User[]
}`, `3:14: expected fields beside the references in @relation, found none: the field leads by its own fields to those of the other model, and a relation from many to many has neither`},
	{"two tables between of one name", `model A {
  id Int @id
  bs B[] @relation("X")
  cs C[] @relation("X")
}
model B {
  id Int @id
  as A[] @relation("X")
}
model C {
  id Int @id
  as A[] @relation("X")
}`, `4:3: expected a table of its own, found "_X", which is that of s.prisma:3:3 too: give the relations different names`},
	{"a default that is no value of the enum", `model A {
  id   Int  @id
  role Role @default(BOSS)
  all  Role[] @default([USER, "ADMIN"])
}
enum Role {
  USER
  ADMIN
}`, `3:22: expected a value of the enum Role, found "BOSS"
4:31: expected a value of the enum Role, found "ADMIN"`},
	{"an id that may be null", `model A {
  id Int? @id
}
model B {
  a Int
  b Int?
  @@id([a, b])
}
model C {
  a Int[] @id
}`, `2:3: expected fields that are required in an @id, found A.id, which is optional
6:3: expected fields that are required in an @id, found B.b, which is optional
10:3: expected fields that are required in an @id, found C.a, which is a list`},
	{"a relation as a key", `model A {
  id Int @id
  b  B   @unique @relation(fields: [id], references: [id])
}
model B {
  id Int @id
  a  A?  @id
}`, `3:10: expected @unique on a field that is a column, found "b", which is a relation: mark the field that holds its key
7:10: expected @id on a field that is a column, found "a", which is a relation: mark the field that holds its key
7:10: expected one @id in B, found another one`},
	{"two ids", `model A {
  a Int @id
  b Int @id
}
model B {
  a Int @id
  b Int
  @@id([a, b])
}`, `3:9: expected one @id in A, found another one
8:3: expected one @id in B, found another one`},
	{"a key called as a field", `model A {
  a Int
  b Int
  @@id([a, b], name: "a")
  @@unique([b, a], name: "b")
}`, `4:22: expected a name of its own, found "a", which is that of a field or of another key of A
5:26: expected a name of its own, found "b", which is that of a field or of another key of A`},
}

// A key for some of the records alone tells none apart.
func TestPartialKey(t *testing.T) {
	t.Parallel()
	schema, _, err := Parse(Source{"s.prisma", "model A {\na Int @unique(where: raw(\"a > 0\"))\nb Int @unique\n@@unique([a, b], where: raw(\"a > 0\"))\n}"})
	if err != nil {
		t.Fatal(err)
	}
	if unique := schema.Model("A").Unique; len(unique) != 1 || unique[0].Fields[0] != "b" {
		t.Errorf("the keys are %v", unique)
	}
}

// TestRelationsThatLead has what Prisma accepts and looks odd.
func TestRelationsThatLead(t *testing.T) {
	t.Parallel()
	for _, test := range oddRelations {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, warnings, err := Parse(Source{"s.prisma", test.schema}); err != nil || warnings != nil {
				t.Errorf("%v, %v", err, warnings)
			}
		})
	}
}

var oddRelations = []struct{ name, schema string }{
	{"optional by a field that is required", `model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id     Int   @id
  userId Int
  user   User? @relation(fields: [userId], references: [id])
}`},
	{"references in another order than the key", `model User {
  a     Int
  b     Int
  posts Post[]
  @@id([a, b])
}
model Post {
  id   Int   @id
  x    Int?
  y    Int
  user User? @relation(fields: [y, x], references: [b, a])
}`},
	{"one to one by the id, and by a key of several fields", `model A {
  id Int @id
  b  B?
  c  C?
}
model B {
  id Int @id
  a  A   @relation(fields: [id], references: [id])
}
model C {
  x  Int
  a  A   @relation(fields: [x], references: [id])
  @@unique([x])
  @@id([x])
}`},
	{"one name for relations between different models", `model A {
  id Int @id
  b  B[] @relation("X")
  c  C[] @relation("X")
}
model B {
  id Int @id
  a  A   @relation("X", fields: [id], references: [id])
}
model C {
  id Int @id
  a  A   @relation("X", fields: [id], references: [id])
}`},
}

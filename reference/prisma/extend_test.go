package prisma_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// A database that got more tables keeps the names of its schema, and what is new is
// related to what was there.
func TestExtend(t *testing.T) {
	t.Parallel()
	db := connect(t, `
CREATE TABLE "User" (id int PRIMARY KEY, hidden int UNIQUE, posts int UNIQUE);
CREATE TABLE "Post" (id int PRIMARY KEY, "authorId" int REFERENCES "User", "editorId" int REFERENCES "User");
CREATE TABLE "Comment" (id int PRIMARY KEY, "postId" int REFERENCES "Post", parent int REFERENCES "Comment");
CREATE TABLE "Secret" (id int PRIMARY KEY REFERENCES "User" (hidden));
CREATE TABLE left_out (id int REFERENCES "User" (posts));
CREATE TABLE author (id int PRIMARY KEY REFERENCES "Post");
CREATE TABLE "_CommentToUser" ("A" int REFERENCES "Comment", "B" int REFERENCES "User", PRIMARY KEY ("A", "B"));
CREATE TYPE mood AS ENUM ('fine');
CREATE TYPE other AS ENUM ('other');`)
	file, _, err := psl.Parse(psl.Source{Name: "s.prisma", Text: `
model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id       Int   @id
  authorId Int?
  author   User? @relation(fields: [authorId], references: [id])
}
enum Mood {
  fine
  @@map("mood")
}
model Gone {
  id Int @id
}`})
	if err != nil {
		t.Fatal(err)
	}
	found := introspect(t, db)
	before := prismatest.Describe(found)
	got, problems := found.Extend(file)
	if len(problems) != 1 {
		t.Errorf("problems: %v", problems)
	}
	const want = `Comment is public.Comment
  id id(id)
  Comment Comment? (parent) = Comment(id) holds NoAction, CommentToComment, back by other_Comment
  Post Post? (postId) = Post(id) holds NoAction, CommentToPost, back by Comment
  User User[] (id) = User(id) by public._CommentToUser(A, B) Cascade, CommentToUser, back by Comment
  other_Comment Comment[] (id) = Comment(parent) NoAction, CommentToComment, back by Comment
Post is public.Post
  id id(id)
  author User? (authorId) = User(id) holds SetNull, PostToUser, back by posts
  Comment Comment[] (id) = Comment(postId) NoAction, CommentToPost, back by Post
  author_ author? (id) = author(id) NoAction, PostToauthor, back by Post
Secret is public.Secret
  id id(id)
  User User (id) = User(hidden) holds NoAction, SecretToUser, back by Secret
User is public.User
  id id(id)
  posts Post[] (id) = Post(authorId) SetNull, PostToUser, back by author
  Comment Comment[] (id) = Comment(id) by public._CommentToUser(B, A) Cascade, CommentToUser, back by User
  Secret Secret? (hidden) = Secret(id) NoAction, SecretToUser, back by User
author is public.author
  id id(id)
  Post Post (id) = Post(id) holds NoAction, PostToauthor, back by author_
left_out is public.left_out
`
	if diff := cmp.Diff(want, prismatest.Describe(got)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, prismatest.Describe(found)); diff != "" {
		t.Errorf("what was found has changed (-before +after):\n%s", diff)
	}
	for _, m := range got.Models {
		for _, r := range m.Relations {
			if known, _ := got.Model(r.Model.Name); known != r.Model || r.Inverse.Inverse != r || r.Inverse.Model != m {
				t.Errorf("%s.%s leads out of the schema", m.Name, r.Name)
			}
		}
	}
	user, _ := got.Model("User")
	if _, hidden := user.Field("hidden"); !hidden || !slices.Equal(user.LeftOut, []string{"posts"}) {
		t.Errorf("hidden is there: %v; left out are %v", hidden, user.LeftOut)
	}
	names := ""
	for _, e := range got.Enums {
		names += e.Name + " "
	}
	if names != "Mood other " {
		t.Errorf("the enums are %s", names)
	}
}

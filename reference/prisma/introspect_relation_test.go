package prisma_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// TestIntrospectKeys has what is a key of the records and what is none.
func TestIntrospectKeys(t *testing.T) {
	t.Parallel()
	db := connect(t, `
CREATE TABLE pair (a int, b int, c int UNIQUE, d text, PRIMARY KEY (b, a));
CREATE UNIQUE INDEX ON pair (d, c);
CREATE UNIQUE INDEX ON pair (a) INCLUDE (d);
CREATE UNIQUE INDEX twice ON pair (a);
CREATE UNIQUE INDEX ON pair (b, a);
CREATE UNIQUE INDEX ON pair (d) WHERE c > 0;
CREATE UNIQUE INDEX ON pair (lower(d));
CREATE UNIQUE INDEX ON pair (b, lower(d));
CREATE INDEX ON pair (b);
CREATE TABLE place (at int4range PRIMARY KEY, n int UNIQUE DEFERRABLE);
CREATE TABLE nothing (id int);
CREATE TABLE part (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
`)
	const want = `nothing is public.nothing
pair is public.pair
  id b_a(b, a)
  unique a(a)
  unique c(c)
  unique d_c(d, c)
part is public.part
  id id_day(id, day)
place is public.place
  unique n(n)
`
	if diff := cmp.Diff(want, prismatest.Describe(introspect(t, db))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestIntrospectRelations(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, script, want string }{
		{"one to many, to one optional and required", `
CREATE TABLE "User" (id int PRIMARY KEY, email text UNIQUE);
CREATE TABLE "Post" (id int PRIMARY KEY, author int NOT NULL REFERENCES "User" ON DELETE CASCADE);
CREATE TABLE "Note" (id int PRIMARY KEY, email text REFERENCES "User" (email) ON DELETE SET NULL);
CREATE TABLE "Log" (id int REFERENCES "User" ON DELETE SET DEFAULT);`, `
Log is public.Log
  User User? (id) = User(id) holds SetDefault, LogToUser, back by Log
Note is public.Note
  id id(id)
  User User? (email) = User(email) holds SetNull, NoteToUser, back by Note
Post is public.Post
  id id(id)
  User User (author) = User(id) holds Cascade, PostToUser, back by Post
User is public.User
  id id(id)
  unique email(email)
  Log Log[] (id) = Log(id) SetDefault, LogToUser, back by User
  Note Note[] (email) = Note(email) SetNull, NoteToUser, back by User
  Post Post[] (id) = Post(author) Cascade, PostToUser, back by User
`},
		{"one to one by a unique column, by the id, and by a part of what the key refers to", `
CREATE TABLE "User" (id int PRIMARY KEY, tenant int NOT NULL, UNIQUE (tenant, id));
CREATE TABLE a (id int REFERENCES "User" UNIQUE);
CREATE TABLE b (id int PRIMARY KEY REFERENCES "User");
CREATE TABLE c (id int UNIQUE, tenant int NOT NULL, FOREIGN KEY (tenant, id) REFERENCES "User" (tenant, id));
CREATE TABLE d (id int REFERENCES "User", x int);
CREATE UNIQUE INDEX ON d (id) WHERE x = 1;
CREATE UNIQUE INDEX ON d (id, x);`, `
User is public.User
  id id(id)
  unique tenant_id(tenant, id)
  a a? (id) = a(id) NoAction, UserToa, back by User
  b b? (id) = b(id) NoAction, UserTob, back by User
  c c? (tenant, id) = c(tenant, id) NoAction, UserToc, back by User
  d d[] (id) = d(id) NoAction, UserTod, back by User
a is public.a
  unique id(id)
  User User? (id) = User(id) holds NoAction, UserToa, back by a
b is public.b
  id id(id)
  User User (id) = User(id) holds NoAction, UserTob, back by b
c is public.c
  unique id(id)
  User User? (tenant, id) = User(tenant, id) holds NoAction, UserToc, back by c
d is public.d
  unique id_x(id, x)
  User User? (id) = User(id) holds NoAction, UserTod, back by d
`},
		{"several between two models, in both directions", `
CREATE TABLE "User" (id int PRIMARY KEY, "pinnedId" int);
CREATE TABLE "Post" (id int PRIMARY KEY, "authorId" int REFERENCES "User" ON DELETE RESTRICT, "editorId" int REFERENCES "User");
ALTER TABLE "User" ADD FOREIGN KEY ("pinnedId") REFERENCES "Post";`, `
Post is public.Post
  id id(id)
  User_Post_authorIdToUser User? (authorId) = User(id) holds Restrict, Post_authorIdToUser, back by Post_Post_authorIdToUser
  User_Post_editorIdToUser User? (editorId) = User(id) holds NoAction, Post_editorIdToUser, back by Post_Post_editorIdToUser
  User_User_pinnedIdToPost User[] (id) = User(pinnedId) NoAction, User_pinnedIdToPost, back by Post_User_pinnedIdToPost
User is public.User
  id id(id)
  Post_Post_authorIdToUser Post[] (id) = Post(authorId) Restrict, Post_authorIdToUser, back by User_Post_authorIdToUser
  Post_Post_editorIdToUser Post[] (id) = Post(editorId) NoAction, Post_editorIdToUser, back by User_Post_editorIdToUser
  Post_User_pinnedIdToPost Post? (pinnedId) = Post(id) holds NoAction, User_pinnedIdToPost, back by User_User_pinnedIdToPost
`},
		{"a column called as the model, here and there, and the same key twice", `
CREATE TABLE author (id int PRIMARY KEY, note int);
CREATE TABLE book (author int REFERENCES author);
ALTER TABLE book ADD FOREIGN KEY (author) REFERENCES author;
CREATE TABLE note (author_id int REFERENCES author);
CREATE TABLE twice (a int REFERENCES author, "author_twice_aToauthor" int);`, `
author is public.author
  id id(id)
  book_book_authorToauthor book[] (id) = book(author) NoAction, book_authorToauthor, back by author_book_authorToauthor
  note_note_author_idToauthor note[] (id) = note(author_id) NoAction, note_author_idToauthor, back by author_note_author_idToauthor
  twice twice[] (id) = twice(a) NoAction, authorTotwice, back by author
book is public.book
  author_book_authorToauthor author? (author) = author(id) holds NoAction, book_authorToauthor, back by book_book_authorToauthor
note is public.note
  author_note_author_idToauthor author? (author_id) = author(id) holds NoAction, note_author_idToauthor, back by note_note_author_idToauthor
twice is public.twice
  author author? (a) = author(id) holds NoAction, authorTotwice, back by twice
`},
		{"names that even Prisma lets clash", `
CREATE TABLE a (id int PRIMARY KEY, a int REFERENCES a, "a_a_aToa" int);`, `
a is public.a
  id id(id)
  a_a_aToa_ a? (a) = a(id) holds NoAction, a_aToa, back by other_a_a_aToa
  other_a_a_aToa a[] (id) = a(a) NoAction, a_aToa, back by a_a_aToa_
`},
		{"a tree", `
CREATE TABLE "Node" (id int PRIMARY KEY, parent int REFERENCES "Node");`, `
Node is public.Node
  id id(id)
  Node Node? (parent) = Node(id) holds NoAction, NodeToNode, back by other_Node
  other_Node Node[] (id) = Node(parent) NoAction, NodeToNode, back by Node
`},
		{"many to many, to others, several and to itself", `
CREATE TABLE "Post" (id int PRIMARY KEY);
CREATE TABLE "Tag" (id text PRIMARY KEY);
CREATE TABLE "User" (id int PRIMARY KEY);
CREATE TABLE "_PostToTag" ("A" int NOT NULL REFERENCES "Post", "B" text NOT NULL REFERENCES "Tag");
CREATE UNIQUE INDEX ON "_PostToTag" ("A", "B");
CREATE TABLE "_Likes" ("A" int REFERENCES "Post", "B" int REFERENCES "User", PRIMARY KEY ("A", "B"));
CREATE TABLE "_Reads" ("B" int REFERENCES "User", "A" int REFERENCES "Post", UNIQUE ("A", "B"));
CREATE TABLE "_Follows" ("A" int REFERENCES "User", "B" int REFERENCES "User", UNIQUE ("A", "B"));`, `
Post is public.Post
  id id(id)
  Tag Tag[] (id) = Tag(id) by public._PostToTag(A, B) Cascade, PostToTag, back by Post
  User_Likes User[] (id) = User(id) by public._Likes(A, B) Cascade, Likes, back by Post_Likes
  User_Reads User[] (id) = User(id) by public._Reads(A, B) Cascade, Reads, back by Post_Reads
Tag is public.Tag
  id id(id)
  Post Post[] (id) = Post(id) by public._PostToTag(B, A) Cascade, PostToTag, back by Tag
User is public.User
  id id(id)
  Post_Likes Post[] (id) = Post(id) by public._Likes(B, A) Cascade, Likes, back by User_Likes
  Post_Reads Post[] (id) = Post(id) by public._Reads(B, A) Cascade, Reads, back by User_Reads
  User_A User[] (id) = User(id) by public._Follows(A, B) Cascade, Follows, back by User_B
  User_B User[] (id) = User(id) by public._Follows(B, A) Cascade, Follows, back by User_A
`},
		{"tables that are almost those of a many to many relation", `
CREATE TABLE a (id int PRIMARY KEY, u int UNIQUE);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE ab ("A" int REFERENCES a, "B" int REFERENCES b, UNIQUE ("A", "B"));
CREATE TABLE _key ("A" int REFERENCES a, "B" int REFERENCES b, UNIQUE ("B", "A"));
CREATE TABLE _order ("A" int REFERENCES b, "B" int REFERENCES a, UNIQUE ("A", "B"));
CREATE TABLE _one ("A" int REFERENCES a, "B" int, UNIQUE ("A", "B"));
CREATE TABLE _same ("A" int REFERENCES a REFERENCES b, "B" int, UNIQUE ("A", "B"));
CREATE TABLE _unique ("A" int REFERENCES a (u), "B" int REFERENCES b, UNIQUE ("A", "B"));
CREATE TABLE _more ("A" int REFERENCES a, "B" int REFERENCES b, c int, UNIQUE ("A", "B"));`, `
_key is public._key
  unique B_A(B, A)
  a a? (A) = a(id) holds NoAction, _keyToa, back by _key
  b b? (B) = b(id) holds NoAction, _keyTob, back by _key
_more is public._more
  unique A_B(A, B)
  a a? (A) = a(id) holds NoAction, _moreToa, back by _more
  b b? (B) = b(id) holds NoAction, _moreTob, back by _more
_one is public._one
  unique A_B(A, B)
  a a? (A) = a(id) holds NoAction, _oneToa, back by _one
_order is public._order
  unique A_B(A, B)
  a a? (B) = a(id) holds NoAction, _orderToa, back by _order
  b b? (A) = b(id) holds NoAction, _orderTob, back by _order
_same is public._same
  unique A_B(A, B)
  a a? (A) = a(id) holds NoAction, _sameToa, back by _same
  b b? (A) = b(id) holds NoAction, _sameTob, back by _same
_unique is public._unique
  unique A_B(A, B)
  a a? (A) = a(u) holds NoAction, _uniqueToa, back by _unique
  b b? (B) = b(id) holds NoAction, _uniqueTob, back by _unique
a is public.a
  id id(id)
  unique u(u)
  _key _key[] (id) = _key(A) NoAction, _keyToa, back by a
  _more _more[] (id) = _more(A) NoAction, _moreToa, back by a
  _one _one[] (id) = _one(A) NoAction, _oneToa, back by a
  _order _order[] (id) = _order(B) NoAction, _orderToa, back by a
  _same _same[] (id) = _same(A) NoAction, _sameToa, back by a
  _unique _unique[] (u) = _unique(A) NoAction, _uniqueToa, back by a
  ab ab[] (id) = ab(A) NoAction, aToab, back by a
ab is public.ab
  unique A_B(A, B)
  a a? (A) = a(id) holds NoAction, aToab, back by ab
  b b? (B) = b(id) holds NoAction, abTob, back by ab
b is public.b
  id id(id)
  _key _key[] (id) = _key(B) NoAction, _keyTob, back by b
  _more _more[] (id) = _more(B) NoAction, _moreTob, back by b
  _order _order[] (id) = _order(A) NoAction, _orderTob, back by b
  _same _same[] (id) = _same(A) NoAction, _sameTob, back by b
  _unique _unique[] (id) = _unique(B) NoAction, _uniqueTob, back by b
  ab ab[] (id) = ab(B) NoAction, abTob, back by b
`},
		{"between two Postgres schemas, to a table of the same name, and of partitions", `
CREATE SCHEMA auth;
CREATE TABLE auth."user" (id int PRIMARY KEY);
CREATE TABLE "user" (id int REFERENCES auth."user");
CREATE TABLE part (id int, day int, "user" int REFERENCES auth."user", PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (2);
CREATE TABLE leads (id int, day int, FOREIGN KEY (id, day) REFERENCES part);`, `
auth_user is auth.user
  id id(id)
  part part[] (id) = part(user) NoAction, auth_userTopart, back by auth_user
  user user[] (id) = user(id) NoAction, auth_userTouser, back by auth_user
leads is public.leads
  part part? (id, day) = part(id, day) holds NoAction, leadsTopart, back by leads
part is public.part
  id id_day(id, day)
  auth_user auth_user? (user) = auth_user(id) holds NoAction, auth_userTopart, back by part
  leads leads[] (id, day) = leads(id, day) NoAction, leadsTopart, back by part
user is public.user
  auth_user auth_user? (id) = auth_user(id) holds NoAction, auth_userTouser, back by user
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, "\n"+prismatest.Describe(introspect(t, connect(t, test.script)))); diff != "" {
				t.Errorf("relations (-want +got):\n%s", diff)
			}
		})
	}
}

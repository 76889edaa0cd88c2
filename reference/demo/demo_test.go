package demo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// The rows below share one cluster and run in order: each finds what the one
// before left.
func TestLoad(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	db := postgrestest.Connect(t, address)

	postgrestest.Exec(t, db, `CREATE TABLE "User" (id int)`)
	err := Load(t.Context(), address)
	if err == nil || !strings.Contains(err.Error(), `load the demo: ERROR: relation "User" already exists`) {
		t.Fatalf("a table in the way gave %v", err)
	}
	postgrestest.Exec(t, db, `DROP TABLE "User"`)

	// Several at once: one loads, the others find it done.
	var loads errgroup.Group
	for range 3 {
		loads.Go(func() error { return Load(t.Context(), address) })
	}
	if err := loads.Wait(); err != nil {
		t.Fatal(err)
	}
	checkModels(t, db)
	checkRows(t, db, "Ada|ADMIN|2, Grace|EDITOR|1, linus@example.com|USER|0")

	postgrestest.Exec(t, db, `DELETE FROM "User" WHERE name = 'Grace'`)
	if err := Load(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	checkRows(t, db, "Ada|ADMIN|2, linus@example.com|USER|0")
}

func checkRows(t *testing.T, db *pgx.Conn, want string) {
	t.Helper()
	const summary = `SELECT string_agg(concat_ws('|', coalesce(name, email), role, posts), ', ' ORDER BY id)
FROM (SELECT u.*, (SELECT count(*) FROM "Post" p WHERE p."authorId" = u.id) AS posts FROM "User" u) u`
	var got string
	if err := db.QueryRow(t.Context(), summary).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Pulse and Accelerate find a field of every type to show.
func checkModels(t *testing.T, db *pgx.Conn) {
	t.Helper()
	found, err := prisma.Introspect(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	got := fieldsOf(found)
	want := map[string]string{
		"User":    " id:Int email:String name:String role:Enum createdAt:DateTime",
		"Profile": " id:Int userId:Int bio:String avatar:Bytes settings:Json",
		"Post":    " id:Int authorId:Int title:String content:String published:Boolean publishedAt:DateTime tags:String[] views:BigInt price:Decimal rating:Float",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("models (-want +got):\n%s", diff)
	}
	checkPrismaSchema(t, found)
	var identities string
	const replicaIdentities = `SELECT string_agg(relname || ':' || relreplident::text, ' ' ORDER BY relname) FROM pg_class WHERE relname IN ('User', 'Profile', 'Post')`
	if err := db.QueryRow(t.Context(), replicaIdentities).Scan(&identities); err != nil {
		t.Fatal(err)
	}
	if want := "Post:f Profile:d User:d"; identities != want {
		t.Errorf("replica identities %s, want %s", identities, want)
	}
}

// checkPrismaSchema wants the demo's schema to fit it, to call nothing otherwise that
// Pulse shows, and to have the relations that a user of Prisma expects.
func checkPrismaSchema(t *testing.T, found *prisma.Schema) {
	t.Helper()
	file, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	named, problems := found.Fit(file)
	if problems != nil {
		t.Errorf("problems: %v", problems)
	}
	if diff := cmp.Diff(fieldsOf(found), fieldsOf(named)); diff != "" {
		t.Errorf("fields (-without the schema +with it):\n%s", diff)
	}
	const want = `Post is public.Post
  id id(id)
  author User? (authorId) = User(id) holds SetNull, PostToUser, back by posts
Profile is public.Profile
  id id(id)
  unique userId(userId)
  user User (userId) = User(id) holds Cascade, ProfileToUser, back by profile
User is public.User
  id id(id)
  unique email(email)
  profile Profile? (id) = Profile(userId) Cascade, ProfileToUser, back by user
  posts Post[] (id) = Post(authorId) SetNull, PostToUser, back by author
`
	if diff := cmp.Diff(want, prismatest.Describe(named)); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
}

// fieldsOf are the fields of each model with their types.
func fieldsOf(schema *prisma.Schema) map[string]string {
	fields := map[string]string{}
	for _, m := range schema.Models {
		for _, f := range m.Fields {
			fields[m.Name] += " " + f.Name + ":" + string(f.Type)
			if f.List {
				fields[m.Name] += "[]"
			}
		}
	}
	return fields
}

func TestLoadWithoutDatabase(t *testing.T) {
	t.Parallel()
	err := Load(t.Context(), "postgres:///nothing?host="+t.TempDir())
	if err == nil || !strings.HasPrefix(err.Error(), "load the demo: failed to connect to ") {
		t.Errorf("got %v", err)
	}
}

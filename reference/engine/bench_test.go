package engine_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/arazzo-conformance/arazzo/reference/engine"
	"github.com/arazzo-conformance/arazzo/reference/graphql"
	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

const many = `
INSERT INTO "users'; DROP TABLE users; --" (id, email, "full name""; --", "updatedAt") SELECT i, 'u' || i || '@example.com', 'User ' || i, now() FROM generate_series(1, 1000) AS i;
INSERT INTO "Post" (id, title, author) SELECT 'post-' || i, 'The title of post ' || i, 1 + i % 1000 FROM generate_series(1, 20000) AS i;
CREATE INDEX ON "Post" (author);
ANALYZE`

// What the engine makes of a checked operation, beside the same question in SQL and Go
// that somebody wrote for it: pgx, prepared, and JSON that is Postgres' own or
// encoding/json's.
func BenchmarkRead(b *testing.B) {
	schema, databaseURL := prismatest.Database(b, prismatest.Everything)
	postgrestest.Exec(b, postgrestest.Connect(b, databaseURL), many)
	e, err := engine.Open(b.Context(), engine.Options{DatabaseURL: databaseURL})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	pool, err := pgxpool.New(b.Context(), databaseURL)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	ours := func(query string) func(*testing.B) {
		doc, err := graphql.Parse(query, nil)
		if err != nil {
			b.Fatal(err)
		}
		operations, err := queryschema.Check(schema, doc)
		if err != nil {
			b.Fatal(err)
		}
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := e.Execute(b.Context(), doc.Operation, operations); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("record/ours", ours(`{ findUniqueUser(where: {id: 7}) { id email name createdAt } }`))
	b.Run("record/by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			record(b, pool)
		}
	})
	b.Run("list of lists/ours", ours(`{ findManyUser(take: 20 orderBy: {id: asc}) { id name posts(take: 10 orderBy: {id: asc}) { id title } } }`))
	b.Run("list of lists/by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var text []byte
			if err := pool.QueryRow(b.Context(), byHand, 20, 10).Scan(&text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("5000 rows/ours", ours(`{ findManyPost(take: 5000) { id title published views rating tags } }`))
	b.Run("5000 rows/by hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows(b, pool)
		}
	})
}

func record(b *testing.B, pool *pgxpool.Pool) {
	var user struct {
		ID        int       `json:"id"`
		Email     string    `json:"email"`
		Name      *string   `json:"name"`
		CreatedAt time.Time `json:"createdAt"`
	}
	const sql = `SELECT id, email, "full name""; --", "createdAt" FROM "users'; DROP TABLE users; --" WHERE id = $1`
	if err := pool.QueryRow(b.Context(), sql, 7).Scan(&user.ID, &user.Email, &user.Name, &user.CreatedAt); err != nil {
		b.Fatal(err)
	}
	if _, err := json.Marshal(map[string]any{"findUniqueUser": user}); err != nil {
		b.Fatal(err)
	}
}

type post struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Published bool     `json:"published"`
	Views     int      `json:"views"`
	Rating    *float64 `json:"rating"`
	Tags      []string `json:"tags"`
}

func rows(b *testing.B, pool *pgxpool.Pool) {
	rows, err := pool.Query(b.Context(), `SELECT id, title, published, views, rating, tags FROM "Post" ORDER BY id LIMIT $1`, 5000)
	if err != nil {
		b.Fatal(err)
	}
	posts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[post])
	if err != nil {
		b.Fatal(err)
	}
	if _, err := json.Marshal(map[string]any{"findManyPost": posts}); err != nil {
		b.Fatal(err)
	}
}

const byHand = `
SELECT json_agg(json_build_object('id', u.id, 'name', u."full name""; --", 'posts', p.posts))
FROM (SELECT id, "full name""; --" FROM "users'; DROP TABLE users; --" ORDER BY id LIMIT $1) AS u
LEFT JOIN LATERAL (
	SELECT coalesce(json_agg(json_build_object('id', s.id, 'title', s.title)), '[]') AS posts
	FROM (SELECT id, title FROM "Post" WHERE author = u.id ORDER BY id LIMIT $2) AS s
) AS p ON TRUE`

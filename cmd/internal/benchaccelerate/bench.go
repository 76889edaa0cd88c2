package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// bench holds what the cases share: the programs, the database and a folder.
type bench struct {
	self, reference string
	folder, schema  string
	server          *postgres.Server
	url             string
	peer            *peer
	sizes           sizes
	// out takes the tables.
	out io.Writer
}

// sizes are how much is measured.
type sizes struct {
	// runs is how often each server runs, and lasts how long it is asked then.
	runs  int
	lasts time.Duration
	// parents is the number of users, each with so many posts.
	parents, children int
	connections       int
}

// prismaSchema names the tables for our server.
const prismaSchema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id    Int    @id
  email String
  name  String
  posts Post[]

  @@map("users")
}

model Post {
  id     Int    @id
  title  String
  userId Int    @map("user_id")
  user   User   @relation(fields: [userId], references: [id])

  @@map("posts")
}
`

// newBench starts the database and fills it. The caller closes it.
func newBench(ctx context.Context, reference string, of sizes) (b *bench, err error) {
	b = &bench{sizes: of, out: os.Stdout}
	if b.reference, err = filepath.Abs(reference); err != nil {
		return nil, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.folder, err = os.MkdirTemp("", "arazzo-bench-"); err != nil {
		return nil, err
	}
	b.schema = filepath.Join(b.folder, "schema.prisma")
	if err := os.WriteFile(b.schema, []byte(prismaSchema), 0o600); err != nil {
		return nil, errors.Join(err, b.close())
	}
	progress := func(line string) { fmt.Fprintln(os.Stderr, line) }
	if b.server, err = postgres.Start(ctx, postgres.Options{Progress: progress}); err != nil {
		return nil, errors.Join(err, b.close())
	}
	b.url = b.server.URL()
	if err := b.fill(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) close() error {
	err := os.RemoveAll(b.folder)
	if b.server != nil {
		err = errors.Join(err, b.server.Stop())
	}
	return err
}

func (b *bench) fill(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, statement := range []string{
		`CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL)`,
		`CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL, user_id int NOT NULL REFERENCES users (id))`,
		fmt.Sprintf(`INSERT INTO users SELECT i, 'user' || i || '@example.com', 'User ' || i FROM generate_series(1, %d) i`, b.sizes.parents),
		fmt.Sprintf(`INSERT INTO posts SELECT (u - 1) * %[2]d + p, 'Post ' || p || ' of user ' || u, u
			FROM generate_series(1, %[1]d) u, generate_series(1, %[2]d) p`, b.sizes.parents, b.sizes.children),
		`CREATE INDEX ON posts (user_id)`,
		`VACUUM ANALYZE`,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// randomParent is the id of some user.
func (b *bench) randomParent(random *rand.Rand) int { return 1 + random.IntN(b.sizes.parents) }

// page is how many parents the nested question asks for.
func (b *bench) page() int { return min(20, b.sizes.parents/2) }

// beforePage is an id that has a whole page behind it.
func (b *bench) beforePage(random *rand.Rand) int { return random.IntN(b.sizes.parents - b.page()) }

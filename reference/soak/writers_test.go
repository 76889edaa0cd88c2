package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// writer writes transactions of every kind until it is told to stop, whatever
// becomes of the server. It keeps no account: what counts is what the tables have.
type writer struct {
	number int
	random *rand.Rand
	conn   *pgx.Conn
	// bulk is the most rows of a transaction, as a power of two.
	bulk int
}

// kinds of transactions, and how often each comes.
var kinds = []struct {
	weight int
	write  func(*writer, context.Context) error
}{
	{8, (*writer).insert},
	{6, (*writer).update},
	{3, (*writer).remove},
	{2, (*writer).rename},
	{3, (*writer).upsert},
	{4, (*writer).count},
	{4, (*writer).several},
	{3, (*writer).rollback},
	{3, (*writer).savepoints},
	{2, (*writer).large},
	{2, (*writer).late},
	{2, (*writer).prepared},
	{1, (*writer).many},
}

// write runs the writers until stop is closed.
func write(ctx context.Context, url string, writers []*writer, stop <-chan struct{}, committed *atomic.Int64) *sync.WaitGroup {
	var running sync.WaitGroup
	for _, w := range writers {
		running.Go(func() {
			w.run(ctx, url, stop, committed)
		})
	}
	return &running
}

func (w *writer) run(ctx context.Context, url string, stop <-chan struct{}, committed *atomic.Int64) {
	defer w.hangUp()
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(w.random.IntN(8)) * time.Millisecond):
		}
		if w.conn == nil {
			var err error
			// What a crash left prepared holds locks until the end of the round.
			if w.conn, err = pgx.Connect(ctx, url+"&lock_timeout=500"); err != nil {
				w.conn = nil
				continue
			}
		}
		if err := w.transaction(ctx); err == nil {
			committed.Add(1)
		}
		if w.conn.IsClosed() {
			w.conn = nil
		}
	}
}

func (w *writer) hangUp() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = w.conn.Close(ctx)
	w.conn = nil
}

func (w *writer) transaction(ctx context.Context) error {
	total := 0
	for _, kind := range kinds {
		total += kind.weight
	}
	at := w.random.IntN(total)
	for _, kind := range kinds {
		if at -= kind.weight; at < 0 {
			return kind.write(w, ctx)
		}
	}
	return nil
}

// exec runs a statement; {table} in it is a model, {own} a random row of the
// writer's.
func (w *writer) exec(ctx context.Context, sql string, args ...any) error {
	table := `"` + models[w.random.IntN(2)] + `"`
	sql = strings.ReplaceAll(sql, "{own}", "(SELECT id FROM {table} WHERE writer = $1 ORDER BY random() LIMIT 1)")
	_, err := w.conn.Exec(ctx, strings.ReplaceAll(sql, "{table}", table), append([]any{w.number}, args...)...)
	return err
}

// within runs steps in one transaction; a step that fails rolls it back.
func (w *writer) within(ctx context.Context, end string, steps ...func(context.Context) error) error {
	if _, err := w.conn.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			_, rollbackErr := w.conn.Exec(ctx, "ROLLBACK")
			return errors.Join(err, rollbackErr)
		}
	}
	_, err := w.conn.Exec(ctx, end)
	return err
}

func (w *writer) sql(sql string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := w.conn.Exec(ctx, sql)
		return err
	}
}

func (w *writer) insert(ctx context.Context) error {
	return w.exec(ctx, `INSERT INTO {table} VALUES (nextval('soak.id'), $1, $2, $3)`, w.kind(), w.random.IntN(1000))
}

func (w *writer) kind() string { return []string{"red", "green", "blue"}[w.random.IntN(3)] }

func (w *writer) update(ctx context.Context) error {
	return w.exec(ctx, `UPDATE {table} SET amount = amount + 1, kind = $2 WHERE id = {own}`, w.kind())
}

func (w *writer) remove(ctx context.Context) error {
	return w.exec(ctx, `DELETE FROM {table} WHERE id = {own}`)
}

// rename changes a row's key.
func (w *writer) rename(ctx context.Context) error {
	return w.exec(ctx, `UPDATE {table} SET id = nextval('soak.id') WHERE id = {own}`)
}

func (w *writer) upsert(ctx context.Context) error {
	return w.exec(ctx, `INSERT INTO {table} VALUES (-$1::int, $1, $2, 0) ON CONFLICT (id) DO UPDATE SET amount = {table}.amount + 1`, w.kind())
}

// count makes all writers' transactions wait for one another: the numbers of the
// events must follow without a gap.
func (w *writer) count(ctx context.Context) error {
	_, err := w.conn.Exec(ctx, `UPDATE "Counter" SET n = n + 1 WHERE id = 1`)
	return err
}

func (w *writer) several(ctx context.Context) error {
	return w.within(ctx, "COMMIT", w.insert, w.update, w.insert, w.rename, w.remove, w.upsert, w.count)
}

func (w *writer) rollback(ctx context.Context) error {
	return w.within(ctx, "ROLLBACK", w.insert, w.count, w.update, w.remove)
}

// savepoints keeps the first, the fourth and the last of its changes.
func (w *writer) savepoints(ctx context.Context) error {
	return w.within(ctx, "COMMIT", w.insert,
		w.sql("SAVEPOINT a"), w.insert, w.sql("SAVEPOINT b"), w.update, w.sql("ROLLBACK TO a"),
		w.insert, w.sql("RELEASE a"), w.sql("SAVEPOINT c"), w.remove, w.sql("ROLLBACK TO c"), w.upsert)
}

// large writes a value that is stored outside of its row, and updates the row
// beside it.
func (w *writer) large(ctx context.Context) error {
	return w.within(ctx, "COMMIT", func(ctx context.Context) error {
		return w.exec(ctx, `INSERT INTO {table} SELECT nextval('soak.id'), $1, $2, 0, string_agg(md5(random()::text), '') FROM generate_series(1, 200)`, w.kind())
	}, w.update, func(ctx context.Context) error {
		return w.exec(ctx, `UPDATE {table} SET amount = -1 WHERE id = (SELECT max(id) FROM {table} WHERE writer = $1 AND length(body) > 4000)`)
	}, func(ctx context.Context) error {
		return w.exec(ctx, `DELETE FROM {table} WHERE writer = $1 AND length(body) > 4000 AND amount <> -1`)
	})
}

// late commits after others that began later.
func (w *writer) late(ctx context.Context) error {
	return w.within(ctx, "COMMIT", w.insert, func(ctx context.Context) error {
		return pause(ctx, time.Duration(w.random.IntN(300))*time.Millisecond)
	}, w.update)
}

// prepared commits in two phases. What a crash leaves between them is decided at
// the end of the round.
func (w *writer) prepared(ctx context.Context) error {
	id := fmt.Sprintf("soak-%d-%d", w.number, w.random.Int64())
	if err := w.within(ctx, "PREPARE TRANSACTION '"+id+"'", w.insert, w.update, w.upsert); err != nil {
		return err
	}
	end := "COMMIT"
	if w.random.IntN(4) == 0 {
		end = "ROLLBACK"
	}
	_, err := w.conn.Exec(ctx, end+" PREPARED '"+id+"'")
	return err
}

// many is one transaction with many rows, which it then changes, and removes but
// for a few.
func (w *writer) many(ctx context.Context) error {
	return w.within(ctx, "COMMIT", func(ctx context.Context) error {
		return w.exec(ctx, `INSERT INTO {table} SELECT nextval('soak.id'), $1, 'bulk', i FROM generate_series(1, $2) i`, 1<<w.random.IntN(w.bulk+1))
	}, w.update, w.sql("SAVEPOINT a"), func(ctx context.Context) error {
		return w.exec(ctx, `UPDATE {table} SET amount = -amount WHERE kind = 'bulk' AND writer = $1`)
	}, func(ctx context.Context) error {
		if w.random.IntN(2) == 0 {
			return w.sql("ROLLBACK TO a")(ctx)
		}
		return nil
	}, func(ctx context.Context) error {
		return w.exec(ctx, `DELETE FROM {table} WHERE kind = 'bulk' AND writer = $1 AND amount NOT IN (1, -1)`)
	})
}

// settle ends what a crash left prepared, one way or the other.
func settle(ctx context.Context, conn *pgx.Conn, random *rand.Rand) error {
	rows, err := conn.Query(ctx, `SELECT gid FROM pg_prepared_xacts ORDER BY gid`)
	if err != nil {
		return err
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, id := range left {
		end := []string{"COMMIT", "ROLLBACK"}[random.IntN(2)]
		if _, err := conn.Exec(ctx, end+" PREPARED '"+id+"'"); err != nil {
			return err
		}
	}
	return nil
}

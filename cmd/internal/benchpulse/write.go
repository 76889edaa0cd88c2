package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// writers share the transactions of a rate, so that one that waits for the database
// does not hold up the next.
const writers = 4

// write commits n transactions of one row each into the table timed, so many a
// second, each at its time.
func (c *cluster) write(ctx context.Context, n, rate int) error {
	group, ctx := errgroup.WithContext(ctx)
	started := time.Now()
	for w := range writers {
		group.Go(func() error {
			conn, err := pgx.Connect(ctx, c.url)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(ctx))
			for i := w; i < n; i += writers {
				time.Sleep(time.Until(started.Add(time.Duration(i) * time.Second / time.Duration(rate))))
				if _, err := conn.Exec(ctx, "INSERT INTO timed (note) VALUES ($1)", note); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// note fills an event up to some 200 bytes.
const note = "what stands in a note that somebody wrote"

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/arazzo-conformance/arazzo/cmd/internal/cost"
)

// stream is the named stream of the cases that have one.
const stream = "bench"

// backlog is what waits in the database's log when the programs begin: each reads a
// copy of the slot that was made before it was written.
type backlog struct {
	name string
	rows int
	// many says that each row is a transaction of its own: then who reads it best
	// lets its reads gather.
	many bool
	// write is the SQL that writes it.
	write string
	// slot and publication are the service's, base is the slot to copy, end where
	// the backlog ends.
	slot, publication, base, end string
	// log is the folder of a service that has the stream and no event yet.
	log string
}

func (b *bench) backlogs() []*backlog {
	s := b.sizes
	list := []*backlog{{
		name: grouped(s.small) + " one-row transactions", rows: s.small, many: true,
		write: fmt.Sprintf(`DO $$ BEGIN FOR i IN 1..%d LOOP INSERT INTO item (owner, name, amount, active, note) VALUES (%s); COMMIT; END LOOP; END $$`, s.small, itemValues),
	}}
	for _, rows := range s.large {
		list = append(list, &backlog{
			name: "one transaction of " + grouped(rows) + " rows", rows: rows,
			write: fmt.Sprintf(`INSERT INTO item (owner, name, amount, active, note) SELECT %s FROM generate_series(1, %d)`, itemValues, rows),
		})
	}
	return list
}

// grouped is a number with its thousands set apart.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// drain measures how long a backlog takes.
func (b *bench) drain(ctx context.Context, of *backlog) error {
	if err := b.prepare(ctx, of); err != nil {
		return err
	}
	receive := func(gather string) func(context.Context) (cost.Process, error) {
		return func(ctx context.Context) (cost.Process, error) {
			return b.work(ctx, of, b.self, "receive", "-url", b.cluster.url, "-slot", work, "-publication", of.publication,
				"-n", strconv.Itoa(of.rows), "-gather", gather)
		}
	}
	plain := contender{"receiver to JSON, no log, no reader", receive("0")}
	gathered := contender{"the same, its reads gathered 1 ms", receive("1ms")}
	list := []contender{plain, gathered}
	if of.many {
		list = []contender{gathered, plain}
	}
	if program, err := b.receiveLogical(ctx); err == nil {
		list = append(list, contender{"pg_recvlogical to /dev/null", func(ctx context.Context) (cost.Process, error) {
			return b.work(ctx, of, program, "-d", b.cluster.url, "-S", work, "--start", "-f", os.DevNull,
				"-o", "proto_version=1", "-o", "publication_names="+of.publication, "--endpos="+of.end, "--no-loop", "-F", "0", "-s", "5")
		}})
	} else {
		fmt.Fprintln(os.Stderr, "benchpulse: without pg_recvlogical:", err)
	}
	list = append(list, contender{"arazzo reference to one SSE reader", func(ctx context.Context) (cost.Process, error) {
		return b.serveBacklog(ctx, of)
	}})
	return b.turns(ctx, of.name, of.rows, list)
}

// prepare makes the slot, with a service that has the stream, and then the backlog.
func (b *bench) prepare(ctx context.Context, of *backlog) error {
	oid, err := b.cluster.text(ctx, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
	if err != nil {
		return err
	}
	of.slot = "arazzo_pulse_" + oid
	of.publication, of.base, of.log = of.slot, "base", b.path("base")
	for _, slot := range []string{of.slot, of.base} {
		if err := b.cluster.dropSlot(ctx, slot); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(of.log); err != nil {
		return err
	}
	s, err := startService(ctx, b.reference, b.cluster.url, of.log)
	if err != nil {
		return err
	}
	if err := s.createStream(ctx, stream, "item"); err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	if err := b.cluster.copySlot(ctx, of.slot, of.base); err != nil {
		return err
	}
	if err := b.cluster.each(ctx, "TRUNCATE item", "CHECKPOINT", of.write, "CHECKPOINT"); err != nil {
		return err
	}
	of.end, err = b.cluster.text(ctx, "SELECT pg_current_wal_insert_lsn()::text")
	return err
}

// work is the slot that the yardsticks read.
const work = "work"

// work runs a program that reads the slot of that name.
func (b *bench) work(ctx context.Context, of *backlog, program string, args ...string) (cost.Process, error) {
	if err := b.cluster.copySlot(ctx, of.base, work); err != nil {
		return cost.Process{}, err
	}
	took, _, err := b.run(ctx, program, args...)
	if err != nil {
		return took, err
	}
	return took, b.cluster.dropSlot(ctx, work)
}

// serveBacklog starts the service with the backlog before it: it ends with the
// arrival of the last event at the reader.
func (b *bench) serveBacklog(ctx context.Context, of *backlog) (cost.Process, error) {
	folder := b.path("log")
	if err := copyFolder(of.log, folder); err != nil {
		return cost.Process{}, err
	}
	if err := b.cluster.dropSlot(ctx, of.slot); err != nil {
		return cost.Process{}, err
	}
	if err := b.cluster.copySlot(ctx, of.base, of.slot); err != nil {
		return cost.Process{}, err
	}
	s, err := startService(ctx, b.reference, b.cluster.url, folder)
	if err != nil {
		return cost.Process{}, err
	}
	_, _, err = b.run(ctx, b.self, "read", "-url", s.events(stream), "-key", apiKey, "-n", strconv.Itoa(of.rows))
	took, killed := s.kill()
	if err != nil {
		return took, fmt.Errorf("%w; the service said:\n%s", err, s.said.String())
	}
	return took, killed
}

// receiveLogical finds the program beside the server, which knows where it is.
func (b *bench) receiveLogical(ctx context.Context) (string, error) {
	folder, err := b.cluster.text(ctx, "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "pg_recvlogical")
	_, err = os.Stat(program)
	return program, err
}

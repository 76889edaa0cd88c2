package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

// questionWait bounds one question: a catalog of tens of thousands of tables needs a
// second or two.
const questionWait = 30 * time.Second

// Options say what is examined.
type Options struct {
	// DatabaseURL is the Postgres database, as a URI.
	DatabaseURL string
	// Slot and Publication are the names that the service uses; empty means its
	// defaults.
	Slot, Publication string
	// Schema is the Prisma schema, a file or a folder of them; empty for none.
	Schema string
	// Data is the service's data folder; empty means that it is not examined.
	Data string
}

// Examine asks the database and judges. What cannot be asked, for want of a right
// or because it takes too long, is a finding; the error is a
// [*capture.UnreachableError] where there is no connection, or it broke.
func Examine(ctx context.Context, o Options) (Report, error) {
	conn, place, err := capture.Connect(ctx, o.DatabaseURL)
	report := Report{Database: place}
	if err != nil {
		return report, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	f := &facts{options: o}
	f.ask(ctx, conn)
	if conn.IsClosed() || ctx.Err() != nil {
		return report, &capture.UnreachableError{Database: place, Err: errors.Join(ctx.Err(), errors.Join(f.unasked...))}
	}
	f.askSchema(ctx, conn)
	f.replication = tryReplication(ctx, conn.Config())
	report.Findings = f.judge()
	return report, nil
}

// judge is what the checks say.
func (f *facts) judge() []Finding {
	var all []Finding
	for _, c := range checks {
		for _, finding := range c.judge(f) {
			finding.Code = c.code
			all = append(all, finding)
		}
	}
	return all
}

// tryReplication opens the kind of connection that the service lives on.
func tryReplication(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := capture.Replicate(ctx, &config.Config)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// checks are all checks, in the order in which an operator would ask.
var checks = []check{
	{"not-examined", notExamined},
	{"server-version", serverVersion},
	{"standby", standby},
	{"wal-level", walLevel},
	{"output-plugin", outputPlugin},
	{"replication-slots", replicationSlots},
	{"wal-senders", walSenders},
	{"wal-sender-timeout", walSenderTimeout},
	{"slot-wal-limit", slotWALLimit},
	{"slot-idle-limit", slotIdleLimit},
	{"synchronous-commit", synchronousCommit},
	{"decoding-memory", decodingMemory},
	{"fsync", fsync},
	{"replication-role", replicationRole},
	{"replication-connection", replicationConnection},
	{"publication", publicationState},
	{"publication-operations", publicationOperations},
	{"publication-tables", publicationTables},
	{"publication-columns", publicationColumns},
	{"publication-rows", publicationRows},
	{"partitioned-tables", partitionedTables},
	{"slot", slotOwner},
	{"slot-wal", slotWAL},
	{"slot-lag", slotLag},
	{"slot-failover", slotFailover},
	{"abandoned-slots", abandonedSlots},
	{"no-identity", noIdentity},
	{"key-only", keyOnly},
	{"never-captured", neverCaptured},
	{"generated-columns", generatedColumns},
	{"schema-file", schemaFile},
	{"schema-fit", schemaFit},
	{"data-folder", dataFolder},
	{"data-space", dataSpace},
}

// check is one question that an operator would ask, and how the facts answer it:
// not at all where it does not arise.
type check struct {
	code  string
	judge func(*facts) []Finding
}

func finding(s Severity, format string, args ...any) []Finding {
	return []Finding{{Severity: s, Message: fmt.Sprintf(format, args...)}}
}

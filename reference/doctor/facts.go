package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// facts are what the checks judge. What could not be asked is nil or empty, and
// said in unasked.
type facts struct {
	options     Options
	server      *server
	role        *role
	publication *publication
	published   []published
	slots       []slot
	tables      []table
	// plugin is why the output plugin did not load, nil where it did.
	plugin error
	// replication is why a replication connection was not to be had.
	replication error
	unasked     []error
	// file is the Prisma schema, nil where none is named or misread says why it
	// cannot be read; odd is what in it is not understood. models is what the
	// database has.
	file    *psl.Schema
	odd     psl.Problems
	misread error
	models  *prisma.Schema
}

// server is the server and its settings; those that its version does not have are
// nil.
type server struct {
	Version       int
	VersionText   string
	Database      string
	OID           uint32
	Provider      string
	WALLevel      string
	Standby       bool
	MaxSlots      int
	MaxSenders    int
	Senders       int
	Standbys      int
	SenderTimeout int64  // milliseconds, 0 for none
	WALLimit      *int64 // MiB, -1 for none
	IdleLimit     *string
	Commit        string
	Memory        *string
	Fsync         bool
}

// The providers that are set up by other means than SQL are told by roles that
// only they have.
const selectServer = `
SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
	d.datname::text AS database, d.oid,
	CASE WHEN to_regrole('rds_superuser') IS NOT NULL THEN 'Amazon RDS'
		WHEN to_regrole('cloudsqlsuperuser') IS NOT NULL THEN 'Google Cloud SQL'
		WHEN to_regrole('azure_pg_admin') IS NOT NULL THEN 'Azure' ELSE '' END AS provider,
	current_setting('wal_level') AS wal_level, pg_is_in_recovery() AS standby,
	current_setting('max_replication_slots')::int AS max_slots, current_setting('max_wal_senders')::int AS max_senders,
	(SELECT count(*) FROM pg_stat_replication)::int AS senders,
	(SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'physical')::int AS standbys,
	(SELECT setting::bigint FROM pg_settings WHERE name = 'wal_sender_timeout') AS sender_timeout,
	(SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS wal_limit,
	current_setting('idle_replication_slot_timeout', true) AS idle_limit,
	current_setting('synchronous_commit') AS commit,
	current_setting('logical_decoding_work_mem', true) AS memory,
	current_setting('fsync')::bool AS fsync
FROM pg_database d WHERE d.datname = current_database()`

// role is who the service connects as.
type role struct {
	Name        string
	Superuser   bool
	Replication bool
	// Granted says that a provider's role for replication is granted.
	Granted bool
	// Create says that it may make a publication in this database.
	Create bool
}

const selectRole = `
SELECT rolname::text AS name, rolsuper AS superuser, rolreplication AS replication,
	coalesce(pg_has_role(rolname, to_regrole('rds_replication'), 'MEMBER'), false) AS granted,
	has_database_privilege(current_database(), 'CREATE') AS create
FROM pg_roles WHERE rolname = current_user`

// publication is the service's publication, as far as it is there.
type publication struct {
	Exists                 bool
	Owner                  string
	Ours                   bool
	AllTables              bool
	Insert, Update, Delete bool
	ViaRoot                bool
}

// The column pubviaroot came with Postgres 13.
const selectPublication = `
SELECT count(*) > 0 AS exists, coalesce(max(pg_get_userbyid(pubowner)::text), '') AS owner,
	coalesce(bool_and(obj_description(oid, 'pg_publication') = $2), false) AS ours,
	coalesce(bool_and(puballtables), false) AS all_tables,
	coalesce(bool_and(pubinsert), false) AS insert, coalesce(bool_and(pubupdate), false) AS update,
	coalesce(bool_and(pubdelete), false) AS delete,
	coalesce(bool_and((to_jsonb(p) ->> 'pubviaroot')::bool), false) AS via_root
FROM pg_publication p WHERE pubname = $1`

// published is a table as the publication has it.
type published struct {
	Namespace, Name string
	// Columns are those that it sends; empty before Postgres 15, where it sends all.
	Columns []string
	// Rows is the condition of a row filter, empty for none.
	Rows string
}

const selectPublished = `
SELECT schemaname::text AS namespace, tablename::text AS name,
	CASE WHEN to_jsonb(t) -> 'attnames' IS NULL THEN '{}'
		ELSE ARRAY(SELECT jsonb_array_elements_text(to_jsonb(t) -> 'attnames')) END AS columns,
	coalesce(to_jsonb(t) ->> 'rowfilter', '') AS rows
FROM pg_publication_tables t WHERE pubname = $1`

// ask asks for everything, each question in a transaction of its own: one that
// fails keeps none of the others from being answered.
func (f *facts) ask(ctx context.Context, conn *pgx.Conn) {
	f.server = askOne[server](ctx, f, conn, "the server's settings", selectServer)
	f.role = askOne[role](ctx, f, conn, "the role", selectRole)
	f.slots = askAll[slot](ctx, f, conn, "the replication slots", selectSlots)
	f.tables = askAll[table](ctx, f, conn, "the tables", selectTables)
	f.plugin = asking(ctx, conn, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "LOAD '"+capture.Plugin+"'")
		return err
	})
	if f.server == nil {
		return
	}
	if f.options.Slot == "" {
		f.options.Slot = capture.DefaultName(f.server.OID, false)
	}
	if f.options.Publication == "" {
		f.options.Publication = capture.DefaultName(f.server.OID, false)
	}
	f.publication = askOne[publication](ctx, f, conn, "the publication", selectPublication, f.options.Publication, capture.PublicationMark)
	f.published = askAll[published](ctx, f, conn, "the publication's tables", selectPublished, f.options.Publication)
}

// asking runs a question in a transaction that cannot write and does not wait
// for long.
func asking(ctx context.Context, conn *pgx.Conn, question func(context.Context, pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, questionWait)
	defer cancel()
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// Sooner than the context, which would cost the connection.
		limit := fmt.Sprintf("SET LOCAL statement_timeout = %d", (questionWait / 2).Milliseconds())
		if _, err := tx.Exec(ctx, limit); err != nil {
			return err
		}
		return question(ctx, tx)
	})
}

func askAll[T any](ctx context.Context, f *facts, conn *pgx.Conn, what, query string, args ...any) []T {
	var all []T
	err := asking(ctx, conn, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
	if err != nil {
		f.unasked = append(f.unasked, fmt.Errorf("%s: %w", what, err))
	}
	return all
}

func askOne[T any](ctx context.Context, f *facts, conn *pgx.Conn, what, query string, args ...any) *T {
	all := askAll[T](ctx, f, conn, what, query, args...)
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// slot is the service's slot, nil where there is none of its name.
func (f *facts) slot() *slot {
	i := slices.IndexFunc(f.slots, func(s slot) bool { return s.Name == f.options.Slot })
	if i < 0 {
		return nil
	}
	return &f.slots[i]
}

func notExamined(f *facts) []Finding {
	var all []Finding
	for _, err := range f.unasked {
		all = append(all, finding(Warning, "%v", err)...)
	}
	return all
}

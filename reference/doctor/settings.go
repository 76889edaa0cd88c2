package doctor

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

const (
	oldestVersion, newestVersion = 12, 18
	// shortTimeout is a wal_sender_timeout, in milliseconds, that a service which
	// reports every five seconds may miss on a loaded machine.
	shortTimeout = 15_000
	// smallLimit is a max_slot_wal_keep_size, in MiB, that a restart of a busy
	// service may exceed.
	smallLimit = 1024
)

func serverVersion(f *facts) []Finding {
	if f.server == nil {
		return nil
	}
	switch major := f.server.Version / 10000; {
	case major < oldestVersion:
		return finding(Error, "PostgreSQL %s is older than %d, the oldest that is supported: upgrade it", f.server.VersionText, oldestVersion)
	case major > newestVersion:
		return finding(Warning, "PostgreSQL %s is newer than %d, the newest that this version was tested with", f.server.VersionText, newestVersion)
	case major < 14:
		return finding(OK, "PostgreSQL %s; from 14 on a long transaction is received while it runs, before only after its commit", f.server.VersionText)
	default:
		return finding(OK, "PostgreSQL %s", f.server.VersionText)
	}
}

func standby(f *facts) []Finding {
	if f.server == nil || !f.server.Standby {
		return nil
	}
	found := finding(Error, "the server is a standby: a publication can be made on the primary only, and before Postgres 16 a standby decodes nothing")
	found[0].Next = "name the primary in the URL, or all servers with target_session_attrs=read-write"
	return found
}

func walLevel(f *facts) []Finding {
	switch {
	case f.server == nil:
		return nil
	case f.server.WALLevel == "logical":
		return finding(OK, "wal_level is logical")
	}
	found := finding(Error, "wal_level is %s, change capture needs logical", f.server.WALLevel)
	switch f.server.Provider {
	case "Amazon RDS":
		found[0].Next = "set rds.logical_replication to 1 in the parameter group, then restart the instance"
	case "Google Cloud SQL":
		found[0].Next = "set the flag cloudsql.logical_decoding to on, then restart the instance"
	case "Azure":
		found[0].Next = "set the server parameter wal_level to logical, then restart the server"
	default:
		found[0].SQL, found[0].Next = []string{capture.EnableLogical}, "restart Postgres"
	}
	return found
}

func outputPlugin(f *facts) []Finding {
	var refused *pgconn.PgError
	switch {
	case f.plugin == nil:
		return finding(OK, "the output plugin %s is there", capture.Plugin)
	case errors.As(f.plugin, &refused) && refused.Code == "58P01":
		found := finding(Error, "the server does not have the output plugin %s: %s", capture.Plugin, refused.Message)
		found[0].Next = "install all of Postgres: the plugin is part of every server since version 10"
		return found
	default:
		// Only superusers may load it to see.
		return nil
	}
}

func replicationSlots(f *facts) []Finding {
	if f.server == nil {
		return nil
	}
	used := len(f.slots)
	if f.slot() != nil || used < f.server.MaxSlots {
		return finding(OK, "%d of %d replication slots are free", f.server.MaxSlots-used, f.server.MaxSlots)
	}
	found := finding(Error, "all %d replication slots are in use, and the service needs one", f.server.MaxSlots)
	found[0].SQL = []string{
		"SELECT slot_name, database, active, restart_lsn FROM pg_replication_slots",
		fmt.Sprintf("ALTER SYSTEM SET max_replication_slots = %d", f.server.MaxSlots+10),
	}
	found[0].Next = "drop a slot that nobody needs, or restart Postgres after the second statement"
	return found
}

func walSenders(f *facts) []Finding {
	if f.server == nil {
		return nil
	}
	free := f.server.MaxSenders - f.server.Senders
	if s := f.slot(); free > 0 || s != nil && s.Active {
		return finding(OK, "%d of %d WAL senders are free", free, f.server.MaxSenders)
	}
	found := finding(Error, "all %d WAL senders are in use, and the service needs one", f.server.MaxSenders)
	found[0].SQL = []string{
		"SELECT pid, usename, application_name, client_addr FROM pg_stat_replication",
		fmt.Sprintf("ALTER SYSTEM SET max_wal_senders = %d", f.server.MaxSenders+10),
	}
	found[0].Next = "stop a receiver that nobody needs, or restart Postgres after the second statement"
	return found
}

func walSenderTimeout(f *facts) []Finding {
	switch {
	case f.server == nil:
		return nil
	case f.server.SenderTimeout == 0:
		found := finding(Warning, "wal_sender_timeout is off: after a network cut Postgres may take the lost connection for alive, and the slot for in use")
		found[0].SQL = []string{"ALTER SYSTEM SET wal_sender_timeout = '60s'", "SELECT pg_reload_conf()"}
		return found
	case f.server.SenderTimeout < shortTimeout:
		found := finding(Warning, "wal_sender_timeout is %d ms: the service reports every 5 s, and a loaded machine may miss that", f.server.SenderTimeout)
		found[0].SQL = []string{"ALTER SYSTEM SET wal_sender_timeout = '60s'", "SELECT pg_reload_conf()"}
		return found
	default:
		return finding(OK, "wal_sender_timeout is %d s", f.server.SenderTimeout/1000)
	}
}

func slotWALLimit(f *facts) []Finding {
	switch {
	case f.server == nil:
		return nil
	case f.server.WALLimit == nil:
		return finding(Warning, "a slot that nobody reads fills the server's disk: a limit, max_slot_wal_keep_size, came with Postgres 13")
	case *f.server.WALLimit == -1:
		found := finding(Warning, "max_slot_wal_keep_size is unlimited: while the service is down, its slot keeps log until the server's disk is full")
		found[0].SQL = []string{"ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'", "SELECT pg_reload_conf()"}
		found[0].Next = "choose a size that the disk has and that the longest outage does not write: beyond it the slot is lost, and streams stop"
		return found
	case *f.server.WALLimit < smallLimit:
		found := finding(Warning, "max_slot_wal_keep_size is %d MB: the slot is lost, and streams stop, when the service is that much behind", *f.server.WALLimit)
		found[0].SQL = []string{"ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'", "SELECT pg_reload_conf()"}
		return found
	default:
		return finding(OK, "max_slot_wal_keep_size is %d MB", *f.server.WALLimit)
	}
}

func slotIdleLimit(f *facts) []Finding {
	if f.server == nil || f.server.IdleLimit == nil || *f.server.IdleLimit == "0" {
		return nil
	}
	found := finding(Warning, "idle_replication_slot_timeout is %s: a service that is stopped for longer loses its slot, and streams stop", *f.server.IdleLimit)
	found[0].SQL = []string{"ALTER SYSTEM SET idle_replication_slot_timeout = 0", "SELECT pg_reload_conf()"}
	return found
}

func synchronousCommit(f *facts) []Finding {
	switch {
	case f.server == nil:
		return nil
	case f.server.Commit == "off":
		found := finding(Warning, "synchronous_commit is off: an event waits up to 0.6 s for the log to be written, and a crash of the server loses commits")
		found[0].SQL = []string{"ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()"}
		return found
	default:
		return finding(OK, "synchronous_commit is %s", f.server.Commit)
	}
}

func decodingMemory(f *facts) []Finding {
	if f.server == nil || f.server.Memory == nil {
		return nil
	}
	return finding(OK, "logical_decoding_work_mem is %s: the server keeps that much of a running transaction in memory, the rest on its disk", *f.server.Memory)
}

func fsync(f *facts) []Finding {
	if f.server == nil || f.server.Fsync {
		return nil
	}
	found := finding(Warning, "fsync is off: a crash of the machine sets the database back behind what the service has delivered")
	found[0].SQL = []string{"ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"}
	return found
}

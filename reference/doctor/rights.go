package doctor

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/capture"
)

// replicationRole believes the connection that was tried before the attribute:
// providers have ways of their own.
func replicationRole(f *facts) []Finding {
	if f.role == nil {
		return nil
	}
	switch {
	case f.role.Superuser:
		return finding(OK, "%s is a superuser", f.role.Name)
	case f.role.Replication:
		return finding(OK, "%s has the attribute REPLICATION", f.role.Name)
	case f.role.Granted, f.replication == nil:
		return finding(OK, "%s may replicate", f.role.Name)
	}
	found := finding(Error, "%s may not open replication connections", f.role.Name)
	if f.server != nil && f.server.Provider == "Amazon RDS" {
		found[0].SQL = []string{"GRANT rds_replication TO " + quote(f.role.Name)}
	} else {
		found[0].SQL, found[0].Next = []string{capture.AllowReplication(f.role.Name)}, "run it as a superuser"
	}
	return found
}

func replicationConnection(f *facts) []Finding {
	var refused *pgconn.PgError
	errors.As(f.replication, &refused)
	switch {
	case f.replication == nil:
		return finding(OK, "a replication connection was opened")
	case refused != nil && refused.Code == "42501":
		// The check before has said it.
		return nil
	}
	found := finding(Error, "%v", f.replication)
	switch {
	case refused != nil && refused.Code == "53300":
		found[0].Next = "free a WAL sender or a connection: raise max_wal_senders or max_connections and restart Postgres"
	case refused != nil && refused.Code == "28000":
		found[0].SQL = []string{"SELECT pg_reload_conf()"}
		found[0].Next = "let pg_hba.conf have a line for this role, database and address first: the word replication there is for physical replication only"
	default:
		found[0].Next = "connect to Postgres itself: most connection poolers pass no replication on"
	}
	return found
}

func publicationState(f *facts) []Finding {
	if f.publication == nil || f.role == nil || f.server == nil {
		return nil
	}
	name := f.options.Publication
	switch p := f.publication; {
	case p.Exists && p.Ours:
		return finding(OK, "the publication %s is there, of the service's own making", name)
	case p.Exists:
		return finding(OK, "the publication %s of %s is there; the service uses it as it is", name, p.Owner)
	case f.role.Superuser:
		return finding(OK, "the publication %s is not there yet: the service makes it", name)
	}
	found := finding(Error, "the publication %s is not there, and %s may not make one for all tables", name, f.role.Name)
	found[0].SQL = []string{capture.CreatePublication(name, f.server.Version)}
	found[0].Next = "run it as a superuser" + f.ownPublication(name)
	return found
}

// ownPublication is what a role without superuser rights can do about it itself.
func (f *facts) ownPublication(name string) string {
	var own []string
	for _, t := range f.tables {
		if t.model() && t.Owned {
			own = append(own, t.quoted())
		}
	}
	if len(own) == 0 {
		return ""
	}
	do := ", or for the tables of " + f.role.Name + " as that role"
	if !f.role.Create {
		do += fmt.Sprintf(", after GRANT CREATE ON DATABASE %s TO %s", quote(f.server.Database), quote(f.role.Name))
	}
	return fmt.Sprintf("%s: CREATE PUBLICATION %s FOR TABLE %s", do, quote(name), strings.Join(own, ", "))
}

// quote makes an SQL identifier of any text.
func quote(parts ...string) string { return pgx.Identifier(parts).Sanitize() }

package doctor

import (
	"fmt"
	"slices"
)

// table is a table that could be a model's, or a partition of one.
type table struct {
	Namespace, Name string
	// Kind is r for a table, p for a partitioned one, f for a foreign one.
	Kind string
	// Persistence is p for permanent, u for unlogged.
	Persistence string
	// Partition says that it is a partition, RootNamespace and RootName of which
	// table, at the top; its own name otherwise.
	Partition               bool
	RootNamespace, RootName string
	// Identity is the replica identity: d, i, f or n.
	Identity string
	// Key says that there is a primary key that identifies rows, Index that the
	// index of the replica identity is there.
	Key, Index bool
	// Candidate is a unique index that could be the replica identity, empty for
	// none.
	Candidate string
	Owned     bool
	// Columns are those that have a value of their own, Generated the others.
	Columns, Generated []string
}

// A deferrable index identifies no rows, nor does one whose columns may be null.
const selectTables = `
SELECT n.nspname::text AS namespace, c.relname::text AS name, c.relkind::text AS kind, c.relpersistence::text AS persistence,
	c.relispartition AS partition, rn.nspname::text AS root_namespace, r.relname::text AS root_name,
	c.relreplident::text AS identity,
	EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid) AS key,
	EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) AS index,
	coalesce((SELECT ic.relname::text FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
		WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
			AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
		ORDER BY i.indnkeyatts, ic.relname LIMIT 1), '') AS candidate,
	pg_has_role(c.relowner, 'USAGE') AS owned,
	ARRAY(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
	ARRAY(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated <> '' ORDER BY attnum) AS generated
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class r ON r.oid = coalesce(pg_partition_root(c.oid), c.oid) JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
	AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relname <> '_prisma_migrations'
ORDER BY n.nspname, c.relname`

func (t table) String() string { return t.Namespace + "." + t.Name }

func (t table) quoted() string { return quote(t.Namespace, t.Name) }

func (t table) partitioned() bool { return t.Kind == "p" }

// model says that the service has a model of the table.
func (t table) model() bool { return !t.Partition && t.Kind != "f" }

// stored says that rows of it are in the server's log: not those of a partitioned
// table itself, for its partitions have them.
func (t table) stored() bool { return t.Kind == "r" && t.Persistence == "p" }

// identified says that Postgres allows updates and deletes once it is published.
func (t table) identified() bool {
	switch t.Identity {
	case "f":
		return true
	case "i":
		return t.Index
	case "d":
		return t.Key
	default:
		return false
	}
}

// bestIdentity is the replica identity that costs the least log.
func (t table) bestIdentity() string {
	switch {
	case t.Key:
		return "DEFAULT"
	case t.Candidate != "":
		return "USING INDEX " + quote(t.Candidate)
	default:
		return "FULL"
	}
}

// noIdentity is the one way in which publishing tables hurts their writers.
func noIdentity(f *facts) []Finding {
	var names, fix []string
	for _, t := range f.tables {
		published := f.existing() == nil || f.existing().AllTables || f.publishes(t) != nil
		if !published || !t.stored() || t.identified() {
			continue
		}
		names = append(names, t.String())
		fix = append(fix, fmt.Sprintf("ALTER TABLE %s REPLICA IDENTITY %s", t.quoted(), t.bestIdentity()))
	}
	if names == nil {
		return finding(OK, "every table has a replica identity")
	}
	found := finding(Error, "Postgres refuses updates and deletes of published tables without a primary key or another replica identity")
	found[0].Objects, found[0].SQL = names, fix
	return found
}

// keyOnly tells what events cannot show.
func keyOnly(f *facts) []Finding {
	var names, fix []string
	for _, t := range f.tables {
		if t.stored() && t.identified() && t.Identity != "f" {
			names = append(names, t.String())
			fix = append(fix, fmt.Sprintf("ALTER TABLE %s REPLICA IDENTITY FULL", t.quoted()))
		}
	}
	if names == nil {
		return nil
	}
	found := finding(Info, "%s: updates have no before, and deletes have the key alone; for whole rows, at the price of more log, run",
		counted(len(names), "table"))
	found[0].Objects, found[0].SQL = names, fix
	return found
}

func neverCaptured(f *facts) []Finding {
	var names []string
	for _, t := range f.tables {
		switch {
		case t.Kind == "f":
			names = append(names, t.String()+" (foreign)")
		case t.Persistence == "u":
			names = append(names, t.String()+" (unlogged)")
		}
	}
	if names == nil {
		return nil
	}
	found := finding(Warning, "tables whose changes are not in the server's log have no events")
	found[0].Objects = names
	for _, t := range f.tables {
		if t.Persistence == "u" {
			found[0].SQL = append(found[0].SQL, fmt.Sprintf("ALTER TABLE %s SET LOGGED", t.quoted()))
		}
	}
	return found
}

// generatedColumns are computed by whoever stores the row; the log has them from
// Postgres 18 on, where the publication asks for them.
func generatedColumns(f *facts) []Finding {
	if f.existing() == nil && f.server != nil && f.server.Version >= 180000 {
		return nil // the publication that the service makes has them
	}
	var names []string
	for _, t := range f.tables {
		p := f.publishes(t)
		for _, column := range t.Generated {
			if t.model() && (p == nil || !slices.Contains(p.Columns, column)) {
				names = append(names, t.String()+"."+column)
			}
		}
	}
	if names == nil {
		return nil
	}
	found := finding(Info, "generated columns are in no event")
	found[0].Objects = names
	if f.server != nil && f.server.Version >= 180000 && f.existing() != nil {
		found[0].SQL = []string{fmt.Sprintf("ALTER PUBLICATION %s SET (publish_generated_columns = stored)", quote(f.options.Publication))}
	}
	return found
}

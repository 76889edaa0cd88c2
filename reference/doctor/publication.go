package doctor

import (
	"fmt"
	"slices"
	"strings"
)

// existing is the publication where it is there.
func (f *facts) existing() *publication {
	if f.publication == nil || !f.publication.Exists {
		return nil
	}
	return f.publication
}

func publicationOperations(f *facts) []Finding {
	p := f.existing()
	if p == nil || p.Insert && p.Update && p.Delete {
		return nil
	}
	var left []string
	for _, operation := range []struct {
		name string
		sent bool
	}{{"insert", p.Insert}, {"update", p.Update}, {"delete", p.Delete}} {
		if !operation.sent {
			left = append(left, operation.name)
		}
	}
	found := finding(Warning, "the publication leaves operations out, of which there are no events")
	found[0].Objects = left
	found[0].SQL = []string{fmt.Sprintf("ALTER PUBLICATION %s SET (publish = 'insert, update, delete, truncate')", quote(f.options.Publication))}
	return found
}

func publicationTables(f *facts) []Finding {
	if f.existing() == nil || f.existing().AllTables {
		return nil
	}
	var left, quoted []string
	for _, t := range f.tables {
		addable := !t.partitioned() || f.server != nil && f.server.Version >= 130000
		if t.model() && t.Persistence == "p" && addable && !f.inPublication(t) {
			left, quoted = append(left, t.String()), append(quoted, t.quoted())
		}
	}
	if left == nil {
		return finding(OK, "the publication has every table")
	}
	found := finding(Warning, "the publication leaves %s out, whose models have no events", counted(len(left), "table"))
	found[0].Objects = left
	found[0].SQL = []string{fmt.Sprintf("ALTER PUBLICATION %s ADD TABLE %s", quote(f.options.Publication), strings.Join(quoted, ", "))}
	return found
}

// inPublication says that changes of a model's table are sent: a partitioned one
// may be there by its partitions.
func (f *facts) inPublication(t table) bool {
	return f.publishes(t) != nil || slices.ContainsFunc(f.tables, func(part table) bool {
		return part.Partition && part.RootNamespace == t.Namespace && part.RootName == t.Name && f.publishes(part) != nil
	})
}

// publishes is a table in the publication, a partition as itself or by its root;
// nil where it is not in it.
func (f *facts) publishes(t table) *published {
	i := slices.IndexFunc(f.published, func(p published) bool {
		return p.Namespace == t.Namespace && p.Name == t.Name || p.Namespace == t.RootNamespace && p.Name == t.RootName
	})
	if i < 0 {
		return nil
	}
	return &f.published[i]
}

func publicationColumns(f *facts) []Finding {
	var left, fix []string
	for _, t := range f.tables {
		p := f.publishes(t)
		if p == nil || len(p.Columns) == 0 {
			continue
		}
		before := len(left)
		for _, column := range t.Columns {
			if !slices.Contains(p.Columns, column) {
				left = append(left, t.String()+"."+column)
			}
		}
		if len(left) > before {
			fix = append(fix, f.wholeTable(t)...)
		}
	}
	if left == nil {
		return nil
	}
	found := finding(Warning, "the publication leaves columns out, which no event has")
	found[0].Objects, found[0].SQL = left, fix
	return found
}

func publicationRows(f *facts) []Finding {
	var filtered, fix []string
	for _, t := range f.tables {
		if p := f.publishes(t); p != nil && p.Rows != "" {
			filtered = append(filtered, fmt.Sprintf("%s WHERE %s", t, p.Rows))
			fix = append(fix, f.wholeTable(t)...)
		}
	}
	if filtered == nil {
		return nil
	}
	found := finding(Warning, "the publication leaves rows out, which have no events")
	found[0].Objects, found[0].SQL = filtered, fix
	return found
}

// wholeTable publishes all columns and rows of a table, and keeps the others as
// they are.
func (f *facts) wholeTable(t table) []string {
	publication := quote(f.options.Publication)
	return []string{
		fmt.Sprintf("ALTER PUBLICATION %s DROP TABLE %s", publication, t.quoted()),
		fmt.Sprintf("ALTER PUBLICATION %s ADD TABLE %s", publication, t.quoted()),
	}
}

func partitionedTables(f *facts) []Finding {
	var names []string
	for _, t := range f.tables {
		if t.partitioned() {
			names = append(names, t.String())
		}
	}
	switch {
	case names == nil || f.server == nil:
		return nil
	case f.server.Version < 130000:
		found := finding(Warning, "partitioned tables have no events before Postgres 13: their changes come under the names of the partitions")
		found[0].Objects = names
		return found
	case f.existing() == nil || f.existing().ViaRoot:
		return nil
	}
	found := finding(Warning, "the publication sends the changes of partitioned tables under the names of the partitions, which are no models: there are no events of them")
	found[0].Objects = names
	found[0].SQL = []string{fmt.Sprintf("ALTER PUBLICATION %s SET (publish_via_partition_root = true)", quote(f.options.Publication))}
	return found
}

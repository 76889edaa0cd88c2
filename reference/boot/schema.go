package boot

import (
	"context"
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// SchemaError says that a Prisma schema cannot be read, or that nothing of it is in
// the database. Each line of a mistake begins with its place.
type SchemaError struct {
	// Path is the file or folder.
	Path string
	// Err is what is wrong.
	Err error
}

// Error is what is wrong.
func (e *SchemaError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong.
func (e *SchemaError) Unwrap() error { return e.Err }

// readSchemas reads the Prisma schemas of environments, before anything is started:
// nil for one without. They are not read again. What has no effect is logged.
func (r *Reference) readSchemas() error {
	r.schemas = make([]*psl.Schema, len(r.options.Environments))
	for i, e := range r.options.Environments {
		if e.Schema == "" {
			continue
		}
		schema, warnings, err := psl.Read(e.Schema)
		if err != nil {
			return e.named(&SchemaError{e.Schema, err})
		}
		for _, w := range warnings {
			r.options.Log.Warn("schema: the Prisma schema has something that is not understood", "problem", w.Message, "at", w.At().String())
		}
		r.schemas[i] = schema
	}
	return nil
}

// fit gives what the database holds under the names of the Prisma schema, where there
// is one. Each thing that does not fit is logged once, unless nothing fits: that is an
// error at the start, see begin.
func (c *catalog) fit(database *prisma.Schema) *prisma.Schema {
	if c.file == nil {
		return database
	}
	if c.isDemo {
		return likeDemo(database, c.file)
	}
	fitted, problems := database.Fit(c.file)
	c.problems.Store(&problems)
	if len(fitted.Models) == 0 {
		return fitted
	}
	for _, p := range problems {
		if !c.told[p] {
			c.told[p] = true
			c.log.Warn("schema: the Prisma schema does not fit the database", "problem", p.Message, "at", p.At().String())
		}
	}
	return fitted
}

// likeDemo gives the demo's tables the names of its Prisma schema, and leaves all as it
// is where they have been changed: it is the user's database then.
func likeDemo(database *prisma.Schema, file *psl.Schema) *prisma.Schema {
	if named, problems := database.Extend(file); problems == nil {
		return named
	}
	return database
}

// begin looks at the database for the first time. That nothing of the Prisma schema is
// there is an error: it is another's, or the database is. Later it is not, for tables
// may come and go while a migration runs.
func (c *catalog) begin(ctx context.Context) error {
	schema, err := c.fresh(ctx)
	if err != nil || c.file == nil || len(schema.Models) > 0 {
		return err
	}
	err = errors.New("expected a model whose table is in the database, found none in the schema")
	if problems := *c.problems.Load(); len(problems) > 0 {
		err = fmt.Errorf("%w\nnothing of the schema is in the database: apply its migrations first, or correct the database URL or the schema", problems)
	}
	return &SchemaError{c.path, err}
}

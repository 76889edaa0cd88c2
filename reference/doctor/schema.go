package doctor

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/prisma/psl"
)

// askSchema reads the Prisma schema, where one is named, and what the database has
// for it.
func (f *facts) askSchema(ctx context.Context, conn *pgx.Conn) {
	if f.options.Schema == "" {
		return
	}
	f.file, f.odd, f.misread = psl.Read(f.options.Schema)
	err := asking(ctx, conn, func(ctx context.Context, tx pgx.Tx) (err error) {
		f.models, err = prisma.Introspect(ctx, tx)
		return err
	})
	if err != nil {
		f.unasked = append(f.unasked, err)
	}
}

func schemaFile(f *facts) []Finding {
	if f.options.Schema == "" {
		return nil
	}
	if f.misread == nil {
		return append(finding(OK, "the Prisma schema %s is read", f.options.Schema), told(Warning, f.odd)...)
	}
	var mistakes psl.Problems
	if errors.As(f.misread, &mistakes) {
		return told(Error, mistakes)
	}
	return finding(Error, "%v", f.misread)
}

func schemaFit(f *facts) []Finding {
	if f.file == nil || f.models == nil {
		return nil
	}
	fitted, problems := f.models.Fit(f.file)
	found := told(Warning, problems)
	if len(fitted.Models) == 0 {
		return append(finding(Error, "nothing of the Prisma schema is in the database: apply its migrations first, or correct the database URL or the schema"), found...)
	}
	return append(finding(OK, "%s of the Prisma schema in the database", counted(len(fitted.Models), "model")), found...)
}

// told are problems of a schema, each with its place.
func told(s Severity, problems psl.Problems) []Finding {
	var all []Finding
	for _, p := range problems {
		all = append(all, finding(s, "%s", p.Error())...)
	}
	return all
}

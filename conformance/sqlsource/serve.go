package sqlsource

import (
	"context"
	"errors"
	"fmt"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// Serve makes ready the database of the target that the options name, where they name
// one: it makes the tables, lets smoke see whether it is the target's, and gives a target
// without Accelerate a source of rows.
func Serve(ctx context.Context, o *conformance.Options) (stop func(context.Context) error, err error) {
	if !o.Target.Named() || o.DatabaseURL == "" {
		return func(context.Context) error { return nil }, nil
	}
	s, err := Start(ctx, o.DatabaseURL, o.Target.APIKey)
	if err != nil {
		return nil, fmt.Errorf("--database-url: %w", err)
	}
	var version string
	if err := s.pool.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return nil, errors.Join(fmt.Errorf("--database-url: asking for the version: %w", err), s.Stop(ctx))
	}
	o.DatabaseVersion = "PostgreSQL " + version
	o.HasAccount = s.hasAccount
	if o.Target.AccelerateURL == "" {
		o.Target.AccelerateURL, o.RowsBySQL = s.URL, true
	}
	return s.Stop, nil
}

// hasAccount tells whether there is a row of the model Account with this email.
func (s *Source) hasAccount(ctx context.Context, email string) (has bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM "Account" WHERE email = $1)`, email).Scan(&has)
	return has, err
}

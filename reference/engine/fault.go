package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Fault is a query that failed for what the service or its database is or allows,
// not for what was asked.
type Fault struct {
	// Code is Accelerate's, such as P6004.
	Code    string
	Message string
}

// Error is the message.
func (f *Fault) Error() string { return f.Message }

// The codes of faults, as Prisma documents them.
const (
	QueryTimeout = "P6004"
	Connection   = "P6008"
	ResponseSize = "P6009"
)

// timedOut is the fault of a query whose time is up, nil while it is not.
// consequence tells what became of what it was to change.
func timedOut(ctx context.Context, limit time.Duration, consequence string) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil
	}
	return &Fault{QueryTimeout, fmt.Sprintf("The query took longer than %s, the wait for a connection included. %s", limit, consequence)}
}

// tooLarge is the fault of an answer of more bytes than it may have.
func tooLarge(limit int) *Fault {
	said := fmt.Sprintf("%d bytes", limit)
	if limit%(1<<20) == 0 {
		said = fmt.Sprintf("%d MiB", limit>>20)
	}
	return &Fault{ResponseSize, "The result is larger than " + said + ": ask for fewer records with take, or for fewer fields. " + unchanged}
}

// What became of what a failed query was to change.
const (
	unchanged = "Nothing was changed."
	unknown   = "Whether a mutation took effect is not known."
)

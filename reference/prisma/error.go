package prisma

import "fmt"

// Error is a query that was understood as a request and failed as a query: what
// Prisma Client throws as a PrismaClientKnownRequestError.
type Error struct {
	// Code is the query engine's, such as P2002; "" where it has none.
	Code    string
	Message string
	// Meta are the details that belong to the code.
	Meta map[string]any
}

// NewError makes an error of the query engine's code, see [Error].
func NewError(code, message string, meta map[string]any) *Error {
	return &Error{Code: code, Message: message, Meta: meta}
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Invalid is a query that does not fit the schema or is not understood, P2009. path
// leads to the place, such as findManyUser.where.email, or is a line and a column.
func Invalid(path, format string, args ...any) error {
	reason := fmt.Sprintf(format, args...)
	return &Error{
		Code:    "P2009",
		Message: fmt.Sprintf("Invalid query at %s: %s", path, reason),
		Meta:    map[string]any{"query_validation_error": reason, "query_position": path},
	}
}

// Missing is a value that the query must have and has not, P2012.
func Missing(path string) error {
	return &Error{
		Code:    "P2012",
		Message: fmt.Sprintf("A required value is missing at %s", path),
		Meta:    map[string]any{"path": path},
	}
}

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
// leads to the place, such as findManyUser.where.email.
func Invalid(path, format string, args ...any) error {
	return InvalidAt(path, 0, 0, format, args...)
}

// InvalidAt is Invalid with the line and column in the query, from 1, where the path
// leads to; 0 where they are not known.
func InvalidAt(path string, line, column int, format string, args ...any) error {
	return invalid(path+place(line, column), path, fmt.Sprintf(format, args...)).at(line, column)
}

// Unreadable is text that is no query, P2009, at a line and column of it, from 1.
func Unreadable(line, column int, format string, args ...any) error {
	return invalid(
		fmt.Sprintf("line %d, column %d", line, column),
		fmt.Sprintf("%d:%d", line, column), fmt.Sprintf(format, args...),
	).at(line, column)
}

func invalid(shown, position, reason string) *Error {
	return &Error{
		Code:    "P2009",
		Message: fmt.Sprintf("Invalid query at %s: %s", shown, reason),
		Meta:    map[string]any{"query_validation_error": reason, "query_position": position},
	}
}

// MissingAt is a value that the query must have and has not, P2012, with the place of what
// it is missing in, as for [InvalidAt], and the types that are expected, "" where that is
// not known.
func MissingAt(path string, line, column int, expected string) error {
	message := fmt.Sprintf("A required value is missing at %s%s", path, place(line, column))
	if expected != "" {
		message += ": expected " + expected
	}
	e := &Error{Code: "P2012", Message: message, Meta: map[string]any{"path": path}}
	return e.at(line, column)
}

func place(line, column int) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprintf(" (line %d, column %d)", line, column)
}

func (e *Error) at(line, column int) *Error {
	if line > 0 {
		e.Meta["line"], e.Meta["column"] = line, column
	}
	return e
}

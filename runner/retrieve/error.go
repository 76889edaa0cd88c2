package retrieve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// Reason is the kind of a failure; the set is closed.
type Reason string

// The reasons why a document was not retrieved.
const (
	// NotFound: there is no such file, or the server answered 404 or 410. The
	// error is then an [fs.ErrNotExist] too.
	NotFound Reason = "not-found"
	// Forbidden: the scope does not reach that far.
	Forbidden Reason = "forbidden"
	// Invalid: the text is no URI, or none that leads to a document.
	Invalid Reason = "invalid"
	// Offline: nothing is retrieved offline, and no copy is kept.
	Offline Reason = "offline"
	// Unreachable: no answer, or not a whole one.
	Unreachable Reason = "unreachable"
	// Untrusted: the server's certificate or its TLS cannot be trusted.
	Untrusted Reason = "untrusted"
	// Timeout: it took longer than [Options].Timeout.
	Timeout Reason = "timeout"
	// Interrupted: the caller's context ended.
	Interrupted Reason = "interrupted"
	// Redirects: too many, or one to nowhere.
	Redirects Reason = "redirects"
	// Refused: the server answered anything but 200.
	Refused Reason = "refused"
	// TooLarge: more than [Options].MaxBytes.
	TooLarge Reason = "too-large"
	// Unreadable: the file cannot be read, or what came is no text in UTF-8.
	Unreadable Reason = "unreadable"
)

// Error says why a document was not retrieved.
type Error struct {
	Reason Reason
	// Message is a clause without the document's address: "the server answered
	// 502 Bad Gateway".
	Message string
	// Fix is the next move; it may be empty.
	Fix   string
	cause error
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the error underneath, which may name addresses.
func (e *Error) Unwrap() error { return e.cause }

// fail makes an error. Its texts may hold what a server or a document wrote, which
// must not write to a terminal.
func fail(reason Reason, message, fix string, cause error) *Error {
	return &Error{Reason: reason, Message: strings.Map(printable, message), Fix: strings.Map(printable, fix), cause: cause}
}

func interrupted(ctx context.Context) *Error {
	return fail(Interrupted, "the retrieval was interrupted", "", ctx.Err())
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// answered explains a status that brings no document.
func answered(response *http.Response) *Error {
	message := strings.TrimSpace(fmt.Sprintf("the server answered %d %s", response.StatusCode, http.StatusText(response.StatusCode)))
	switch response.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return fail(NotFound, message, "", fs.ErrNotExist)
	case http.StatusUnauthorized, http.StatusForbidden:
		return fail(Refused, message, "download it with your credentials, and name the file instead", nil)
	default:
		return fail(Refused, message, "", nil)
	}
}

// withoutPath drops the path that the os package puts into its errors: who
// reports the error names it already.
func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

var (
	userinfo = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*:)?[/\\]{2}[^/\\?#]*@`)
	})
	// secretQuery matches query parameters that carry a credential by the looks of
	// their names; the value follows.
	secretQuery = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)([?&][^=&#]*(?:token|key|secret|passw|auth|sig|credential|session|jwt)[^=&#]*=)[^&#]+`)
	})
)

// Shown is the location as it may be printed: user information and the values
// of query parameters that look like credentials are replaced by ***. Anything
// else, a path for example, is left as it is.
func Shown(location string) string {
	return secretQuery().ReplaceAllString(userinfo().ReplaceAllString(location, "${1}//***@"), "${1}***")
}

package pulse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// maxBody bounds a request's body. A filter is a few kilobytes at most.
const maxBody = 1 << 20

// readObject reads a request's JSON object, whatever its media type is called:
// real clients differ in that.
func (s *Service) readObject(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, *problem) {
	data, err := readBody(w, r, s.bodyWait)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &problem{
			status: http.StatusRequestEntityTooLarge, code: codeBodyTooLarge,
			message: fmt.Sprintf("The body is larger than %d bytes.", maxBody),
		}
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, invalid("The body did not arrive within %s.", s.bodyWait)
	case err != nil:
		return nil, invalid("The body could not be read to its end.")
	}
	members, err := jsonhttp.Object(data)
	if err != nil {
		return nil, invalid("The body: %v.", err)
	}
	return members, nil
}

// bodyWait bounds how long a body may take to arrive.
const bodyWait = 30 * time.Second

// readBody reads a body whole, as long as it does not go on for ever, in bytes or in
// time.
func readBody(w http.ResponseWriter, r *http.Request, within time.Duration) ([]byte, error) {
	conn := http.NewResponseController(w)
	if err := optional(conn.SetReadDeadline(time.Now().Add(within))); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	// A deadline that passed later on would end the request's context.
	return data, optional(conn.SetReadDeadline(time.Time{}))
}

// text reads the member of that name, which must be a string.
func text(members map[string]json.RawMessage, name string) (string, *problem) {
	raw, given := members[name]
	if !given {
		return "", invalid("%s is missing: expected a string.", name)
	}
	var s string
	if kind := jsonhttp.Kind(raw); kind != "a string" || json.Unmarshal(raw, &s) != nil {
		return "", invalid("%s: expected a string, found %s.", name, kind)
	}
	return s, nil
}

package pulse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// maxBody bounds a request's body. A filter is a few kilobytes at most.
const maxBody = 1 << 20

// readObject reads a request's JSON object, whatever its media type is called:
// real clients differ in that.
func readObject(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, *problem) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &problem{
			status: http.StatusRequestEntityTooLarge, code: codeBodyTooLarge,
			message: fmt.Sprintf("The body is larger than %d bytes.", maxBody),
		}
	}
	if err != nil {
		return nil, invalid("The body could not be read to its end.")
	}
	members, err := jsonhttp.Object(data)
	if err != nil {
		return nil, invalid("The body: %v.", err)
	}
	return members, nil
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

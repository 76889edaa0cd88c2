package pulse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
)

// maxBody bounds a request's body. A filter is a few kilobytes at most.
const maxBody = 1 << 20

// bodyWait bounds the time to send a body: a megabyte in ten seconds is slower
// than any network worth the name.
const bodyWait = 10 * time.Second

// readObject reads a request's JSON object, whatever its media type is called:
// real clients differ in that.
func readObject(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, *problem) {
	conn := http.NewResponseController(w)
	// Where there is no connection, as in a test, there is nothing to bound.
	_ = conn.SetReadDeadline(time.Now().Add(bodyWait))
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	_ = conn.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &problem{
			status: http.StatusRequestEntityTooLarge, code: codeBodyTooLarge,
			message: fmt.Sprintf("The body is larger than %d bytes.", maxBody),
		}
	}
	if err != nil {
		return nil, invalid("The body could not be read: %v", err)
	}
	if !utf8.Valid(data) {
		return nil, invalid("The body is not UTF-8.")
	}
	members, err := object(data, "The body")
	if err != nil {
		return nil, invalid("%v", err)
	}
	return members, nil
}

// object reads a JSON object member by member: exact names, which encoding/json
// does not insist on for structs. what names it in the error.
func object(data []byte, what string) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	err := json.Unmarshal(data, &members)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		line, column := place(data, syntax.Offset)
		return nil, fmt.Errorf("%s is not valid JSON at line %d, column %d: %w", what, line, column, err)
	case err != nil, members == nil:
		return nil, fmt.Errorf("%s: expected a JSON object, got %s", what, kind(data))
	}
	return members, nil
}

// place is the line and column of the byte that a syntax error stopped at.
func place(data []byte, offset int64) (line, column int) {
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// kind is the type of a valid JSON value, in JSON's word.
func kind(data []byte) string {
	switch first := bytes.TrimLeft(data, " \t\r\n"); first[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

// text reads the member of that name, which must be a string.
func text(members map[string]json.RawMessage, name string) (string, *problem) {
	raw, given := members[name]
	if !given {
		return "", invalid("%s is missing; it must be a string.", name)
	}
	var s string
	if k := kind(raw); k != "a string" {
		return "", invalid("%s must be a string, not %s.", name, k)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", invalid("%s: %v", name, err)
	}
	return s, nil
}

func sortedKeys(members map[string]json.RawMessage) []string {
	return slices.Sorted(maps.Keys(members))
}

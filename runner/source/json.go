package source

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// errSeveralValues is the error of a text with something after its JSON value.
var errSeveralValues = errors.New("there is more after the JSON value")

// DecodeJSON reads a text that is one JSON value, as [Value.Data] has them:
// numbers keep every digit.
func DecodeJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errSeveralValues
	}
	return value, nil
}

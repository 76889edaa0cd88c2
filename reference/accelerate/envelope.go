package accelerate

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"sync"

	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// envelope is QueryRequest, the body around a query.
type envelope struct {
	query     string
	variables map[string]any
}

// readEnvelope reads a body and refuses one that does not fit the OpenAPI
// document. Members that it does not know are left alone, as the document
// allows; variables and extensions may be null.
func readEnvelope(body []byte) (*envelope, error) {
	members, err := jsonhttp.Object(body)
	if err != nil {
		return nil, badRequest("The body: %s.", err)
	}
	e := &envelope{}
	query, ok := members["query"]
	if !ok {
		return nil, badRequest("/query is missing: expected a string with a GraphQL document.")
	}
	if kind := jsonhttp.Kind(query); kind != "a string" || json.Unmarshal(query, &e.query) != nil {
		return nil, badRequest("/query: expected a string with a GraphQL document, found %s.", kind)
	}
	if e.variables, err = object("/variables", members["variables"]); err != nil {
		return nil, err
	}
	if err := checkExtensions(members["extensions"]); err != nil {
		return nil, err
	}
	return e, nil
}

// object reads a member that is an object, null or absent.
func object(path string, raw json.RawMessage) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	// Numbers keep their digits: a BigInt does not fit a float64.
	decoder.UseNumber()
	var members map[string]any
	if err := decoder.Decode(&members); err != nil {
		return nil, badRequest("%s: expected an object, found %s.", path, jsonhttp.Kind(raw))
	}
	return members, nil
}

func checkExtensions(raw json.RawMessage) error {
	extensions, err := object("/extensions", raw)
	if err != nil {
		return err
	}
	const path = "/extensions/cacheStrategy"
	switch strategy := extensions["cacheStrategy"].(type) {
	case nil:
		return nil
	case map[string]any:
		return checkStrategy(path, strategy)
	default:
		return badRequest("%s: expected an object, found %s.", path, prisma.Describe(strategy))
	}
}

// checkStrategy refuses a CacheStrategy that does not fit the OpenAPI document.
// One tag given twice is one tag.
func checkStrategy(path string, strategy map[string]any) error {
	for _, name := range []string{"ttl", "swr"} {
		if seconds, ok := strategy[name]; ok && !isSeconds(seconds) {
			return badRequest("%s/%s: expected a whole number of seconds, 1 or more, found %s.", path, name, prisma.Describe(seconds))
		}
	}
	given, ok := strategy["tags"]
	if !ok {
		return nil
	}
	tags, ok := given.([]any)
	if !ok {
		return badRequest("%s/tags: expected a list of tags, found %s.", path, prisma.Describe(given))
	}
	if len(tags) > maxTags {
		return badRequest("%s/tags: expected at most %d tags, found %d.", path, maxTags, len(tags))
	}
	for i, given := range tags {
		if tag, ok := given.(string); !ok || !tagPattern().MatchString(tag) {
			return badRequest("%s/tags/%d: expected 1 to 64 letters, digits and underscores, found %s.", path, i, prisma.Describe(given))
		}
	}
	return nil
}

// maxTags is the OpenAPI document's, as is tagPattern.
const maxTags = 5

var tagPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-zA-Z0-9_]{1,64}$`)
})

// isSeconds reports whether value is an integer of 1 or more; JSON Schema counts
// 60.0 as one.
func isSeconds(value any) bool {
	number, ok := value.(json.Number)
	if !ok {
		return false
	}
	seconds, err := number.Float64()
	return err == nil && seconds >= 1 && seconds == math.Trunc(seconds)
}

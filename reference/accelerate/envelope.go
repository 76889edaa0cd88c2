package accelerate

import (
	"bytes"
	"encoding/json"

	"github.com/arazzo-conformance/arazzo/reference/cache"
	"github.com/arazzo-conformance/arazzo/reference/jsonhttp"
)

// envelope is QueryRequest, the body around a query.
type envelope struct {
	query     string
	variables map[string]any
	// strategy is nil where the body has none.
	strategy *cache.Strategy
	// batch is set in place of a query where there are several.
	batch *batch
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
	if _, ok := members["batch"]; ok {
		e.batch, err = readBatch(members)
	} else {
		err = e.readQuery("", members)
	}
	if err != nil {
		return nil, err
	}
	if e.strategy, err = bodyStrategy(members["extensions"]); err != nil {
		return nil, err
	}
	return e, nil
}

// readQuery reads a query and its variables; path leads to the object that they are
// members of.
func (e *envelope) readQuery(path string, members map[string]json.RawMessage) error {
	query, ok := members["query"]
	if !ok {
		return badRequest("%s/query is missing: expected a string with a GraphQL document.", path)
	}
	kind := jsonhttp.Kind(query)
	if _, ok := members["action"]; ok && kind == "an object" {
		return badRequest("%s/query: expected a string with a GraphQL document, as Prisma 4 sends it; found an object, as Prisma 5 and later send it.", path)
	}
	if kind != "a string" || json.Unmarshal(query, &e.query) != nil {
		return badRequest("%s/query: expected a string with a GraphQL document, found %s.", path, kind)
	}
	var err error
	e.variables, err = object(path+"/variables", members["variables"])
	return err
}

// object reads a member that is an object, null or absent.
func object(path string, raw json.RawMessage) (map[string]any, error) {
	if raw == nil || string(raw) == "{}" { // as Prisma Client 4 always sends it
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

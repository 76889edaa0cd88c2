package pulse

import (
	"reflect"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/filter"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// judge says which events a connection gets. It follows the schema while the
// connection lasts: a column that is renamed, or of another type, must not make a
// filter pass events over in silence. It is used by one goroutine.
type judge struct {
	stream *namedStream
	// filter is fitted to model as schema has it.
	filter *filter.Filter
	model  *prisma.Model
	schema *prisma.Schema
}

// follow fits the filter to a schema. The reason why it cannot is empty where it can.
func (j *judge) follow(schema *prisma.Schema) (reason string) {
	if schema == j.schema {
		return ""
	}
	model, _ := schema.Model(j.stream.Model)
	if j.model == nil || !reflect.DeepEqual(model, j.model) {
		if j.filter, reason = j.stream.fit(schema); reason != "" {
			return reason
		}
	}
	j.model, j.schema = model, schema
	return ""
}

// wants reports whether the connection gets an event.
func (j *judge) wants(e event.Event) bool {
	return j.filter.Wants(string(e.Action), e.Model, e.Body)
}

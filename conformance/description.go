package conformance

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/specs"
)

// descriptionSuffix ends the names of the OpenAPI documents beside the cases.
const descriptionSuffix = "-openapi.yml"

// The OpenAPI documents for requests that the published ones do not allow: the same
// operations and responses, and some more, without security and with any body. A
// test derives them, see hostile_test.go.
const (
	pulseHostile      = "pulse-hostile" + descriptionSuffix
	accelerateHostile = "accelerate-hostile" + descriptionSuffix
)

// anyEvent is how the Pulse description says what an event is: by the members that
// all have. A discriminator changes no verdict (OpenAPI 3.1.1, section 4.8.25), so
// that an event without its row would be as the document says.
const anyEvent = "$ref: '#/components/schemas/PulseEvent'\n"

// eventByAction says the same and what the discriminator means, on the same line.
var eventByAction = "allOf: [{$ref: '#/components/schemas/PulseEvent'}, " +
	byAction("create", "PulseCreateEvent") + ", " + byAction("update", "PulseUpdateEvent") + ", " + byAction("delete", "PulseDeleteEvent") + "]\n"

func byAction(action, schema string) string {
	return "{if: {properties: {action: {const: " + action + "}}}, then: {$ref: '#/components/schemas/" + schema + "'}}"
}

// judgedByAction is a Pulse description whose operations answer events that are
// judged by their actions. Its components stay as they are: the kinds of events are
// made of the common one.
func judgedByAction(description string) string {
	paths, components, _ := strings.Cut(description, "\ncomponents:\n")
	return strings.ReplaceAll(paths, anyEvent, eventByAction) + "\ncomponents:\n" + components
}

// apis bind the target to every source that names one of the descriptions.
func (t Target) apis() []runner.API {
	hostile := func(file string) string {
		text, _ := documents.ReadFile("cases/" + file) // it is embedded
		return string(text)
	}
	return []runner.API{
		{File: specs.PulseFile, Description: judgedByAction(specs.Pulse), Server: t.PulseURL},
		{File: specs.AccelerateFile, Description: specs.Accelerate, Server: t.AccelerateURL},
		{File: pulseHostile, Description: judgedByAction(hostile(pulseHostile)), Server: t.PulseURL},
		{File: accelerateHostile, Description: hostile(accelerateHostile), Server: t.AccelerateURL},
	}
}

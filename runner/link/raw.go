package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// rawExtension has the text of a body sent as it stands, whatever the content type
// asks of one: so a test sends what is no JSON to an API that takes JSON.
const rawExtension = "x-raw"

// isRaw reads the extension x-raw of a request body. Where it is true the payload has
// to be a text, as a whole or by its one expression, with nothing to replace in it.
func (at *site) isRaw(given *arazzo.RequestBody) bool {
	v := given.Extension(rawExtension)
	if v == nil {
		at.otherBodyExtensions(given)
		return false
	}
	raw, isBoolean := v.Scalar.(bool)
	switch {
	case !isBoolean:
		at.wrongRaw(v.Position, rawExtension+" is neither true nor false")
	case !raw:
	case given.Payload == nil:
		at.wrongRaw(v.Position, rawExtension+" has no payload to send")
	case given.Payload.Kind != source.String:
		at.wrongRaw(given.Payload.Position, fmt.Sprintf("%s sends a text as it stands, and the payload is of type %s", rawExtension, given.Payload.Kind))
	case len(given.Replacements) > 0:
		at.wrongRaw(given.At("replacements"), rawExtension+" sends a text as it stands: nothing in it can be replaced")
	}
	return raw || !isBoolean // what else is wrong with it is then not said
}

func (at *site) wrongRaw(place source.Position, message string) {
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: place, Message: message, Expected: "x-raw: true beside a payload that is a text, and no replacements",
	})
}

// otherBodyExtensions warns of an extension that may be a misspelt x-raw.
func (at *site) otherBodyExtensions(given *arazzo.RequestBody) {
	for _, m := range given.Extensions() {
		if fix := at.didYouMean(m.Key, []string{rawExtension}); fix != "" {
			at.report(&source.Diagnostic{
				Code: "arazzo/unknown-extension", Severity: source.Warning, Position: m.Position,
				Message: fmt.Sprintf("the extension %s means nothing to this runner", m.Key), Fix: fix,
			})
		}
	}
}

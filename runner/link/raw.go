package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// rawExtension has the text of a body sent as it stands, whatever the content type
// asks of one: so a test sends what is no JSON to an API that takes JSON.
const rawExtension = "x-raw"

// rawBytes is the value of x-raw that has each character of the text sent as the byte
// of its number: so a test sends what is no UTF-8, and still writes its inputs into it.
const rawBytes = "bytes"

// isRaw reads the extension x-raw of a request body. Where it is true, or bytes, the
// payload has to be a text, as a whole or by its one expression, with nothing to replace
// in it.
func (at *site) isRaw(given *arazzo.RequestBody) (raw, bytes bool) {
	v := given.Extension(rawExtension)
	if v == nil {
		at.otherBodyExtensions(given)
		return false, false
	}
	raw, isBoolean := v.Scalar.(bool)
	bytes = v.Scalar == rawBytes
	raw = raw || bytes
	switch {
	case !isBoolean && !bytes:
		at.wrongRaw(v.Position, rawExtension+" is none of true, false and "+rawBytes)
	case !raw:
	case given.Payload == nil:
		at.wrongRaw(v.Position, rawExtension+" has no payload to send")
	case given.Payload.Kind != source.String:
		at.wrongRaw(given.Payload.Position, fmt.Sprintf("%s sends a text as it stands, and the payload is of type %s", rawExtension, given.Payload.Kind))
	case len(given.Replacements) > 0:
		at.wrongRaw(given.At("replacements"), rawExtension+" sends a text as it stands: nothing in it can be replaced")
	}
	return raw || !isBoolean, bytes // what else is wrong with it is then not said
}

// characters judges a constant text of which each character is to be a byte.
func (at *site) characters(given *arazzo.RequestBody) {
	body := at.step.Body
	if !body.Bytes || body.Payload == nil || given.Payload.Kind != source.String || !body.Payload.isConstant() {
		return
	}
	if _, err := at.step.Content(body.ContentType).Write(given.Payload.Scalar); err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: given.Payload.Position, Message: err.Error(),
			Expected: "characters from U+0000 to U+00FF", Fix: "write the bytes that the text has in UTF-8 one by one, or x-raw: true",
		})
	}
}

func (at *site) wrongRaw(place source.Position, message string) {
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: place, Message: message, Expected: "x-raw: true, or bytes, beside a payload that is a text, and no replacements",
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

package link

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// backgroundExtension lets the steps after one run while its exchange goes on.
const backgroundExtension = "x-background"

// background reads the extension x-background of a step; the member of that name in
// x-sse says the same of a step that reads a stream. A step that sends no request could
// not do it: what its author means to happen side by side would happen in turn.
func (at *site) background() bool {
	v := at.step.Extension(backgroundExtension)
	if v == nil {
		return at.step.Stream.background && !at.callsNoOperation()
	}
	background, isBoolean := v.Scalar.(bool)
	switch {
	case !isBoolean:
		at.wrongBackground(v, backgroundExtension+" is neither true nor false", "")
	case background && at.callsNoOperation():
		at.wrongBackground(v, fmt.Sprintf("the step %q sends no request that could be answered while others run", at.step.StepID),
			"give it to steps of the workflow that is called, or remove it")
	case !background && at.step.Stream.background:
		at.wrongBackground(v, backgroundExtension+" contradicts x-sse, which has background: true", "remove one of them")
	}
	return background && !at.callsNoOperation()
}

func (at *site) wrongBackground(v *source.Value, message, fix string) {
	at.report(&source.Diagnostic{
		Code: "arazzo/wrong-value", Position: v.Position, Message: message,
		Expected: backgroundExtension + ": true on a step that calls an HTTP operation", Fix: fix,
	})
}

// callsNoOperation tells whether the step calls a workflow, or is about a message.
func (at *site) callsNoOperation() bool {
	return at.step.WorkflowID != "" || at.step.ChannelPath != "" || at.step.Message != nil
}

// otherExtensions warns of an extension that may be a misspelt one of ours. Others are
// no business of this runner.
func (at *site) otherExtensions() {
	var missing []string
	for _, name := range []string{streamExtension, backgroundExtension} {
		if at.step.Extension(name) == nil {
			missing = append(missing, name)
		}
	}
	for _, m := range at.step.Extensions() {
		if fix := at.didYouMean(m.Key, missing); fix != "" {
			at.report(&source.Diagnostic{
				Code: "arazzo/unknown-extension", Severity: source.Warning, Position: m.Position,
				Message: fmt.Sprintf("the extension %s means nothing to this runner", m.Key), Fix: fix,
			})
		}
	}
}

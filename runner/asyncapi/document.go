package asyncapi

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Document is an indexed AsyncAPI description. It is never changed after [Load],
// so any number of goroutines may use it.
type Document struct {
	// Version is the value of the asyncapi field, such as "3.0.0".
	Version string

	root       *source.Value
	channels   []*Channel
	operations []*Operation
}

// Channel is an entry of the document's channels.
type Channel struct {
	// Name is its key. In AsyncAPI 2 that is the address too.
	Name string
	// Address is where messages go, such as a topic, with its parameters in braces.
	// It is empty where AsyncAPI 3 leaves it unknown.
	Address string
	// Position is the place of the key.
	Position source.Position
}

// Action is what the described application does on a channel.
type Action string

// The actions of AsyncAPI 3, which are the values of a step's action too.
const (
	Send    Action = "send"
	Receive Action = "receive"
)

// Operation is something that the application does.
type Operation struct {
	// ID is the key in AsyncAPI 3, and the operationId in AsyncAPI 2.
	ID string
	// Action is empty where the document says none that there is.
	Action Action
	// Channel is nil where the document's reference leads nowhere, or into another
	// file.
	Channel *Channel
	// Reply is true when the application answers: AsyncAPI 3 alone has that.
	Reply bool
	// Position is the place of the ID.
	Position source.Position
}

// Allows tells whether a step with this action can be the other side of the
// operation: one sends what the other receives. With a reply, a step may do
// either; of an operation without an action nothing is known.
func (o *Operation) Allows(step Action) bool {
	return o.Action != step || o.Reply
}

// supported matches the versions this package reads.
var supported = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[23]\.\d+\.\d+(-.+)?$`)
})

// Load parses and indexes a description in YAML or JSON. The document is nil
// exactly when an error is among the diagnostics: text that is not YAML, or not
// an AsyncAPI description of a version that is read. Warnings tell of damage in
// channels and operations. The text may have [source.MaxBytes] at the most.
func Load(file *source.File) (*Document, source.Diagnostics) {
	root, err := source.Parse(file)
	if err != nil {
		return nil, source.Of(err)
	}
	d := &Document{root: root}
	if problem := d.identify(); problem != nil {
		return nil, source.Diagnostics{problem}
	}
	s := scanner{document: d}
	s.scan()
	return d, s.found
}

// identify reads the version, and names what else the document is.
func (d *Document) identify() *source.Diagnostic {
	const expected = `an AsyncAPI description: an object that starts with "asyncapi: 3.0.0" or "asyncapi: 2.6.0"`
	version := d.root.Get("asyncapi")
	if version == nil {
		found := "the source has no asyncapi field"
		for _, kind := range []struct{ field, name string }{{"openapi", "OpenAPI"}, {"swagger", "Swagger"}, {"arazzo", "Arazzo"}} {
			if d.root.Get(kind.field) != nil {
				found = fmt.Sprintf("the source is of %s, not of AsyncAPI", kind.name)
			}
		}
		return &source.Diagnostic{
			Code: "arazzo/not-asyncapi", Severity: source.Error, Position: d.root.Position, Message: found,
			Expected: expected, Fix: "correct the source description's url or type, or give the right file with --source NAME=PATH",
		}
	}
	d.Version = fmt.Sprint(version.Data())
	if _, ok := version.Text(); ok && supported().MatchString(d.Version) {
		return nil
	}
	return &source.Diagnostic{
		Code: "arazzo/unsupported-asyncapi", Severity: source.Error, Position: version.Position,
		Message:  fmt.Sprintf("the source is written in AsyncAPI %s, which cannot be read", d.Version),
		Expected: "AsyncAPI 2.x.y or 3.x.y, all three numbers", Fix: "convert the description to AsyncAPI 3.0.0 and give that file with --source NAME=PATH",
	}
}

// Channels lists the channels in document order.
func (d *Document) Channels() []*Channel { return d.channels }

// ChannelAt is the channel at a JSON Pointer such as "/channels/user~1signedup",
// the part of a channelPath behind '#'. Braces and other characters may be
// percent-encoded, as in any URI fragment (RFC 6901, section 6). It is nil when no
// channel stands there.
func (d *Document) ChannelAt(pointer string) *Channel {
	tokens := pointerTokens(pointer)
	if len(tokens) != 2 || tokens[0] != "channels" {
		return nil
	}
	for _, c := range d.channels {
		if c.Name == tokens[1] {
			return c
		}
	}
	return nil
}

// OperationIDs lists every operation's ID in document order, duplicates as often
// as they stand there.
func (d *Document) OperationIDs() []string {
	var ids []string
	for _, o := range d.operations {
		ids = append(ids, o.ID)
	}
	return ids
}

// Operation is the first operation with this ID, nil when there is none.
func (d *Document) Operation(id string) *Operation {
	for _, o := range d.operations {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// pointerTokens splits a JSON Pointer in its URI fragment form; of a text that is
// none nothing is left. A '%' that starts no escape stands for itself.
func pointerTokens(fragment string) []string {
	path, ok := strings.CutPrefix(fragment, "/")
	if !ok {
		return nil
	}
	tokens := strings.Split(path, "/")
	for i, token := range tokens {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
	}
	return tokens
}

package asyncapi

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// scanner makes the index, and collects what is damaged on the way.
type scanner struct {
	document *Document
	found    source.Diagnostics
	// byValue finds the channel that a reference leads to.
	byValue map[*source.Value]*Channel
}

func (s *scanner) scan() {
	s.byValue = map[*source.Value]*Channel{}
	second := strings.HasPrefix(s.document.Version, "2.")
	for _, m := range s.members(s.document.root, "channels") {
		c := &Channel{Name: m.Key, Position: m.Position}
		s.document.channels = append(s.document.channels, c)
		value := s.resolve(m.Value)
		// A reference may lead to the entry, or past it to what the entry refers to.
		s.byValue[m.Value], s.byValue[value] = c, c
		if second {
			c.Address = m.Key
			s.addOfChannel(c, value, "publish", Receive)
			s.addOfChannel(c, value, "subscribe", Send)
			continue
		}
		c.Address, _ = value.Get("address").Text()
	}
	if second {
		return
	}
	for _, m := range s.members(s.document.root, "operations") {
		s.addOperation(m)
	}
}

// addOfChannel reads an operation as AsyncAPI 2 has them: a field of its channel.
// Without an operationId no step can name it.
func (s *scanner) addOfChannel(c *Channel, channel *source.Value, field string, action Action) {
	value := channel.Get(field)
	if value == nil {
		return
	}
	id := s.resolve(value).Get("operationId")
	text, ok := id.Text()
	if !ok {
		return
	}
	if s.document.Operation(text) != nil {
		s.warn(id.Position, "arazzo/duplicate-operation-id", fmt.Sprintf("the operationId %q stands twice", text), "an operationId of its own for each operation")
	}
	s.document.operations = append(s.document.operations, &Operation{ID: text, Action: action, Channel: c, Position: id.Position})
}

// addOperation reads an operation as AsyncAPI 3 has them.
func (s *scanner) addOperation(m source.Member) {
	value := s.resolve(m.Value)
	o := &Operation{ID: m.Key, Position: m.Position, Reply: value.Get("reply") != nil}
	s.document.operations = append(s.document.operations, o)
	action, _ := value.Get("action").Text()
	if o.Action = Action(action); o.Action != Send && o.Action != Receive {
		o.Action = ""
		s.warn(m.Position, "arazzo/invalid-asyncapi", fmt.Sprintf("the operation %q has no action that there is", m.Key), "action: send or action: receive")
	}
	channel := value.Get("channel")
	if channel == nil {
		s.warn(m.Position, "arazzo/invalid-asyncapi", fmt.Sprintf("the operation %q has no channel", m.Key), "a reference to one of the channels")
		return
	}
	for range maxReferences {
		next, ok := s.follow(channel)
		if !ok {
			return
		}
		if o.Channel = s.byValue[next]; o.Channel != nil {
			return
		}
		channel = next
	}
}

// members lists the entries of an object of the root.
func (s *scanner) members(v *source.Value, field string) []source.Member {
	list := v.Get(field)
	if list == nil {
		return nil
	}
	if list.Kind != source.Object {
		s.warn(list.Position, "arazzo/invalid-asyncapi", fmt.Sprintf("%s is no object", field), "an object of "+field+" by their names")
	}
	return list.Members
}

// maxReferences bounds a chain of references, which may be a circle.
const maxReferences = 32

// resolve follows references to what they mean, as far as they lead.
func (s *scanner) resolve(v *source.Value) *source.Value {
	for range maxReferences {
		next, ok := s.follow(v)
		if !ok {
			return next
		}
		v = next
	}
	s.warn(v.Position, "arazzo/unresolved-reference", "the $ref leads back to itself", "a reference that ends somewhere")
	return nil
}

// follow takes one step, and tells whether there was one to take. What a
// reference into another file means is not known here, and not reported.
func (s *scanner) follow(v *source.Value) (*source.Value, bool) {
	reference, ok := v.Get("$ref").Text()
	if !ok {
		return v, false
	}
	fragment, local := strings.CutPrefix(reference, "#")
	if !local {
		return nil, false
	}
	next := s.document.root
	for _, token := range pointerTokens(fragment) {
		if next = child(next, token); next == nil {
			s.warn(v.Get("$ref").Position, "arazzo/unresolved-reference", fmt.Sprintf("nothing stands at %q", reference), "a reference to something in this document")
			return nil, false
		}
	}
	return next, true
}

func child(v *source.Value, token string) *source.Value {
	if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(v.Items) {
		return v.Items[i]
	}
	return v.Get(token)
}

func (s *scanner) warn(at source.Position, code, message, expected string) {
	s.found = append(s.found, &source.Diagnostic{
		Code: code, Severity: source.Warning, Position: at, Message: message, Expected: expected,
		Fix: "correct the AsyncAPI description; a step that needs this cannot be checked",
	})
}

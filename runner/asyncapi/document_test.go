package asyncapi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/asyncapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

const third = `asyncapi: 3.0.0
channels:
  orders: {address: 'orders.{region}'}
  user/signedup:
    $ref: '#/components/channels/signedUp'
  unknown: {address: null}
operations:
  placeOrder:
    action: receive
    channel: {$ref: '#/channels/orders'}
    reply: {channel: {$ref: '#/channels/unknown'}}
  announce:
    $ref: '#/components/operations/announce'
  elsewhere:
    action: send
    channel: {$ref: 'other.yml#/channels/orders'}
  past:
    action: send
    channel: {$ref: '#/components/channels/signedUp'}
components:
  channels:
    signedUp: {address: users}
  operations:
    announce:
      action: send
      channel: {$ref: '#/channels/user~1signedup'}
`

const second = `asyncapi: 2.6.0
channels:
  orders/{region}:
    publish: {operationId: placeOrder}
    subscribe: {operationId: orderPlaced}
  users:
    $ref: '#/components/channels/users'
  silent: {subscribe: {message: {}}}
components:
  channels:
    users: {publish: {operationId: signUp}}
`

// index is what is found in a description, a line for each channel and operation.
func index(d *asyncapi.Document) []string {
	if d == nil {
		return nil
	}
	lines := []string{d.Version}
	for _, c := range d.Channels() {
		lines = append(lines, fmt.Sprintf("%d:%d channel %s at %q", c.Position.Line, c.Position.Column, c.Name, c.Address))
	}
	for _, id := range d.OperationIDs() {
		o := d.Operation(id)
		line := fmt.Sprintf("%d:%d %s %s", o.Position.Line, o.Position.Column, o.ID, o.Action)
		if o.Channel != nil {
			line += " on " + o.Channel.Name
		}
		if o.Reply {
			line += " with a reply"
		}
		lines = append(lines, line)
	}
	return lines
}

func lines(found source.Diagnostics) []string {
	var list []string
	for _, d := range found {
		list = append(list, d.Error())
	}
	return list
}

// TestLoad is the table of descriptions, whole and damaged (S-070).
func TestLoad(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text  string
		want        []string
		diagnostics []string
	}{
		{"AsyncAPI 3", third, []string{
			"3.0.0",
			`3:3 channel orders at "orders.{region}"`,
			`4:3 channel user/signedup at "users"`,
			`6:3 channel unknown at ""`,
			"8:3 placeOrder receive on orders with a reply",
			"12:3 announce send on user/signedup",
			"14:3 elsewhere send",
			"17:3 past send on user/signedup",
		}, nil},
		{"AsyncAPI 2: publish is what the application receives", second, []string{
			"2.6.0",
			`3:3 channel orders/{region} at "orders/{region}"`,
			`6:3 channel users at "users"`,
			`8:3 channel silent at "silent"`,
			"4:28 placeOrder receive on orders/{region}",
			"5:30 orderPlaced send on orders/{region}",
			"11:36 signUp receive on users",
		}, nil},
		{"nothing but a version", `{"asyncapi": "3.1.0-beta"}`, []string{"3.1.0-beta"}, nil},
		{
			"damaged operations",
			"asyncapi: 3.0.0\nchannels:\n  a: {}\noperations:\n  b: {action: publish, channel: {$ref: '#/channels/a'}}\n  c: {action: send}\n" +
				"  d: {action: send, channel: {$ref: '#/channels/z'}}\n  e: {$ref: '#/operations/e'}\n  f: {action: send, channel: {$ref: '#/channels/g'}}\n",
			[]string{"3.0.0", `3:3 channel a at ""`, "5:3 b  on a", "6:3 c send", "7:3 d send", "8:3 e ", "9:3 f send"},
			[]string{
				`api.yml:5:3: warning[arazzo/invalid-asyncapi]: the operation "b" has no action that there is`,
				`api.yml:6:3: warning[arazzo/invalid-asyncapi]: the operation "c" has no channel`,
				`api.yml:7:37: warning[arazzo/unresolved-reference]: nothing stands at "#/channels/z"`,
				`api.yml:8:6: warning[arazzo/unresolved-reference]: the $ref leads back to itself`,
				`api.yml:8:3: warning[arazzo/invalid-asyncapi]: the operation "e" has no action that there is`,
				`api.yml:8:3: warning[arazzo/invalid-asyncapi]: the operation "e" has no channel`,
				`api.yml:9:37: warning[arazzo/unresolved-reference]: nothing stands at "#/channels/g"`,
			},
		},
		{
			"channels that are no object", "asyncapi: 3.0.0\nchannels: [a]\n",
			[]string{"3.0.0"},
			[]string{"api.yml:2:11: warning[arazzo/invalid-asyncapi]: channels is no object"},
		},
		{
			"an operationId that stands twice", "asyncapi: 2.0.0\nchannels:\n  a: {publish: {operationId: x}, subscribe: {operationId: x}}\n",
			[]string{"2.0.0", `3:3 channel a at "a"`, "3:30 x receive on a", "3:30 x receive on a"},
			[]string{`api.yml:3:59: warning[arazzo/duplicate-operation-id]: the operationId "x" stands twice`},
		},
		{"not YAML", "a: [\n", nil, []string{"api.yml:1:4: error[arazzo/yaml-syntax]: a value is missing here, or a bracket closes what is not open"}},
		{"a list", "[a]\n", nil, []string{"api.yml:1:1: error[arazzo/not-asyncapi]: the source has no asyncapi field"}},
		{"an OpenAPI description", "openapi: 3.1.0\n", nil, []string{"api.yml:1:1: error[arazzo/not-asyncapi]: the source is of OpenAPI, not of AsyncAPI"}},
		{"version 1", "asyncapi: '1.2.0'\n", nil, []string{"api.yml:1:11: error[arazzo/unsupported-asyncapi]: the source is written in AsyncAPI 1.2.0, which cannot be read"}},
		{"version without its last number", "asyncapi: 3.0\n", nil, []string{"api.yml:1:11: error[arazzo/unsupported-asyncapi]: the source is written in AsyncAPI 3.0, which cannot be read"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, found := asyncapi.Load(&source.File{Name: "api.yml", Text: test.text})
			if diff := cmp.Diff(test.want, index(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.diagnostics, lines(found)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if (d == nil) != found.Failed() {
				t.Errorf("a document %v with the diagnostics %v", d, found)
			}
		})
	}
}

// TestChannelAt is the table of pointers that a channelPath ends in (S-070).
func TestChannelAt(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, pointer, want string }{
		{"a name", third, "/channels/orders", "orders"},
		{"an escaped slash", third, "/channels/user~1signedup", "user/signedup"},
		{"a percent-encoded slash", third, "/channels/user%2Fsignedup", "user/signedup"},
		{"braces", second, "/channels/orders~1{region}", "orders/{region}"},
		{"percent-encoded braces", second, "/channels/orders~1%7Bregion%7D", "orders/{region}"},
		{"a name that is not there", third, "/channels/order", ""},
		{"an operation", third, "/operations/placeOrder", ""},
		{"something inside a channel", third, "/channels/orders/address", ""},
		{"no pointer", third, "orders", ""},
		{"nothing", third, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, _ := asyncapi.Load(&source.File{Name: "api.yml", Text: test.text})
			got := ""
			if c := d.ChannelAt(test.pointer); c != nil {
				got = c.Name
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestAllows is the table of steps that can be an operation's other side (S-071).
func TestAllows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		operation     asyncapi.Operation
		send, receive bool
	}{
		{"the application receives", asyncapi.Operation{Action: asyncapi.Receive}, true, false},
		{"the application sends", asyncapi.Operation{Action: asyncapi.Send}, false, true},
		{"the application answers", asyncapi.Operation{Action: asyncapi.Receive, Reply: true}, true, true},
		{"nothing is known", asyncapi.Operation{}, true, true},
	}
	for _, test := range tests {
		if send, receive := test.operation.Allows(asyncapi.Send), test.operation.Allows(asyncapi.Receive); send != test.send || receive != test.receive {
			t.Errorf("%s: send %v and receive %v, want %v and %v", test.name, send, receive, test.send, test.receive)
		}
	}
}

func TestNoSuchOperation(t *testing.T) {
	t.Parallel()
	d, _ := asyncapi.Load(&source.File{Name: "api.yml", Text: third})
	if o := d.Operation("placeorder"); o != nil {
		t.Errorf("got %v", o)
	}
}

// TestSpecificationExample reads the description of the specification's own
// repository.
func TestSpecificationExample(t *testing.T) {
	t.Parallel()
	name := filepath.Join("..", "..", "..", "shared", "corpus", "arazzo-examples", "1.1.0", "pet-asyncapi.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Skipf("the specification's documents are not beside the checkout, so they were not read: %v", err)
	}
	d, found := asyncapi.Load(&source.File{Name: "pet-asyncapi.yaml", Text: string(text)})
	want := []string{
		"3.0.0", `13:3 channel place-order at "place-order"`, `19:3 channel confirm-order at "confirm-order"`,
		"26:3 placeOrder receive on place-order with a reply",
	}
	if diff := cmp.Diff(want, index(d)); diff != "" || found != nil {
		t.Errorf("found %v (-want +got):\n%s", found, diff)
	}
}

// FuzzLoad holds that any text is either refused or indexed, and that what is
// listed is found.
func FuzzLoad(f *testing.F) {
	f.Add(third, "/channels/orders")
	f.Add(second, "/channels/%7")
	f.Add("asyncapi: 3.0.0\nchannels: {a: {$ref: '#/channels/b'}, b: {$ref: '#/channels/a'}}\noperations: {a: {channel: {$ref: '#/channels/a/0'}}}\n", "/")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		d, found := asyncapi.Load(&source.File{Name: "api.yml", Text: text})
		if (d == nil) != found.Failed() {
			t.Fatalf("a document %v with the diagnostics %v", d, found)
		}
		if d == nil {
			return
		}
		for _, id := range d.OperationIDs() {
			if d.Operation(id) == nil {
				t.Errorf("the operation %q is not found", id)
			}
		}
		d.ChannelAt(pointer)
	})
}

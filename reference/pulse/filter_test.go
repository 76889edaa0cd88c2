package pulse

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/event"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

var filterModel = &prisma.Model{Name: "User", Fields: []*prisma.Field{
	{Name: "s", Type: prisma.String},
	{Name: "b", Type: prisma.Boolean},
	{Name: "i", Type: prisma.Int},
	{Name: "big", Type: prisma.BigInt},
	{Name: "f", Type: prisma.Float},
	{Name: "d", Type: prisma.Decimal},
	{Name: "t", Type: prisma.DateTime},
	{Name: "x", Type: prisma.Bytes},
	{Name: "e", Type: prisma.EnumType, Enum: &prisma.Enum{Name: "E", Values: []string{"A", "B"}}},
	{Name: "j", Type: prisma.JSON},
	{Name: "l", Type: prisma.Int, List: true},
}}

func TestFilterSelects(t *testing.T) {
	t.Parallel()
	events := []event.Event{
		{Action: event.Create, Model: "User", Body: []byte(`{"created":{"s":"a","b":true,"i":1,"big":"5","f":0.5,"d":"1.5","t":"2024-01-01T00:00:00.123Z","x":"AP8=","e":"A"}}`)},
		{Action: event.Update, Model: "User", Body: []byte(`{"before":{"s":"x"},"after":{"s":null,"i":1}}`)},
		{Action: event.Delete, Model: "User", Body: []byte(`{"deleted":{"i":1}}`)},
		{Action: event.Create, Model: "Other", Body: []byte(`{"created":{"s":"a"}}`)},
	}
	for name, tt := range map[string]struct{ filter, want string }{
		"none":                       {``, "create update delete "},
		"empty":                      {`{}`, "create update delete "},
		"one action":                 {`{"create":{}}`, "create "},
		"a union":                    {`{"create":{},"delete":{}}`, "create delete "},
		"update without after":       {`{"update":{}}`, "update "},
		"a bare value":               {`{"create":{"s":"a"}}`, "create "},
		"equals":                     {`{"create":{"s":{"equals":"a"}}}`, "create "},
		"a tagged value":             {`{"create":{"big":{"$type":"BigInt","value":"5"}}}`, "create "},
		"a tagged value in equals":   {`{"create":{"big":{"equals":{"$type":"BigInt","value":"5"}}}}`, "create "},
		"another value":              {`{"create":{"s":"A"}}`, ""},
		"all must hold":              {`{"create":{"s":"a","i":2}}`, ""},
		"no member of the row":       {`{"delete":{"s":"a"}}`, ""},
		"null":                       {`{"update":{"after":{"s":null}}}`, "update "},
		"null is not absent":         {`{"delete":{"s":null}}`, ""},
		"null is not a value":        {`{"create":{"s":{"equals":null}}}`, ""},
		"a value is not null":        {`{"update":{"after":{"s":"a"}}}`, ""},
		"before does not count":      {`{"update":{"after":{"s":"x"}}}`, ""},
		"a boolean":                  {`{"create":{"b":true}}`, "create "},
		"a big number as number":     {`{"create":{"big":5}}`, "create "},
		"a float of other digits":    {`{"create":{"f":5e-1}}`, "create "},
		"a decimal of other digits":  {`{"create":{"d":"1.50"}}`, "create "},
		"a decimal as number":        {`{"create":{"d":1.5}}`, "create "},
		"a time in another zone":     {`{"create":{"t":"2024-01-01T01:00:00.1239+01:00"}}`, "create "},
		"bytes":                      {`{"create":{"x":"AP8="}}`, "create "},
		"an enum value":              {`{"create":{"e":"A"}}`, "create "},
		"fields across three images": {`{"create":{"i":1},"update":{"after":{"i":1}},"delete":{"i":1}}`, "create update delete "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := parseFilter(json.RawMessage(tt.filter), filterModel)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, e := range events {
				if f.wants(e) {
					got += string(e.Action) + " "
				}
			}
			if got != tt.want {
				t.Errorf("selects %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ filter, want string }{
		"null":                    {`null`, "filter: expected a JSON object, found null"},
		"a list":                  {`[]`, "filter: expected a JSON object, found an array"},
		"an unknown action":       {`{"change":{}}`, `filter: unknown member "change"; there are create, update and delete`},
		"an action that is null":  {`{"create":null}`, "filter.create: expected a JSON object, found null"},
		"fields beside after":     {`{"update":{"s":"a"}}`, `filter.update: unknown member "s"; there is only after`},
		"before":                  {`{"update":{"before":{}}}`, `filter.update: unknown member "before"; there is only after`},
		"after that is a string":  {`{"update":{"after":"a"}}`, "filter.update.after: expected a JSON object, found a string"},
		"an unknown field":        {`{"create":{"nope":1}}`, `filter.create.nope: "nope" is no scalar field of model User`},
		"a combinator":            {`{"create":{"AND":[]}}`, `filter.create.AND: "AND" is no scalar field of model User`},
		"a Json field":            {`{"create":{"j":1}}`, "filter.create.j: conditions on a field of type Json are not supported"},
		"a list field":            {`{"create":{"l":[1]}}`, "filter.create.l: conditions on a field of type Int[] are not supported"},
		"an operator":             {`{"create":{"s":{"contains":"a"}}}`, "filter.create.s: operator contains is not supported; equals is"},
		"an operator beside":      {`{"create":{"s":{"equals":"a","mode":"insensitive"}}}`, "filter.create.s: operator mode is not supported; equals is"},
		"no operator":             {`{"create":{"s":{}}}`, "filter.create.s: expected a value, or an object with the operator equals"},
		"equals in equals":        {`{"create":{"s":{"equals":{"equals":"a"}}}}`, "filter.create.s: expected a value under equals"},
		"a number for a string":   {`{"create":{"s":1}}`, `filter.create.s: expected a value of type String, found 1`},
		"a fraction for an int":   {`{"create":{"i":1.5}}`, `filter.create.i: expected a value of type Int, found 1.5`},
		"a string for an int":     {`{"create":{"i":"1"}}`, `filter.create.i: expected a value of type Int, found "1"`},
		"a word for a decimal":    {`{"create":{"d":"much"}}`, `filter.create.d: expected a value of type Decimal, found "much"`},
		"a huge decimal":          {`{"create":{"d":"1e999999999"}}`, `filter.create.d: expected a value of type Decimal, found "1e999999999"`},
		"a day for a time":        {`{"create":{"t":"2024-01-01"}}`, `filter.create.t: expected a value of type DateTime, found "2024-01-01"`},
		"a list for a bool":       {`{"create":{"b":[true]}}`, `filter.create.b: expected a value of type Boolean, found a list`},
		"no base64":               {`{"create":{"x":"%"}}`, `filter.create.x: expected a value of type Bytes, found "%"`},
		"no number for a big one": {`{"create":{"big":true}}`, `filter.create.big: expected a value of type BigInt, found true`},
		"a tag without a value":   {`{"create":{"f":{"$type":"Float"}}}`, "filter.create.f: expected value beside $type"},
		"no value of the enum":    {`{"create":{"e":"C"}}`, `filter.create.e: enum E has no value "C"; it has A, B`},
		"a bool for a float":      {`{"create":{"f":false}}`, `filter.create.f: expected a value of type Float, found false`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseFilter(json.RawMessage(tt.filter), filterModel)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParseFilter(f *testing.F) {
	f.Add(`{"create":{"s":{"equals":"a"},"d":"1.5"},"update":{"after":{"t":"2024-01-01T00:00:00Z"}},"delete":{}}`)
	f.Add(`{"create":{"big":{"$type":"BigInt","value":"5"}}}`)
	e := event.Event{Action: event.Create, Model: "User", Body: []byte(`{"created":{"s":"a","d":"1.5","f":1}}`)}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		parsed, err := parseFilter(json.RawMessage(text), filterModel)
		if err == nil {
			parsed.wants(e)
		}
	})
}

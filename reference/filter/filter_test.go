package filter

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

var user = &prisma.Model{Name: "User", Fields: []*prisma.Field{
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
	{Name: "u", Type: prisma.Unsupported},
	{Name: `say "hi" é <b>`, Type: prisma.String},
}}

// events are four changes of users and one of something else.
var events = []struct{ action, model, body string }{
	{"create", "User", `{"id":"01","action":"create","modelName":"User","created":{"s":"a","b":true,"i":1,"big":"5","f":0.5,"d":"1.5","t":"2024-01-01T00:00:00.123Z","x":"AP8=","e":"A","j":{"i":2,"created":["]"]},"l":[1,2],"say \"hi\" é <b>":"x\ty"}}`},
	{"update", "User", `{"id":"02","action":"update","modelName":"User","before":{"s":"x","i":9},"after":{"s":null,"i":1,"e":"Z","l":null,"t":"0044-03-15","d":"many"}}`},
	{"update", "User", ` { "before" : { "s" : "\u0061" } , "after" : { "s" : "\u0061" , "l" : [ 1 , 2 ] } } `},
	{"delete", "User", `{"id":"03","deleted":{"i":1}}`},
	{"create", "Other", `{"created":{"s":"a","i":1}}`},
}

func TestSelects(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ filter, want string }{
		"none":                         {``, "create update update delete "},
		"empty":                        {`{}`, "create update update delete "},
		"one action":                   {`{"create":{}}`, "create "},
		"a union":                      {`{"create":{},"delete":{}}`, "create delete "},
		"update without after":         {`{"update":{}}`, "update update "},
		"update with nothing asked":    {`{"update":{"after":{}}}`, "update update "},
		"a bare value":                 {`{"create":{"s":"a"}}`, "create "},
		"all must hold":                {`{"create":{"s":"a","i":2}}`, ""},
		"fields across three images":   {`{"create":{"i":1},"update":{"after":{"i":1}},"delete":{"i":1}}`, "create update delete "},
		"before does not count":        {`{"update":{"after":{"s":"x"}}}`, ""},
		"a member within Json":         {`{"create":{"i":2}}`, ""},
		"an escape in a value":         {`{"update":{"after":{"s":"a"}}}`, "update "},
		"an escape in a name":          {`{"create":{"say \"hi\" é <b>":"x\ty"}}`, "create "},
		"space between everything":     {`{"update":{"after":{"l":[1,2]}}}`, "update "},
		"absent":                       {`{"delete":{"s":"a"}}`, ""},
		"absent, negated":              {`{"delete":{"s":{"not":"a"}}}`, ""},
		"absent, within NOT":           {`{"delete":{"NOT":{"s":"a"}}}`, ""},
		"absent is not null":           {`{"delete":{"s":null}}`, ""},
		"absent is not anything":       {`{"delete":{"s":{"not":null}}}`, ""},
		"absent beside what holds":     {`{"delete":{"OR":[{"s":"a"},{"i":1}]}}`, "delete "},
		"absent beside what fails":     {`{"delete":{"NOT":{"s":"a","i":2}}}`, "delete "},
		"absent among all":             {`{"delete":{"AND":[{"s":"a"},{"i":1}]}}`, ""},
		"an absent list":               {`{"delete":{"l":{"isEmpty":true}}}`, ""},
		"a null list is an empty one":  {`{"update":{"after":{"l":{"isEmpty":true}}}}`, "update "},
		"a null list equals []":        {`{"update":{"after":{"l":[]}}}`, "update "},
		"a null list has nothing":      {`{"update":{"after":{"NOT":{"l":{"has":1}}}}}`, "update "},
		"of another type since":        {`{"update":{"after":{"t":{"gt":"0001-01-01T00:00:00Z"}}}}`, ""},
		"of another type, negated":     {`{"update":{"after":{"t":{"not":"2024-01-01T00:00:00Z"}}}}`, ""},
		"no decimal any more":          {`{"update":{"after":{"NOT":{"d":1}}}}`, ""},
		"an enum value that is new":    {`{"update":{"after":{"e":{"notIn":["A","B"]}}}}`, "update "},
		"a list where a scalar was":    {`{"create":{"NOT":{"l":{"equals":[2,1]}}}}`, "create "},
		"digits below a millisecond":   {`{"create":{"t":"2024-01-01T00:00:00.1239Z"}}`, "create "},
		"long text without case":       {`{"create":{"s":{"in":["` + strings.Repeat("A", 300) + `","A"],"mode":"insensitive"}}}`, "create "},
		"letters that have case":       {`{"create":{"say \"hi\" é <b>":{"not":{"in":["ÄÖÜ","ſİ"]},"mode":"insensitive"}}}`, "create "},
		"mode default":                 {`{"create":{"s":{"equals":"A","mode":"default"}}}`, ""},
		"mode tagged":                  {`{"create":{"s":{"equals":"A","mode":{"$type":"Enum","value":"insensitive"}}}}`, "create "},
		"a tagged value":               {`{"create":{"big":{"$type":"BigInt","value":"5"}}}`, "create "},
		"a tagged value under equals":  {`{"create":{"big":{"equals":{"$type":"BigInt","value":"5"}}}}`, "create "},
		"a tagged value under not":     {`{"create":{"big":{"not":{"$type":"BigInt","value":"5"}}}}`, ""},
		"tagged values in a list":      {`{"create":{"big":{"in":[{"$type":"BigInt","value":"5"},6]}}}`, "create "},
		"more fields than a few":       {`{"create":{"s":"a","b":true,"i":1,"big":5,"f":0.5,"d":1.5,"t":"2024-01-01T00:00:00.123Z","x":"AP8=","e":"A","l":[1,2]}}`, "create "},
		"more fields, the last fails":  {`{"create":{"s":"a","b":true,"i":1,"big":5,"f":0.5,"d":1.5,"t":"2024-01-01T00:00:00.123Z","x":"AP8=","e":"A","l":[1]}}`, ""},
		"not within not takes it back": {`{"create":{"i":{"not":{"not":{"gte":1,"lt":2}}}}}`, "create "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse(json.RawMessage(tt.filter), user)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, e := range events {
				if f.Wants(e.action, e.model, []byte(e.body)) {
					got += e.action + " "
				}
			}
			if got != tt.want {
				t.Errorf("selects %q, want %q", got, tt.want)
			}
		})
	}
}

// What is no event, or breaks off, matches nothing that asks for something.
func TestDamagedEvents(t *testing.T) {
	t.Parallel()
	f, err := Parse(json.RawMessage(`{"create":{"i":{"not":1}}}`), user)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		``, ` `, `{`, `[]`, `null`, `"`, `{"created"`, `{"created":`, `{"created":{`, `{"created":{"i"`, `{"created":{"i":`, `{"created":{"i":}}`,
		`{"created":{"i":"`, `{"created":{"i":"\`, `{"created":{"s":"\"","i`, `{"created":[{"i":2}]}`, `{"created":"{\"i\":2}"}`, `{"created":{"i":[2]}}`,
		`{"created":{"i":{}}}`, `{"created":{i:2}}`, `{"created" {"i":2}}`, `{"x":1 "created":{"i":2}}`,
	} {
		if f.Wants("create", "User", []byte(body)) {
			t.Errorf("%s matches", body)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	const fields = `those are s, b, i, big, f, d, t, x, e, j, l, u, say "hi" é <b>`
	nested := func(open, within, end string, depth int) string {
		return `{"create":` + strings.Repeat(open, depth) + within + strings.Repeat(end, depth) + `}`
	}
	for name, tt := range map[string]struct{ filter, want string }{
		"null":                       {`null`, "filter: expected a JSON object, found null"},
		"a list":                     {`[]`, "filter: expected a JSON object, found an array"},
		"a member twice":             {`{"create":{"i":1,"i":2}}`, `filter: expected members with names of their own, found at line 1, column 18: "i" again`},
		"an unknown action":          {`{"change":{}}`, `filter: unknown member "change"; there are create, update and delete`},
		"an action in capitals":      {`{"Create":{}}`, `filter: unknown member "Create"; there are create, update and delete`},
		"an action that is null":     {`{"create":null}`, "filter.create: expected an object of conditions, found null"},
		"an action that is a list":   {`{"create":[]}`, "filter.create: expected an object of conditions, found a list"},
		"fields beside after":        {`{"update":{"s":"a"}}`, `filter.update: unknown member "s"; there is only after`},
		"before":                     {`{"update":{"before":{},"after":{}}}`, `filter.update: unknown member "before"; there is only after`},
		"update that is a string":    {`{"update":"a"}`, "filter.update: expected a JSON object, found a string"},
		"after that is a string":     {`{"update":{"after":"a"}}`, `filter.update.after: expected an object of conditions, found "a"`},
		"after that is null":         {`{"update":{"after":null}}`, `filter.update.after: expected an object of conditions, found null`},
		"an unknown field":           {`{"create":{"nope":1}}`, `filter.create.nope: "nope" is no scalar field of model User; ` + fields},
		"an unknown field deep down": {`{"update":{"after":{"AND":[{},{"NOT":{"nope":1}}]}}}`, `filter.update.after.AND.1.NOT.nope: "nope" is no scalar field of model User; ` + fields},
		"a very long field":          {`{"create":{"` + strings.Repeat("n", 99) + `":1}}`, `filter.create.` + strings.Repeat("n", 60) + `...: "` + strings.Repeat("n", 59) + `... is no scalar field of model User; ` + fields},
		"a Json field":               {`{"create":{"j":1}}`, "filter.create.j: fields of type Json cannot be filtered on"},
		"an unsupported field":       {`{"create":{"u":null}}`, "filter.create.u: fields of type Unsupported cannot be filtered on"},
		"OR of an object":            {`{"create":{"OR":{"i":1}}}`, "filter.create.OR: expected a list of objects of conditions, found an object"},
		"AND of a string":            {`{"create":{"AND":"a"}}`, `filter.create.AND: expected an object of conditions, found "a"`},
		"NOT of a list of null":      {`{"create":{"NOT":[null]}}`, "filter.create.NOT.0: expected an object of conditions, found null"},
		"an unknown operator":        {`{"create":{"s":{"like":"a"}}}`, "filter.create.s.like: unknown operator of a field of type String; there are equals, in, notIn, not, lt, lte, gt, gte, contains, startsWith, endsWith, mode"},
		"gt of a boolean":            {`{"create":{"b":{"gt":true}}}`, "filter.create.b.gt: unknown operator of a field of type Boolean; there are equals, not"},
		"in of a boolean":            {`{"create":{"b":{"in":[true]}}}`, "filter.create.b.in: unknown operator of a field of type Boolean; there are equals, not"},
		"lt of an enum":              {`{"create":{"e":{"lt":"A"}}}`, "filter.create.e.lt: unknown operator of a field of type E; there are equals, in, notIn, not"},
		"contains of a number":       {`{"create":{"i":{"contains":"1"}}}`, "filter.create.i.contains: unknown operator of a field of type Int; there are equals, in, notIn, not, lt, lte, gt, gte"},
		"gt of a list":               {`{"create":{"l":{"gt":1}}}`, "filter.create.l.gt: unknown operator of a field of type Int[]; there are equals, has, hasEvery, hasSome, isEmpty"},
		"not of a list":              {`{"create":{"l":{"not":[1]}}}`, "filter.create.l.not: unknown operator of a field of type Int[]; there are equals, has, hasEvery, hasSome, isEmpty"},
		"has of a scalar":            {`{"create":{"i":{"has":1}}}`, "filter.create.i.has: unknown operator of a field of type Int; there are equals, in, notIn, not, lt, lte, gt, gte"},
		"search":                     {`{"create":{"s":{"search":"a & b"}}}`, "filter.create.s.search: full-text search is not available in filters"},
		"a field of another":         {`{"create":{"i":{"_ref":"j","_container":"User"}}}`, "filter.create.i._container: unknown operator of a field of type Int; there are equals, in, notIn, not, lt, lte, gt, gte"},
		"a relation's operator":      {`{"create":{"posts":{"some":{}}}}`, `filter.create.posts: "posts" is no scalar field of model User; ` + fields},
		"mode of a number":           {`{"create":{"i":{"equals":1,"mode":"insensitive"}}}`, "filter.create.i.mode: unknown operator of a field of type Int; there are equals, in, notIn, not, lt, lte, gt, gte"},
		"mode of another word":       {`{"create":{"s":{"equals":"a","mode":"lower"}}}`, `filter.create.s.mode: expected "default" or "insensitive", found "lower"`},
		"mode that is null":          {`{"create":{"s":{"equals":"a","mode":null}}}`, `filter.create.s.mode: expected "default" or "insensitive", found null`},
		"mode alone":                 {`{"create":{"s":{"mode":"insensitive"}}}`, `filter.create.s.mode: expected an operator beside mode, found none`},
		"mode within not":            {`{"create":{"s":{"not":{"equals":"a","mode":"insensitive"}}}}`, `filter.create.s.not.mode: expected mode beside not, found it within`},
		"no operator":                {`{"create":{"s":{}}}`, "filter.create.s: expected a value or an object of operators, found an empty object"},
		"no operator within not":     {`{"create":{"s":{"not":{}}}}`, "filter.create.s.not: expected a value or an object of operators, found an empty object"},
		"equals in equals":           {`{"create":{"s":{"equals":{"equals":"a"}}}}`, "filter.create.s.equals: expected String, a string, found an object"},
		"a list for one value":       {`{"create":{"s":{"equals":["a"]}}}`, "filter.create.s.equals: expected String, a string, found a list"},
		"null for gt":                {`{"create":{"i":{"gt":null}}}`, "filter.create.i.gt: expected Int, a whole number within 64 bits, found null"},
		"null among in":              {`{"create":{"i":{"in":[1,null]}}}`, "filter.create.i.in.1: expected Int, a whole number within 64 bits, found null"},
		"null for a list":            {`{"create":{"l":null}}`, "filter.create.l: expected a list of Int, a whole number within 64 bits, found null"},
		"null for has":               {`{"create":{"l":{"has":null}}}`, "filter.create.l.has: expected Int, a whole number within 64 bits, found null"},
		"one value for a list":       {`{"create":{"l":1}}`, "filter.create.l: expected a list of Int, a whole number within 64 bits, found 1"},
		"a string for isEmpty":       {`{"create":{"l":{"isEmpty":"true"}}}`, `filter.create.l.isEmpty: expected true or false, found "true"`},
		"a number for a string":      {`{"create":{"s":1}}`, `filter.create.s: expected String, a string, found 1`},
		"a number for a string in a list": {
			`{"create":{"s":{"notIn":["a",2]}}}`, `filter.create.s.notIn.1: expected String, a string, found 2`,
		},
		"a fraction for an int":   {`{"create":{"i":1.5}}`, `filter.create.i: expected Int, a whole number within 64 bits, found 1.5`},
		"a string for an int":     {`{"create":{"i":"1"}}`, `filter.create.i: expected Int, a whole number within 64 bits, found "1"`},
		"an int beyond 64 bits":   {`{"create":{"i":{"lt":9223372036854775808}}}`, `filter.create.i.lt: expected Int, a whole number within 64 bits, found 9223372036854775808`},
		"no number for a big one": {`{"create":{"big":true}}`, `filter.create.big: expected BigInt, a whole number within 64 bits or a string of its digits, found true`},
		"a bool for a float":      {`{"create":{"f":false}}`, `filter.create.f: expected Float, a number, "NaN", "Infinity" or "-Infinity", found false`},
		"a string for a float":    {`{"create":{"f":"0.5"}}`, `filter.create.f: expected Float, a number, "NaN", "Infinity" or "-Infinity", found "0.5"`},
		"a float beyond 64 bits":  {`{"create":{"f":1e999}}`, `filter.create.f: expected Float, a number, "NaN", "Infinity" or "-Infinity", found 1e999`},
		"a word for a decimal":    {`{"create":{"d":"much"}}`, `filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found "much"`},
		"a huge decimal":          {`{"create":{"d":"1e999999999"}}`, `filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found "1e999999999"`},
		"a long decimal": {
			`{"create":{"d":` + strings.Repeat("7", 1001) + `}}`,
			`filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found ` + strings.Repeat("7", 60) + "...",
		},
		"a decimal without digits": {`{"create":{"d":"-.5"}}`, `filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found "-.5"`},
		"a decimal that goes on":   {`{"create":{"d":"1.5x"}}`, `filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found "1.5x"`},
		"a point without fraction": {`{"create":{"d":"1."}}`, `filter.create.d: expected Decimal, a number or a string of one with at most 1,000 digits, "NaN", "Infinity" or "-Infinity", found "1."`},
		"a day for a time":         {`{"create":{"t":"2024-01-01"}}`, `filter.create.t: expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "2024-01-01"`},
		"a number for a time":      {`{"create":{"t":1704067200000}}`, `filter.create.t: expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found 1704067200000`},
		"the 30th of February":     {`{"create":{"t":"2024-02-30T00:00:00Z"}}`, `filter.create.t: expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "2024-02-30T00:00:00Z"`},
		"a short year with a sign": {`{"create":{"t":"+2024-02-03T00:00:00Z"}}`, `filter.create.t: expected DateTime, an RFC 3339 string such as "2024-02-03T00:00:00.000Z", found "+2024-02-03T00:00:00Z"`},
		"a list for a bool":        {`{"create":{"b":[true]}}`, `filter.create.b: expected Boolean, true or false, found a list`},
		"a word for a bool":        {`{"create":{"b":"true"}}`, `filter.create.b: expected Boolean, true or false, found "true"`},
		"no base64":                {`{"create":{"x":"%"}}`, `filter.create.x: expected Bytes, a string of base64 with padding, found "%"`},
		"base64 without padding":   {`{"create":{"x":"AP8"}}`, `filter.create.x: expected Bytes, a string of base64 with padding, found "AP8"`},
		"base64 over two lines":    {`{"create":{"x":"AP\n8="}}`, `filter.create.x: expected Bytes, a string of base64 with padding, found "AP\n8="`},
		"no value of the enum":     {`{"create":{"e":"C"}}`, `filter.create.e: enum E has no value "C"; it has A, B`},
		"a number for an enum":     {`{"create":{"e":{"in":[1]}}}`, `filter.create.e.in.0: expected Enum, a string that is one of its values, found 1`},
		"a tag without a value":    {`{"create":{"f":{"$type":"Float"}}}`, `filter.create.f: expected {"$type": "Float", "value": ...}, found an object with $type "Float"`},
		"a tag and more":           {`{"create":{"big":{"$type":"BigInt","value":"1","gt":"2"}}}`, `filter.create.big: expected {"$type": "BigInt", "value": ...}, found an object with $type "BigInt"`},
		"a tag of another type":    {`{"create":{"i":{"gt":{"$type":"DateTime","value":"2024-01-01T00:00:00Z"}}}}`, `filter.create.i.gt: expected {"$type": "Int", "value": ...}, found an object with $type "DateTime"`},
		"a tag that is null":       {`{"create":{"i":{"$type":null,"value":1}}}`, `filter.create.i: expected {"$type": "Int", "value": ...}, found an object with $type null`},
		"NOT too deep":             {nested(`{"NOT":`, `{"i":1}`, `}`, 33), "filter.create" + strings.Repeat(".NOT", 33) + ": expected conditions nested at most 32 deep, found deeper ones"},
		"not too deep":             {`{"create":{"i":` + strings.Repeat(`{"not":`, 33) + `1` + strings.Repeat(`}`, 33) + `}}`, "filter.create.i" + strings.Repeat(".not", 33) + ": expected conditions nested at most 32 deep, found deeper ones"},
		"far too deep":             {nested(`{"AND":[`, `{}`, `]}`, 3000), "filter.create" + strings.Repeat(".AND.0", 31) + "....: expected conditions nested at most 32 deep, found deeper ones"},
		"too many operators":       {`{"create":{"OR":[` + strings.Repeat(`{"i":1},`, 200) + `{}]},"delete":{"OR":[` + strings.Repeat(`{"i":1},`, 200) + `{}]}}`, "filter.delete.OR.56.i: expected at most 256 operators in a filter, found more"},
		"too many bytes":           {`{"create":{"s":"` + strings.Repeat("a", 65536) + `"}}`, "filter: expected at most 65536 bytes, found 65555"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(json.RawMessage(tt.filter), user)
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

// What is just within the limits is accepted.
func TestLimits(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]string{
		"depth":     `{"create":` + strings.Repeat(`{"NOT":`, 32) + `{"i":1}` + strings.Repeat(`}`, 32) + `}`,
		"operators": `{"create":{"OR":[` + strings.Repeat(`{"i":1},`, 256) + `{}]}}`,
		"bytes":     `{"create":{"s":"` + strings.Repeat("a", 65536-19) + `"}}`,
	} {
		if _, err := Parse(json.RawMessage(filter), user); err != nil {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

const typical = `{"create":{"AND":[{"i":{"gte":1,"lt":10}},{"s":{"startsWith":"a"}}],"NOT":{"e":"B"},"d":{"gt":"1.25"},"t":{"gte":"2024-01-01T00:00:00Z"},"l":{"hasSome":[7,2]}}}`

// A filter is asked about every event by every reader.
func TestWantsDoesNotAllocate(t *testing.T) {
	f, err := Parse(json.RawMessage(typical), user)
	if err != nil {
		t.Fatal(err)
	}
	body, wanted := []byte(events[0].body), false
	allocated := testing.AllocsPerRun(100, func() { wanted = f.Wants("create", "User", body) })
	if !wanted || allocated != 0 {
		t.Errorf("wanted: %t, %v allocations", wanted, allocated)
	}
}

func BenchmarkWants(b *testing.B) {
	f, err := Parse(json.RawMessage(typical), user)
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(events[0].body)
	b.ReportAllocs()
	for b.Loop() {
		if !f.Wants("create", "User", body) {
			b.Fatal("not wanted")
		}
	}
}

// BenchmarkDecode is the yardstick of BenchmarkWants: the same event decoded, and
// nothing judged.
func BenchmarkDecode(b *testing.B) {
	body := []byte(events[0].body)
	b.ReportAllocs()
	for b.Loop() {
		var e struct{ Created map[string]any }
		if err := json.Unmarshal(body, &e); err != nil {
			b.Fatal(err)
		}
	}
}

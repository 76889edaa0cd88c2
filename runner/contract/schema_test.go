package contract_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/contract"
)

const (
	every  = "2.0 3.0 3.1 3.2"
	early  = "2.0 3.0"
	modern = "3.1 3.2"
)

// schemaCases compare a body with a schema, in each of the versions. The schema
// begins on line 2 of the description, and the others stand on line 3.
var schemaCases = []struct{ versions, schema, components, body string }{
	// Types.
	{every, `{"type":"string"}`, "", `"a"`},
	{every, `{"type":"string"}`, "", `1`},
	{every, `{"type":"integer"}`, "", `1.0`},
	{every, `{"type":"integer"}`, "", `1.5`},
	{every, `{"type":"number"}`, "", `"1"`},
	{every, `{"type":"boolean"}`, "", `0`},
	{every, `{"type":"array","items":{"type":"string"}}`, "", `["a",1]`},
	{every, `{"type":"object"}`, "", `[]`},
	{every, `{"type":["string","null"]}`, "", `null`},
	{every, `{"type":"text"}`, "", `1`},
	{every, `{}`, "", `{"any":[1]}`},
	// Objects.
	{every, `{"required":["a","b"],"properties":{"a":{}}}`, "", `{}`},
	{every, `{"required":["a","a"]}`, "", `{"a":null}`},
	{every, `{"required":true}`, "", `{}`},
	{every, `{"properties":{"a":{"properties":{"b/c~":{"type":"string"}}}}}`, "", `{"a":{"b/c~":1}}`},
	{every, `{"properties":{"a":{}},"additionalProperties":false}`, "", `{"b":1,"a":2,"c":3}`},
	{every, `{"additionalProperties":{"type":"integer"}}`, "", `{"b":"x"}`},
	{every, `{"properties":[]}`, "", `{"b":"x"}`},
	{every, `{"minProperties":1,"maxProperties":2}`, "", `{}`},
	{every, `{"maxProperties":1}`, "", `{"a":1,"b":2}`},
	// Arrays.
	{every, `{"minItems":1}`, "", `[]`},
	{every, `{"maxItems":1}`, "", `[1,2]`},
	{every, `{"uniqueItems":true}`, "", `[1,2,1.0]`},
	{every, `{"uniqueItems":"yes"}`, "", `[1,1]`},
	{every, `{"items":[{"type":"string"}]}`, "", `[1]`},
	// Texts.
	{every, `{"minLength":2}`, "", `"ü"`},
	{every, `{"maxLength":1}`, "", `"ab"`},
	{every, `{"maxLength":2.5}`, "", `"abc"`},
	{every, `{"maxLength":-1}`, "", `"abc"`},
	{every, `{"pattern":"^a+$"}`, "", `"b"`},
	{every, `{"pattern":"^(?=a)\\w+$"}`, "", `"ab"`},
	{every, `{"pattern":"^(?=a)\\w+$"}`, "", `"b"`},
	{every, `{"pattern":"^\\p{Lu}"}`, "", `"Ä"`},
	{every, `{"pattern":"("}`, "", `"b"`},
	{every, `{"enum":["a","b"]}`, "", `"c"`},
	{every, `{"enum":[1,{"a":[true]}]}`, "", `{"a":[true]}`},
	{every, `{"enum":"a"}`, "", `"b"`},
	// Formats.
	{every, `{"format":"date"}`, "", `"2024-02-30"`},
	{every, `{"format":"date-time"}`, "", `"2024-02-29T23:59:60.5+01:00"`},
	{every, `{"format":"date-time"}`, "", `"2024-02-29 10:00:00Z"`},
	{every, `{"format":"date-time"}`, "", `"2024-02-29T10:00:00"`},
	{every, `{"format":"uuid"}`, "", `"123"`},
	{every, `{"format":"email"}`, "", `"a@"`},
	{every, `{"format":"ipv4"}`, "", `"1.2.3.256"`},
	{every, `{"format":"ipv6"}`, "", `"::1"`},
	{every, `{"format":"uri"}`, "", `"/relative"`},
	{every, `{"format":"hostname"}`, "", `"a..b"`},
	{every, `{"format":"int32"}`, "", `2147483648`},
	{every, `{"format":"int32"}`, "", `-2147483648`},
	{every, `{"format":"int32"}`, "", `1.5`},
	{every, `{"format":"int64"}`, "", `9223372036854775808`},
	{every, `{"format":"int64"}`, "", `9223372036854775807`},
	{every, `{"format":"uint8"}`, "", `-1`},
	{every, `{"type":"string","format":"int64"}`, "", `"12"`},
	{every, `{"format":"of-ours"}`, "", `"anything"`},
	{every, `{"format":"x-any"}`, "", `"anything"`},
	// Numbers.
	{every, `{"minimum":0.1}`, "", `0.09999999999999999999`},
	{every, `{"maximum":10}`, "", `10.00000000000000000001`},
	{every, `{"multipleOf":0.01}`, "", `4.35`},
	{every, `{"multipleOf":0.01}`, "", `4.355`},
	{every, `{"multipleOf":0}`, "", `4`},
	{every, `{"minimum":5,"exclusiveMinimum":true}`, "", `5`},
	{every, `{"exclusiveMaximum":true,"maximum":5}`, "", `5`},
	{every, `{"minimum":5,"exclusiveMinimum":false}`, "", `5`},
	{every, `{"exclusiveMinimum":5}`, "", `5`},
	{every, `{"enum":[1]}`, "", `1.00`},
	{every, `{"maximum":1}`, "", `1e999999999`},
	{every, `{"maximum":1e999999999}`, "", `1`},
	// Combinations.
	{every, `{"allOf":[{"type":"object"},{"required":["a"]}]}`, "", `{}`},
	{every, `{"allOf":[]}`, "", `{}`},
	{"3.0 3.1 3.2", `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, "", `true`},
	{"3.0 3.1 3.2", `{"anyOf":[{"type":"string"},{"required":["a"]}]}`, "", `{}`},
	{"3.0 3.1 3.2", `{"oneOf":[{"required":["a","b","c"]},{"required":["a","d"]}]}`, "", `{"a":1}`},
	{"3.0 3.1 3.2", `{"oneOf":[{"required":["a"]},{"required":["b"]}]}`, "", `{"a":1,"b":1}`},
	{"3.0 3.1 3.2", `{"not":{"type":"string"}}`, "", `"a"`},
	{"3.0 3.1 3.2", `{"not":{"pattern":"("}}`, "", `"a"`},
	{"3.0 3.1 3.2", `{"oneOf":[{"type":"string","pattern":"("},{"type":"string"}]}`, "", `"a"`},
	{"2.0", `{"oneOf":[{"type":"string"}],"anyOf":[{"type":"string"}],"not":{}}`, "", `1`},
	{every, `{"discriminator":{"propertyName":"kind","mapping":{"a":"A"}},"type":"object"}`, "", `{"kind":"b"}`},
	// References.
	{"3.0 3.1 3.2", `{"$ref":"#/components/schemas/A"}`, `"A":{"type":"string"}`, `1`},
	{"2.0", `{"$ref":"#/definitions/A"}`, `"A":{"type":"string"}`, `1`},
	{"3.0", `{"$ref":"#/components/schemas/A","maxLength":1}`, `"A":{"type":"string"}`, `"abc"`},
	{modern, `{"$ref":"#/components/schemas/A","maxLength":1}`, `"A":{"type":"string"}`, `"abc"`},
	{"3.0 3.1 3.2", `{"$ref":"#/components/schemas/A"}`, `"A":{"properties":{"next":{"$ref":"#/components/schemas/A"},"n":{"type":"integer"}}}`, `{"next":{"next":{"n":"1"}}}`},
	{"3.0 3.1 3.2", `{"$ref":"#/components/schemas/A"}`, `"A":{"allOf":[{"$ref":"#/components/schemas/A"}]}`, `1`},
	{"3.0 3.1 3.2", `{"$ref":"#/components/schemas/A"}`, `"A":{"$ref":"#/components/schemas/A"}`, `1`},
	{"3.0 3.1 3.2", `{"properties":{"a":{"$ref":"#/components/schemas/None"},"b":{"type":"string"}}}`, "", `{"a":1,"b":1}`},
	{"3.0 3.1 3.2", `{"properties":{"a":{"not":{"$ref":"#/components/schemas/A"}}}}`, `"A":{"properties":{"b":{"$ref":"#/components/schemas/None"}}}`, `{"a":1}`},
	{"3.0 3.1 3.2", `{"$ref":"#/components/schemas/A"}`, `"A":{"type":"string"},"Broken":{"type":7,"$ref":9}`, `"a"`},
	{"3.0 3.1 3.2", `{"$ref":"other.yml#/A"}`, ``, `"a"`},
	{"3.0 3.1 3.2", `{"properties":{"a":{"$ref":"#/components/schemas/Wei~1rd~0%20name"}}}`, `"Wei/rd~ name":{"type":"string"}`, `{"a":1}`},
	// null.
	{"3.0", `{"type":"string","nullable":true}`, "", `null`},
	{"3.0", `{"type":"string","nullable":false}`, "", `null`},
	{"3.0", `{"type":"string","nullable":true,"enum":["a"]}`, "", `null`},
	{"3.0", `{"type":"string","nullable":true,"enum":["a",null]}`, "", `null`},
	{"3.0", `{"nullable":true,"allOf":[{"type":"object"}]}`, "", `null`},
	{"3.0", `{"nullable":true,"allOf":[{"type":"object"}]}`, "", `1`},
	{"3.0", `{"nullable":true,"allOf":[{"properties":{"a":{"type":"integer"}}}]}`, "", `{"a":"1"}`},
	{"3.0", `{"nullable":true,"allOf":[{"type":"string"}],"enum":["a"]}`, "", `null`},
	{"2.0", `{"type":"string","x-nullable":true}`, "", `null`},
	{"2.0", `{"type":"string","nullable":true}`, "", `null`},
	{modern, `{"type":"string","nullable":true}`, "", `null`},
	{modern, `{"type":null}`, "", `null`},
	// Members that only requests have, and those that only answers have.
	{"3.0 3.1 3.2", `{"required":["a","b"],"properties":{"a":{"writeOnly":true},"b":{"readOnly":true}}}`, "", `{}`},
	{"3.0 3.1 3.2", `{"required":["a"],"allOf":[{"$ref":"#/components/schemas/A"}]}`, `"A":{"properties":{"a":{"$ref":"#/components/schemas/B"}}},"B":{"writeOnly":true}`, `{}`},
	{"3.0 3.1 3.2", `{"allOf":[{"required":["a"]},{"properties":{"a":{"writeOnly":true}}}]}`, ``, `{}`},
	// The file of OpenAPI 2.0.
	{"2.0", `{"type":"file"}`, "", `{"any":1}`},
	// JSON Schema 2020-12.
	{modern, `{"const":1}`, "", `2`},
	{early, `{"const":1}`, "", `2`},
	{modern, `{"prefixItems":[{"type":"string"}],"items":false}`, "", `["a",1]`},
	{modern, `{"prefixItems":{}}`, "", `["a",1]`},
	{modern, `{"contains":{"type":"string"},"minContains":2,"maxContains":3}`, "", `["a",1]`},
	{modern, `{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, "", `{"a":1}`},
	{modern, `{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, "", `{}`},
	{modern, `{"propertyNames":{"maxLength":1}}`, "", `{"ab":1}`},
	{modern, `{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}`, "", `{"x-a":1,"b":2}`},
	{modern, `{"patternProperties":{"(":{"type":"string"}},"additionalProperties":false}`, "", `{"x-a":1,"b":2}`},
	{modern, `{"dependentRequired":{"a":["b"]}}`, "", `{"a":1}`},
	{modern, `{"dependentSchemas":{"a":{"required":["b"]}}}`, "", `{"a":1}`},
	{modern, `{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, "", `{"a":1,"b":2}`},
	{modern, `{"prefixItems":[{}],"unevaluatedItems":false}`, "", `[1,2]`},
	{modern, `true`, "", `1`},
	{modern, `false`, "", `1`},
	{modern, `{"$ref":"#pet"}`, `"Pet":{"$anchor":"pet","type":"string"}`, `1`},
	{modern, `{"$ref":"#none"}`, ``, `1`},
	{modern, `{"$ref":"https://example.com/pet"}`, `"Pet":{"$id":"https://example.com/pet","$ref":"#/$defs/name","$defs":{"name":{"type":"string"}}}`, `1`},
	{modern, `{"$ref":"https://example.com/pet"}`, `"Pet":{"$id":"https://example.com/pet","$ref":"name"},"Name":{"$id":"https://example.com/name","type":"string"}`, `1`},
	{modern, `{"$ref":"https://example.com/pet"}`, `"Pet":{"$id":"https://example.com/pet","$ref":"#/components/schemas/Name"},"Name":{"type":"string"}`, `1`},
	{modern, `{"$ref":"page-of-names"}`, `"Page":{"$id":"page","properties":{"items":{"items":{"$dynamicRef":"#item"}}},"$defs":{"item":{"$dynamicAnchor":"item"}}},"Names":{"$id":"page-of-names","$ref":"page","$defs":{"item":{"$dynamicAnchor":"item","type":"string"}}}`, `{"items":["a",1]}`},
	{modern, `{"$ref":"page"}`, `"Page":{"$id":"page","properties":{"items":{"items":{"$dynamicRef":"#item"}}},"$defs":{"item":{"$dynamicAnchor":"item"}}}`, `{"items":["a",1]}`},
	{modern, `{"$ref":"#/components/schemas/Tree"}`, `"Tree":{"$dynamicAnchor":"node","properties":{"children":{"items":{"$dynamicRef":"#node"}},"n":{"type":"integer"}}}`, `{"children":[{"children":[{"n":"1"}]}]}`},
	{modern, `{"$recursiveRef":"#","$schema":"https://json-schema.org/draft/2019-09/schema"}`, ``, `1`},
	{modern, `{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}`, ``, `[1,2]`},
	{modern, `{"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["b"],"c":{"required":["d"]}}}`, ``, `{"a":1,"c":1}`},
	{modern, `{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/components/schemas/A","maxLength":1}`, `"A":{"type":"string"}`, `"abc"`},
	{modern, `{"$schema":"https://example.com/my-own"}`, ``, `1`},
	{modern, `{"$schema":"https://spec.openapis.org/oas/3.1/dialect/base","const":1}`, ``, `2`},
	// What is no schema at all.
	{every, `[]`, "", `1`},
	{every, `"string"`, "", `1`},
	{every, `{"properties":{"a":7}}`, "", `{"a":1}`},
	{every, `{"minimum":"1"}`, "", `0`},
}

// TestSchemas compares bodies with schemas of each version. A golden file has what
// is found; where there is nothing, the body is as the schema says.
func TestSchemas(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, test := range schemaCases {
		fmt.Fprintf(&b, "%s  %s  %s\n", test.versions, test.schema, test.body)
		if test.components != "" {
			fmt.Fprintf(&b, "    with %s\n", test.components)
		}
		outcome := ""
		for i, version := range strings.Fields(test.versions) {
			op := operation(t, fmt.Sprintf(schemas[version], test.schema, test.components))
			got := show(contract.New(nil).Response(op, jsonResponse(t, test.body)))
			if i == 0 {
				outcome = got
			}
			if got != outcome {
				t.Errorf("%s with %s differs in %s:\n%s", test.schema, test.body, version, got)
			}
		}
		for line := range strings.Lines(outcome) {
			fmt.Fprintf(&b, "    %s", line)
		}
	}
	golden(t, filepath.Join("testdata", "schemas.txt"), b.String())
}

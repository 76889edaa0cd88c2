package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The large description resembles the largest published ones: some 800 paths, a
// thousand schemas with examples, half of the text white space. That of GitHub has
// 13.0 MB, 1,223 operations, 79,517 objects and 151,040 strings.
const (
	otherPaths       = 800
	otherSchemas     = 960
	membersOfASchema = 53
)

// bigDescription describes the API of the cases in the midst of many others.
func bigDescription(url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n    \"title\": \"Everything\",\n    \"version\": \"1.0.0\"\n  },\n"+
		"  \"servers\": [\n    {\n      \"url\": %q\n    }\n  ],\n  \"paths\": {\n", url)
	for i := range otherPaths {
		if i == otherPaths/2 {
			b.WriteString(itemPaths)
		}
		entry(&b, fmt.Sprintf("/owners/{owner}/things-%d/{thing}", i), otherPath(i), i < otherPaths-1)
	}
	b.WriteString("  },\n  \"components\": {\n    \"schemas\": {\n")
	for i := range otherSchemas {
		if i == otherSchemas/2 {
			b.WriteString(itemSchemas)
		}
		entry(&b, fmt.Sprintf("thing-%d", i), otherSchema(i), i < otherSchemas-1)
	}
	b.WriteString("    }\n  }\n}\n")
	return b.String()
}

type object = map[string]any

// entry writes one member of an object.
func entry(b *strings.Builder, key string, value any, more bool) {
	text, err := json.MarshalIndent(value, "      ", "  ")
	if err != nil {
		panic(err) // every value is made below
	}
	fmt.Fprintf(b, "      %q: %s", key, text)
	if more {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
}

// otherPath is a path item of two operations that nobody calls.
func otherPath(i int) object {
	return object{
		"parameters": []any{
			object{"name": "owner", "in": "path", "required": true, "schema": object{"type": "string"}},
			object{"name": "thing", "in": "path", "required": true, "schema": object{"type": "integer"}},
		},
		"get":   otherOperation("get", i),
		"patch": otherOperation("update", i),
	}
}

func otherOperation(verb string, i int) object {
	schema := object{"$ref": fmt.Sprintf("#/components/schemas/thing-%d", i%otherSchemas)}
	answers := object{"application/json": object{"schema": schema, "example": example(i)}}
	operation := object{
		"operationId": fmt.Sprintf("things/%s-%d", verb, i),
		"summary":     fmt.Sprintf("What the owner does with thing %d", i),
		"description": strings.Repeat("The caller must be allowed to read the owner's things.\n", 3),
		"tags":        []string{"things"},
		"responses": object{
			"200": object{"description": "The thing as it is now.", "content": answers},
			"404": object{"description": "There is no such thing."},
		},
	}
	if verb != "get" {
		operation["requestBody"] = object{"content": object{"application/json": object{"schema": schema}}}
	}
	return operation
}

func example(i int) object {
	return object{
		"id": i, "url": fmt.Sprintf("https://api.example.com/owners/one/things-%d/%d", i, i), "owner": object{
			"login": "one", "admin": false, "page": "https://example.com/one",
		},
		"labels": []string{"first", "second"}, "score": 0.5, "deleted": nil,
	}
}

// otherSchema is one of the schemas that the other operations have.
func otherSchema(i int) object {
	members := object{}
	for m := range membersOfASchema {
		members[fmt.Sprintf("member_%d", m)] = member(i, m)
	}
	return object{"title": fmt.Sprintf("Thing %d", i), "type": "object", "properties": members, "required": []string{"member_0", "member_1"}}
}

func member(i, m int) object {
	switch m % 4 {
	case 0:
		return object{"type": "integer", "description": "A number of the thing.", "examples": []int{i, m}}
	case 1:
		return object{"type": []string{"string", "null"}, "format": "uri", "examples": []string{"https://api.example.com/things/" + fmt.Sprint(i)}}
	case 2:
		return object{"$ref": fmt.Sprintf("#/components/schemas/thing-%d", (i+m)%otherSchemas)}
	default:
		return object{"type": "array", "items": object{"type": "string", "enum": []string{"first", "second", "third"}}}
	}
}

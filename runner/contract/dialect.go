package contract

import (
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// dialect is a language of schemas.
type dialect int

const (
	unknownDialect dialect = iota
	// swagger20 and openapi30 are the Schema Objects of OpenAPI 2.0 and 3.0, each
	// a part of an early JSON Schema with additions.
	swagger20
	openapi30
	// draft4 to draft7 are what other files may say with $schema; draft2019 and
	// draft2020 too, the latter is that of OpenAPI since 3.1.
	draft4
	draft7
	draft2019
	draft2020
)

// schemaURIs are the values of $schema, without scheme and '#'.
var schemaURIs = map[string]dialect{
	"json-schema.org/draft-04/schema":      draft4,
	"json-schema.org/draft-06/schema":      draft7,
	"json-schema.org/draft-07/schema":      draft7,
	"json-schema.org/draft/2019-09/schema": draft2019,
	"json-schema.org/draft/2020-12/schema": draft2020,
}

// dialectOf is what a schema that stands by itself is written in, and the name
// of one that is not known. Its own $schema goes before the file's
// jsonSchemaDialect (OpenAPI 3.1.1, section 4.8.24.5), which a $schema of a file
// that is no description stands for.
func dialectOf(raw openapi.Raw) (dialect, string) {
	version, root, named := raw.Version(), raw.Root(), ""
	switch described := root.Child("openapi").Exists() || root.Child("swagger").Exists(); {
	case !described:
		named = first(raw.Child("$schema").Text(), root.Child("$schema").Text())
	case version > "3.0":
		named = first(raw.Child("$schema").Text(), root.Child("jsonSchemaDialect").Text())
	}
	if named == "" {
		return dialectOfVersion[version], ""
	}
	return schemaURI(named), named
}

var dialectOfVersion = map[string]dialect{"2.0": swagger20, "3.0": openapi30, "3.1": draft2020, "3.2": draft2020}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// schemaURI reads a $schema. The dialects that OpenAPI publishes for itself add
// nothing that is judged.
func schemaURI(uri string) dialect {
	_, name, _ := strings.Cut(strings.TrimSuffix(uri, "#"), "://")
	if strings.HasPrefix(name, "spec.openapis.org/oas/3.") {
		return draft2020
	}
	return schemaURIs[name]
}

// isOpenAPI tells the Schema Objects that are no JSON Schema.
func (d dialect) isOpenAPI() bool { return d == swagger20 || d == openapi30 }

// ignoresSiblings tells the dialects in which a $ref stands alone.
func (d dialect) ignoresSiblings() bool { return d <= draft7 }

// isModern tells the dialects with $anchor and $defs.
func (d dialect) isModern() bool { return d >= draft2019 }

// knows tells whether a keyword belongs to the dialect. What does not is ignored,
// as each of the specifications says.
func (d dialect) knows(keyword string) bool {
	switch keyword {
	case "prefixItems", "$dynamicRef", "$dynamicAnchor":
		return d == draft2020
	case "$recursiveRef":
		return d == draft2019
	case "unevaluatedItems", "unevaluatedProperties", "dependentRequired", "dependentSchemas", "minContains", "maxContains":
		return d.isModern()
	case "const", "contains", "propertyNames", "if":
		return d >= draft7
	case "patternProperties", "dependencies", "additionalItems":
		return d >= draft4
	case "oneOf", "anyOf", "not":
		return d != swagger20
	case "nullable":
		return d == openapi30
	case "x-nullable":
		return d.isOpenAPI()
	}
	return true
}

package openapi

import "regexp"

// edition is a minor version of OpenAPI; patch numbers never change what a
// document means.
type edition int

const (
	editionUnknown edition = iota
	edition20
	edition30
	edition31
	edition32
)

// version3 matches the versions 3.x that this package reads. Some documents
// leave the patch number out.
var version3 = regexp.MustCompile(`^3\.([012])(?:\.\d+)?(?:-.+)?$`)

// editionOf reads the version of a document's root.
func editionOf(root part) edition {
	if root.child("swagger").text() == "2.0" {
		return edition20
	}
	if m := version3.FindStringSubmatch(root.child("openapi").text()); m != nil {
		return map[string]edition{"0": edition30, "1": edition31, "2": edition32}[m[1]]
	}
	return editionUnknown
}

// isMethod tells the fixed fields of a Path Item Object that hold operations.
func (e edition) isMethod(field string) bool {
	switch field {
	case "get", "put", "post", "delete", "options", "head", "patch":
		return true
	case "trace":
		return e >= edition30
	case "query":
		return e >= edition32
	}
	return false
}

// places are the values of a parameter's in.
func (e edition) places() []string {
	switch e {
	case edition20:
		return []string{"path", "query", "header", "formData", "body"}
	case edition32:
		return []string{"path", "query", "querystring", "header", "cookie"}
	default:
		return []string{"path", "query", "header", "cookie"}
	}
}

// styles are the styles that each place allows, its default first (OpenAPI
// 3.1.1, section 4.8.12.3; 3.2.0, Style Values).
func (e edition) styles(in string) []string {
	if in == "cookie" && e < edition32 {
		return styles[in][:1]
	}
	return styles[in]
}

// Package openapi is an index over OpenAPI 3.0 and 3.1 descriptions: all a
// client needs to build a request, and nothing else.
//
// [Load] parses the text once and walks the Paths Object once. It notes where
// every operation stands and builds none of them. [Document.Operation] and
// [Document.OperationAt] build one operation with what it reaches: its own and
// its path item's parameters, the request body, the responses' media types, the
// servers and the security schemes. Schemas are never built here. So a
// description of many megabytes costs its parsing alone, and damage in a part
// that no step uses stops nothing.
//
// Local references ("#/components/parameters/page") are followed wherever a
// Reference Object may stand; a reference into another file is refused with a
// diagnostic. In what a request is made of, damage is an error; in what only
// describes responses or security it is a warning, because the request can
// still be sent as the document says.
//
// [Parameter.Encode] turns a value into the text that goes on the wire,
// following the Parameter Object's style table (OpenAPI 3.1.1 sections 4.8.12.4
// and appendices C to E, which rest on RFC 6570).
package openapi

// Package openapi is an index over OpenAPI descriptions, versions 2.0 to 3.2: all
// a client needs to build a request and to judge what it expects of the answer.
//
// [Load] parses the text once and walks the Paths Object once. It notes where
// every operation stands and builds none of them; [Document.Operations] lists
// them. [Document.Operation] and [Document.OperationAt] build one operation with
// what it reaches: its own and its path item's parameters, the request body, the
// responses, the servers and the security schemes. A long text in JSON is checked as
// a whole, and read where somebody comes ([source.Outline]). So a description of many
// megabytes costs less than its parsing, and damage in a part that no step uses stops
// nothing: in what a request is made of it is an error, in what only describes
// responses or security a warning, because the request can still be sent as the
// document says.
//
// What differs between versions is said in one place, edition.go. OpenAPI 2.0 is
// read as later versions would describe the same (swagger.go).
//
// References are followed wherever a Reference Object may stand, in the file
// itself and, with a [Retrieve], in others: each is read once, when something
// leads there (library.go). A part carries its file, so that every diagnostic
// points into the file that is at fault.
//
// A [Schema] is a view: it reads nothing until it is asked, and it is never more
// certain than the schema. "Absent" and types are facts that hold for every value
// that the schema allows; whatever cannot be followed is unknown.
//
// [Parameter.Encode] turns a value into the text that goes on the wire,
// following the Parameter Object's style table (OpenAPI 3.1.1 sections 4.8.12.4
// and appendices C to E, which rest on RFC 6570).
package openapi

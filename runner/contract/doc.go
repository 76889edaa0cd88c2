// Package contract judges requests and responses by the OpenAPI operation that
// they belong to: is the status declared, the media type, is the body what the
// schema says, are the headers there.
//
// A [Checker] compiles a schema when it is first needed, once, with all that it
// refers to and nothing else: damage elsewhere in a description stops nothing.
// The library that judges knows JSON Schema 2020-12; schemas of OpenAPI 2.0 and
// 3.0 and of older drafts are translated into it (translate.go, keyword.go,
// reference.go), and what a library cannot be trusted with is bounded
// (compile.go). explain.go turns its errors into [Finding]s with a pointer into
// the body and a place in the description.
//
// What cannot be judged is neither right nor wrong: it is said, with the code
// unchecked-schema, and is no finding. See docs/contract.md for every position
// that is taken.
package contract

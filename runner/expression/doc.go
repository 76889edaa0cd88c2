// Package expression is the language of runtime expressions (Arazzo 1.0.1,
// section 4.7): $inputs.name, $steps.id.outputs.name, $response.body#/pointer.
//
// One scanner serves validation and execution. [Parse] reads a text that is an
// expression as a whole; [Scan] reads the expression that a longer text begins
// with, for conditions. A [Template] is a string with expressions in it, and a
// [Value] a JSON value with templates in its strings, such as a payload. The
// grammar stands beside the scanner in grammar.txt.
//
// What an expression sees is given by a [Scope]. A value that is not there is
// an [Absent] error, never a silent null: what absence means is for the caller
// to say, and differs between a request, an output and a condition.
//
// Positions taken where the specification is silent:
//   - A name is taken as the longest that exists; what is left of it
//     dereferences the value: $inputs.contact.name is the input "contact.name",
//     else the member "name" of the input "contact".
//   - A string that is one expression, bare or in braces, keeps its type.
//   - Only {$ begins an embedded expression: other braces are text.
//   - A bare expression inside text, such as "Bearer $inputs.token", is
//     substituted; published documents depend on it. It needs a dot after its
//     root, so that the $url of a GraphQL document stays what it is.
//   - Values are never evaluated again, whatever they look like.
package expression

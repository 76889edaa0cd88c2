// Package expression is the language of runtime expressions (Arazzo 1.0.1,
// section 4.7; 1.1.0, section 5.7): $inputs.name, $steps.id.outputs.name,
// $response.body#/pointer.
//
// One scanner serves validation and execution. [Parse] reads a text that is an
// expression as a whole; [Scan] reads the expression that a longer text begins
// with, for conditions. A [Template] is a string with expressions in it. The
// grammar stands beside the scanner in grammar.txt: it is that of 1.1, for every
// version of the document.
//
// What published documents have beyond the grammar is read too, and told by
// [Expression.Departures] and [Reference.Departures]: a caller reports it, or
// refuses it, and never has to find it. What the grammar has and nothing gives a
// meaning to, such as $response.query.a or $message.body, does not parse.
//
// What an expression sees is given by a [Scope]. A value that is not there is
// an [Absent] error, never a silent null: what absence means is for the caller
// to say, and differs between a request, an output and a condition.
//
// Positions taken where the specification is silent:
//   - A name is taken as the longest that exists; what is left of it
//     dereferences the value: $inputs.contact.name is the input "contact.name",
//     else the member "name" of the input "contact". A longer name that exists
//     is final: a shorter one is not tried when nothing is found below it.
//   - An input's name outside of letters, digits, - _ and dots, which 1.0 allows,
//     is reached by a pointer: $inputs#/größe.
//   - A string that is one expression, bare or in braces, keeps its type.
//   - Only {$ begins an embedded expression: other braces are text.
//   - In a pointer without braces around it, braces are characters; inside of
//     braces the first } is the end.
//   - A bare expression inside text, such as "Bearer $inputs.token", is
//     substituted; published documents depend on it. It needs a dot after its
//     root, so that the $url of a GraphQL document stays what it is.
//   - A number is written into a text with the digits it has; an exponent is
//     written out from 10^-6 up to 10^21.
//   - Values are never evaluated again, whatever they look like.
package expression

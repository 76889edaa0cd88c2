// Package condition judges the conditions of Criterion Objects (Arazzo 1.0.1,
// section 4.6.11) of the types simple, regex and jsonpath.
//
// A [Condition] is parsed once, before anything is sent, and evaluated as often
// as its step runs. One that does not parse is an error of the document; one
// that cannot be evaluated is false, with the reason in its [Verdict]: it never
// aborts a run and never passes.
//
// Simple conditions have their own small parser (grammar.txt) rather than a
// general expression language: with the operands cut out, eight operators are
// left, and the text of a document never reaches an evaluator that could do
// more. The same operators serve the dialect of jsonpath conditions that nearly
// all published documents use, $.data[0].cursor == null: a text that is not an
// RFC 9535 query is read as a comparison of queries with literals.
//
// Positions taken where the specification is silent, or contradicts itself:
//   - Precedence is ! over relations over equality over && over ||.
//   - Strings compare without regard to case in simple conditions, exactly in
//     jsonpath ones.
//   - A number compared with a string that looks like a number is compared as
//     a number (simple only); != is the negation of ==; an order with null is
//     false, also of null with null.
//   - An absent value equals null. In the text of a regular expression or a
//     query, where it would have to be written, it makes the condition false.
//   - A string that holds an expression, '{$inputs.a}', is refused in simple
//     conditions: as a string it would be equal to nothing.
//   - A simple condition as a whole must come to true, false or null; as an
//     operand of && || and !, anything but null and false counts as true.
//   - A regular expression is searched for in the context's text; a null or
//     absent context never matches.
package condition

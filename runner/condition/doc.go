// Package condition judges the conditions of Criterion Objects (Arazzo 1.0.1,
// section 4.6.11; 1.1.0, section 5.6.11), of every type: simple, regex, jsonpath,
// and in the languages of package selector the rest.
//
// A [Condition] is parsed once, before anything is sent, and evaluated as often
// as its step runs. One that does not parse is an error of the document, with the
// byte at which it is wrong; one that cannot be evaluated is false, with the
// reason in its [Verdict]: it never aborts a run and never passes.
//
// Simple conditions have their own small parser (grammar.txt) rather than a
// general expression language: with the operands cut out, eight operators are
// left, and the text of a document never reaches an evaluator that could do
// more. The same operators serve the dialect of jsonpath conditions that nearly
// all published documents use, $.data[0].cursor == null: a text that is not an
// RFC 9535 query is read as a comparison of queries with literals.
//
// # Evaluation
//
// The parser lists the operands, each once. An evaluation looks all of them up,
// also those that an operator would not need, so that a report can show them; the
// operators then work on what was found. A verdict keeps only that list, and
// writes what a report needs of it when it is asked.
//
// # Limits
//
// A condition has 64 KiB at the most, also when values were written into it, 100
// operands, and operators nested 200 deep. A query has the limits of package
// jsonpath, a regular expression a second and 4 MiB of text to match with. What
// passes a limit does not parse, or is false.
//
// # Positions
//
// Taken where the specification is silent, or contradicts itself:
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
//   - The tokens of a pointer run over [ ] and dots. They reach into what a
//     pointer or a group finds behind its brace or parenthesis:
//     {$response.body#/items}[0].id, ($response.body).items.
//   - A regular expression is searched for in the context's text; a null or
//     absent context never matches. An empty one, which would match everything,
//     is refused. A value that is written into one is a part of the pattern, not
//     a text to be found: the specification's own example writes a pattern.
//   - A filter at the root looks at the members of an object, as RFC 9535 has it,
//     and never at the object itself. To try the object where no member matches
//     would make $[?!@.error] hold of a response that has nothing but errors, and
//     every such condition of an empty object. [Condition.RootFilter] tells of
//     it, since $[?@.status != 'failed'] holds of nearly every object.
//   - A regular expression in match() or search() that is no I-Regexp is an
//     error, where RFC 9535 has it match nothing: !match() would always hold.
package condition

// Package selector selects from structured data in the three languages of the
// Selector Object (Arazzo 1.1.0, section 5.6.13): JSONPath, XPath, JSON Pointer.
// Criteria and the targets of replacements use the same languages.
//
// A [Language] is a name and a version, as an Expression Type Object has them.
// [Parse] reads a selector of one, once and before anything is sent;
// [ParseTemplate] reads one with runtime expressions in it. [Selector.Select]
// applies it to a context and gives a [Selection], which knows its value as an
// output (Value), as a criterion (Truth), and why it may be empty (Hint).
// [Selector.Replace] puts a value where a selector leads, in a copy of the context.
//
// # Runtime expressions
//
// Their values are written into the text, as literals of the language: what a
// server answered can never become syntax (template.go, quote.go). Outside of
// quotes a string brings its own quotes with it. JSONPath has escapes for what
// stands inside of quotes and JSON Pointer for all; XPath 1.0 has none, so there
// a value with the quote that it stands in is refused, and one with both kinds
// outside of quotes becomes a concat().
//
// # Positions where the specification is silent
//
//   - The value of a selection is the value of a singular query, such as $.a[0],
//     else the array of all values; without nodes it is null. Of XPath it is the
//     number, text or truth that the expression comes to, or the text of a node,
//     of several nodes the array of their texts (S-219).
//   - As a criterion JSONPath holds when there is a node, XPath by its effective
//     boolean value, JSON Pointer when there is a value that is neither null nor
//     false (S-167, S-171).
//   - All versions of XPath are evaluated as XPath 1.0, and what came later is
//     refused by name (S-170).
//   - A text as context is read as JSON for JSONPath and JSON Pointer, whatever its
//     media type said (S-206); one that is no JSON is an error, and so is a context
//     for XPath that is no XML.
package selector

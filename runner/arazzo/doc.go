// Package arazzo is the document model of the Arazzo Specification 1.0 and 1.1:
// one type for each object that the specification names, in its order, and the
// reader that makes them from a parsed file. It opens no file and sends nothing.
//
// Every object keeps the positions of its fields ([Object.At]) and its
// extensions ([Object.Extensions]). Values of type Any stay [source.Value]
// trees, so that an expression deep inside a payload still knows its line; the
// Selector Objects among them are found with [Document.Selectors].
//
// [Read] reports everything that is wrong with a document by itself, all at
// once: unknown and missing fields, wrong types and values, duplicate names,
// fields that cannot stand together. What needs a language or another document,
// such as whether an expression parses or an operation exists, is judged by
// those who know it.
//
// # Severity
//
// What the specification forbids is an error, and so is what its published
// schemas forbid and its text does not speak of: a misspelt successCriteria that
// is merely ignored would turn into a false success. Where text and schema
// contradict each other the text holds. A field that is known and has no effect
// where it stands, such as the retryLimit of an end, is a warning, as is what
// the specification only recommends. What came with 1.1 is an error in a
// document of 1.0, and says so.
//
// # A document with errors
//
// The document that Read returns can be analysed further whatever was wrong:
//
//   - No list holds nil: an entry that is no object is left out. Of the pointers
//     only [Step.RequestBody] and the two Reusable fields may be nil.
//   - A text that is missing, or no text, is empty. Where the specification
//     requires it, that was reported, as was an empty one, so whoever meets an
//     empty name, condition, context or target has nothing to add. Only a JSON
//     Pointer may be empty ([Selector.Selector], [Replacement.Target]).
//   - A text that is none of those the field allows is kept, and was reported.
//   - A number that the field does not allow is empty.
//   - A [source.Value] that is missing is nil.
package arazzo

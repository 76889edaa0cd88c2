// Package arazzo is the document model of the Arazzo Specification: one type
// for each object that the specification names, in its order, and the reader
// that makes them from a parsed file. It opens no file and sends nothing.
//
// Every object keeps the positions of its fields ([Object.At]) and its
// extensions ([Object.Extension]). Values of type Any stay [source.Value]
// trees, so that an expression deep inside a payload still knows its line.
//
// [Read] reports everything that is wrong with a document by itself, all at
// once: unknown and missing fields, wrong types, duplicate names. What needs
// more than the document, such as whether an operation exists, is judged by the
// engine when it resolves the references.
//
// A field that the specification does not know is an error here, although its
// text is silent about it (the published schemas forbid it): a misspelt
// successCriteria that is merely ignored would turn into a false success. A field
// that is known and has no effect where it stands, such as the retryLimit of an
// end, carries a warning; what came with 1.1 and is not executed is refused by
// name, also deep inside a payload.
package arazzo

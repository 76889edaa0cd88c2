// Package source knows the files a run reads: their text, the positions in
// them, and the diagnostics that point at those positions.
//
// [Parse] reads YAML 1.2 and JSON into a tree of [Value]. What JSON does not have
// is refused rather than guessed: tags, merge keys, a second document, numbers
// that are none. The YAML library follows YAML 1.1; where the two differ, this
// package has the last word: on what scalars mean, on what ends a line, on
// directives. JSON is read by a reader of its own, which makes the same nodes
// without the library's cost.
//
// [Value.YAML] and [Value.JSON] write such a tree, so that reading it again gives
// the same values. [Fix] makes the edits of diagnostics in the text itself, where
// [Value.EditAt] was certain of them: every other byte stays.
//
// It is the bottom of the runner: it imports nothing of the other packages, so
// that a parser, the engine and a report all speak of one kind of [Diagnostic].
package source

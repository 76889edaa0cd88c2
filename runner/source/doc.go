// Package source knows the files a run reads: their text, the positions in
// them, and the diagnostics that point at those positions.
//
// [Parse] reads YAML 1.2 and JSON into a tree of [Value]. What JSON does not have
// is refused rather than guessed: tags, merge keys, a second document, numbers
// that are none.
//
// It is the bottom of the runner: it imports nothing of the other packages, so
// that a parser, the engine and a report all speak of one kind of [Diagnostic].
package source

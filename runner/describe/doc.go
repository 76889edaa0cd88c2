// Package describe writes an Arazzo Description as text for a person who wants
// to know what it does before running it: what each step calls and where, where
// every value comes from, what is judged, which way the workflow goes, and what
// has to be given to a run.
//
// It reads what package link resolved, so that it cannot tell anything else than
// what the engine executes, and sends nothing. What could not be resolved is
// shown as not found; why is told by the linker's diagnostics.
//
// # How the text is made
//
// A page is lines of a given width. Everything that comes from a document passes
// [page.rows], [page.paragraph] or [page.hang], which take out the characters
// that would command a terminal or reorder its text, and cut what is very long.
// A single word wider than the line stays whole: it is a URL or an expression
// that somebody may want to copy.
//
// A value that the document takes from elsewhere is shown with an arrow, as
// id ← $inputs.petId, one that it states itself with an equals sign. A constant
// under a name that says it is a secret is masked, as in every report: of a text
// with expressions in it the rest, in a text of JSON or of a form the values of
// such names, in a condition what such a value is compared with.
package describe

// Package description loads an Arazzo Description: an entry document with all
// the documents that it names, and those that they name.
//
// [Load] works in two phases, as the specification asks (1.1.0, section 5.5.4):
// first every document is retrieved and parsed, then every source description is
// given the document that it means, by identity ($self) before location.
//
// Nothing here judges what the documents say of each other's operations and
// workflows; package link does.
package description

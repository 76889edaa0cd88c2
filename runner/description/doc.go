// Package description loads an Arazzo Description: an entry document with all
// the documents that it names, and those that they name.
//
// [Load] works in two phases, as the specification asks (1.1.0, section 5.5.4):
// every document is retrieved and parsed, then every source description is given
// the document that it means. The document of a source is, in this order:
//
//  1. where the caller says it is ([Options].Sources);
//  2. the document that calls itself by the URI which the url means ($self);
//  3. of a document on disk whose $self means a place on the web, the file at the
//     same relative place beside it;
//  4. what is retrieved from that URI, as far as package retrieve lets the
//     document reach;
//  5. a text of that name which the caller brings along ([Options].Bundled);
//  6. a document that the user named as well, and that calls itself by that URI
//     ([Options].Provided).
//
// What can be read from disk is read before anything is asked of the network, and
// nothing is missing before all is read, so that the order of the sources does not
// matter to 2. Where 2 or 3 took another document than the url shows, a diagnostic
// tells. Documents may name each other in a circle; each is read once.
//
// Whatever is wrong, the rest goes on: the description holds all that could be
// read, and the diagnostics everything that was found.
//
// Nothing here judges what the documents say of each other's operations and
// workflows; package link does.
package description

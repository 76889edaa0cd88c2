// Package retrieve reads documents from disk and over http(s).
//
// A [Client] reads what the user names: [Client.Get]. What a document names is
// read through a [Scope], because a document may come from anybody (Arazzo
// 1.0.1, section 7). A scope belongs to an entry document and holds these rules:
//
//   - Documents from disk may name files anywhere: whoever runs them could read
//     those too. A document from the web never reaches a file.
//   - Over http(s) a description reaches the host its entry document came from,
//     the hosts that the entry document itself names, by its urls as resolved
//     against its base URI, and those that the user allowed. A host that a nested document names, or that a redirect leads to,
//     is refused with the option that would allow it. A host is a name and a port;
//     http on its usual port covers https on its own, never the other way.
//   - Where the entry document came from a public host, loopback, private and
//     link-local addresses are refused unless the user allowed them, whatever
//     their names resolve to.
//
// Documents are UTF-8, bounded in size after decompression, in time and in
// redirects. Every retrieval over http(s) leaves a copy in a folder on disk.
// Online that copy only saves the transfer, after the server has said that it
// still holds; offline it is all that is used. A failure is an [Error], which
// never shows a credential.
package retrieve

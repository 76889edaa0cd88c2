// Package xpath answers XPath 1.0 expressions over XML documents, as the W3C
// recommendation of 16 November 1999 defines them: all thirteen axes, all 27
// functions of the core library, the conversions between the four types.
//
// [Parse] reads an expression and [ParseDocument] an XML text; an [Expression]
// is then evaluated from any [Node] of a document. The types of XPath 1.0 are
// static, since nothing binds variables here: what has the wrong type, an
// unknown function or a wrong number of arguments is found by Parse. An
// Expression in hand can only fail on a limit, or on a prefix that the document
// does not bind.
// [NodeSet.Replace] writes a document again with other text in some of its nodes.
//
// # Versions
//
// Arazzo names XPath 1.0, 2.0, 3.0 and 3.1 (1.1.0, section 5.6.12). What they
// have in common is evaluated; what came after 1.0 is refused by its name and
// never guessed (later.go). Where one text means different things, such as an
// order of two strings, it means what it means in the "XPath 1.0 compatibility
// mode" that 2.0 to 3.1 define and let their host choose.
//
// # Names and namespaces
//
// Nothing in Arazzo binds prefixes, so the document does: a prefix means what
// the document element binds it to, else what the elements that bind it agree
// on. A prefix that nothing binds, or that several bind differently, is an error
// and not an empty answer, which not() would turn into a pass. A name without
// prefix is in no namespace, as XPath has it in every version; since documents
// with a default namespace surprise everybody with that, [Expression.Overlooked]
// tells which names an answer left out for it.
//
// # Documents
//
// encoding/xml cuts the text into tokens; reader.go makes the tree of them, and
// asks for what encoding/xml leaves open: one document element, matching tags,
// bound prefixes, no attribute twice, white space in attributes normalised. The
// encoding is UTF-8. A document type declaration is passed over when it only
// names a type; one with declarations of its own is refused, so no entity is
// ever expanded and nothing is fetched. Without declarations, xml:id is the only
// attribute that id() knows.
//
// # How it works
//
// parse.go and the files named after it read the grammar from top to bottom
// (grammar.txt), with the scanner of scan.go and without tokens: what a word means
// follows from where it stands. What they build is what runs: steps over axes (step.go,
// axis.go, nodetest.go), operators (operator.go, compare.go), functions
// (function.go and the files after it). Every node has its number in document
// order, by which node-sets are sorted.
//
// The libraries that could be had were measured first, against the table in
// recommendation_test.go: the best of them failed 79 of its 265 rows, eight with a
// crash.
//
// # Limits
//
// Expressions come from documents and XML from the network, so all is bounded:
// [MaxTextBytes] and [MaxNesting] for an expression, [MaxDocumentBytes],
// [MaxDocumentNodes] and [MaxDocumentDepth] for XML, [MaxSteps] for the work. A
// limit that is passed is an error, never a shorter answer.
package xpath

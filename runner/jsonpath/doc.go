// Package jsonpath answers JSONPath queries as RFC 9535 defines them, with the
// regular expressions of RFC 9485 (I-Regexp) in match and search.
//
// [Parse] reads a whole query and [ParsePrefix] the query that starts a longer
// text; both check that it is well-formed and well-typed (RFC 9535, 2.1), so a
// [Query] in hand can only fail on a limit or on a value that is not JSON.
// [Query.Select] gives the values of the nodelist in the order of the RFC;
// members of objects, which the RFC leaves unordered, come sorted by name, so
// that equal input gives equal output. The older dialect that documents may ask
// for, [Goessner], runs on the same engine; goessner.go says where it differs.
// [Query.Locate] gives the places of the nodes in place of their values.
//
// # Values
//
// A JSON value is nil, bool, string, [encoding/json.Number], []any or
// map[string]any. Numbers keep every digit and compare exactly by value: 1, 1.0
// and 1e0 are equal, 9007199254740993 and 9007199254740992 are not. The Go types
// int, int64, uint64 and float64 are taken as numbers too.
//
// # How it works
//
// A query is text, read by a scanner without tokens (scan.go, text.go), because
// the grammar allows blank space in some places only. grammar.txt is the grammar
// the parser follows rule by rule (parse.go, logical.go, operand.go). What it
// builds is what runs: segments and selectors (segment.go, selector.go,
// slice.go), logical expressions (filter.go, compare.go, number.go) and functions
// (function.go, iregexp.go). evaluation.go counts the work.
//
// # Limits
//
// Queries come from documents and values from the network, so both are bounded:
// [MaxTextBytes] and [MaxNesting] when parsing, [MaxSteps] and [MaxDepth] when
// selecting. A limit that is passed is an error, never a shorter answer.
package jsonpath

// Package sse reads text/event-stream, as "Server-sent events" of the HTML Living
// Standard (9.2.5 and 9.2.6) has a client parse and interpret it.
//
// A [Reader] takes bytes as they come and gives each event the moment the blank
// line that ends it is there: it never waits for a byte that only the next event
// needs, such as the line feed of a CRLF that was cut in two. Reconnecting is the
// caller's: an [Event] carries the last event ID and the retry time for it.
//
// The package shares nothing with the writer of the bundled reference, so that
// one misreading of the standard cannot hide in both.
package sse

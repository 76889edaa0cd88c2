// Package jsonhttp is what the two APIs have in common on the wire: API keys,
// one JSON object as a request's body, a JSON document as an answer. What an
// error looks like is each API's own.
package jsonhttp

// Package event is a change of a row as Pulse stores and delivers it: its place in
// the order of all changes, its identifier, and its JSON, schema PulseEvent of
// specs/prisma-pulse-openapi.yml.
//
// The place of a change is the LSN of its transaction's commit record and its
// number within ([Position]). The same change always has the same place, however
// often the database sends it. Its identifier is a ULID that is given once, when
// the event is stored, and grows in the order of places.
package event

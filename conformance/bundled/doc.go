// Package bundled is the reference as a target of the conformance suite: two
// environments on a Postgres, each with a key and with the tables of the fixture, and
// on request a server for each condition that cases need.
//
//	r, err := bundled.Start(ctx, bundled.Options{})
//	defer r.Stop(ctx)
//	report, err := conformance.Judge(ctx, conformance.Options{Target: r.Target(), Controller: r, Logged: r.Logged})
//
// Everything is in databases that it makes, and that are gone after [Reference.Stop]:
// of a server that somebody named, no other database is touched, and no replication
// slot is left in it. Each condition is a reference of its own, in a database of its
// own, booted when it is first asked for; so cases under several conditions run side
// by side. All of it takes nine replication slots and WAL senders; a Postgres has ten
// that is not told otherwise.
package bundled

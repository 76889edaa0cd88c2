// Package boot starts the reference: a Postgres, unless there is one, the demo
// database in it, and the two APIs on listeners of their own. [Start] returns
// when both answer; [Listen] and [Reference.Start] are its two halves, for who has to
// know the addresses before anything is booted. [Reference.Stop] ends all of it and leaves nothing behind
// that was not there before, except what a named stream of a lasting database
// needs to resume (see [Options.DataDir]).
package boot

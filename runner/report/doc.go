// Package report writes a [runner.Result] in the formats that people and
// pipelines read: text as it happens, and JSON and JUnit when the run is over.
// They show what the result holds, in which secrets are masked already, and add
// nothing of their own.
package report

// Package report is what a run of the conformance suite came to, and how it is
// written: JSON for machines and for the folder reports, JUnit for pipelines, a page
// of Markdown and a badge for people.
//
// A Report holds nothing that differs between two runs of the same suite on the same
// target but times and the names that a run makes anew; cases stand in the order of
// their ids. Secrets are masked when it is made, not when it is written.
package report

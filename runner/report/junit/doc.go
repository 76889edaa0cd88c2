// Package junit is the JUnit XML format as continuous integration systems read it: the
// elements that reports of ours have, and how they are written.
package junit

// Package serve is the command that serves the reference in the foreground:
// arazzo reference, and the program reference.
package serve

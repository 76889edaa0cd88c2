// Package exit turns what a command came to into the program's exit code and
// the text on standard error. The codes are part of the CLI contract:
//
//	0    all succeeded
//	1    a workflow or case failed
//	2    nothing was sent: bad flags, document, input, source, credential;
//	     or nothing was judged: a wrong product, key or database, no case
//	3    as 1, but the failing step got no HTTP answer; a timeout is 1
//	4    a fault of ours
//	130  interrupted
package exit

// Package exchange sends one HTTP request and returns one response.
//
//	client := exchange.New(exchange.Options{})
//	defer client.Close()
//	response, err := client.Do(ctx, &exchange.Request{Method: "GET", URL: "https://api.test/things"})
//	if err != nil {
//		return err // an *Error: a code, what happened, the next move
//	}
//	text, err := response.ReadAll()
//
// A [Client] keeps its connections, over TLS by HTTP/2 where the server can, and
// takes the proxies of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY; this
// machine itself is never reached through one). It has no cookies of its own.
//
// # What a response is
//
// The body is decompressed while it is read (encoding.go), and bounded after
// that (body.go), so that a few bytes cannot become gigabytes. [Text] gives its
// characters (charset.go).
//
// # Redirects
//
// A redirect is followed unless the caller wants the answer itself. Credentials
// do not go to another host, nothing goes from https to http, and what may change
// something is sent again only where the server says so, on its own host
// (redirect.go).
//
// # What is logged
//
// Nothing, by this package. Package net/http writes what a server sends unasked on a
// connection that is kept to the standard logger of package log, as it came: where
// that must not be shown, a program sets its output.
//
// # What is sent twice
//
// A request that the server may have got is sent again by net/http only where its
// method is GET, HEAD, OPTIONS or TRACE, or it has an Idempotency-Key. Who makes it
// is told ([Request].Repeated).
package exchange

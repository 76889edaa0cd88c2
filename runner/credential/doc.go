// Package credential turns what the security schemes of an OpenAPI description
// ask for, and what the caller gave, into what a request carries.
//
// [Given] knows what the caller gave, and in which order it counts: flags, the
// environment, a file. [Given.Meet] finds what meets one scheme: the parameter
// that carries the credential, with its value, or with the [Grant] by which an
// access token is fetched. [Tokens] fetches, keeps and renews the tokens of one
// run. [Ways] says how each kind of credential is given, for messages.
//
// Nothing here is sent to an API: the requests of the package go to token
// endpoints alone (RFC 6749, section 3.2).
package credential

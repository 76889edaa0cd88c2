package conformance

import (
	"context"
	"crypto/x509"
)

// API is one of the two that a target offers.
type API string

// The APIs.
const (
	Pulse      API = "pulse"
	Accelerate API = "accelerate"
)

// Target is an implementation that can be judged: where its two APIs are, and the
// key that both take as a bearer token.
type Target struct {
	PulseURL, AccelerateURL, APIKey string
	// OtherAPIKey is that of another environment, which has a database of its own;
	// empty where the target has one environment.
	OtherAPIKey string
	// Roots are the authorities that are trusted where it has TLS; nil means the system's.
	Roots *x509.CertPool

	// run begins the names of all that cases make; empty where each has its own.
	run string
}

// Named tells whether anything of a target is given.
func (t Target) Named() bool { return t != Target{} }

// Condition is what must be made of a server before a case can be judged on it.
type Condition string

// The conditions. A case without one needs nothing but a server.
const (
	// PersistenceOff is a Pulse that keeps no events.
	PersistenceOff Condition = "persistence-off"
	// DatabaseDown is a server whose database went away after it had started, and after
	// the stream conformance_before had been created.
	DatabaseDown Condition = "database-down"
	// PoolExhausted is an Accelerate all of whose connections are in use, and stay so.
	PoolExhausted Condition = "pool-exhausted"
	// RateLimited is an Accelerate that takes two invalidations a minute.
	RateLimited Condition = "rate-limited"
	// ResponseLimit is an Accelerate whose answers may have 64 KiB.
	ResponseLimit Condition = "response-limit"
	// QueryTimeout is an Accelerate whose queries may take a second.
	QueryTimeout Condition = "query-timeout"
)

// Conditions lists them all.
var Conditions = []Condition{PersistenceOff, DatabaseDown, PoolExhausted, RateLimited, ResponseLimit, QueryTimeout}

// Controller makes conditions. Only who can start a server has one: the bundled
// reference has, a target that is a URL has not.
type Controller interface {
	// Under is a target on which the condition holds.
	Under(ctx context.Context, condition Condition) (Target, error)
}

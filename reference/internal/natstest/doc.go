// Package natstest gives tests of the reference a NATS of their own, of one server or of
// several, and connections to it that a test can cut.
package natstest

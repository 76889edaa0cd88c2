// Package broker is the message server under the reference: NATS with JetStream,
// in this process, on no port. What must outlive the process is in its folder,
// which one process has at a time.
package broker

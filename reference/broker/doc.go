// Package broker is the message server under the reference: NATS with JetStream,
// in this process, on no port, or a server or cluster outside that several
// processes share. What must outlive this process is there; what is only its own
// is in its folder, which one process has at a time. The one in this process may
// keep everything in memory too.
//
// # A disk that is full
//
// JetStream (nats-server 2.15) gives a stream up after its first failed write: it
// says so in its log, answers nothing that is published from then on, and stays
// like that when there is room again, while it goes on answering readers. The
// server in this process is therefore asked how it is whenever it complains, and
// started anew when there is room; what it had answered is there, and what it had
// not is the publisher's to send again. Connections outlive that. Meanwhile
// [Broker.Trouble] says so, and [Broker.Bound] ends waiting for answers that do
// not come. A server outside is its operator's to repair.
package broker

package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// connectWait bounds one try to connect to one server.
	connectWait = 5 * time.Second
	// A lost connection is looked for again at this pace, for ever, and one that
	// says nothing is given up after two unanswered pings.
	reconnectWait = 250 * time.Millisecond
	pingInterval  = 5 * time.Second
)

// Remote is a NATS server or cluster outside this process, with JetStream and a
// max_payload of at least [MaxPayload].
type Remote struct {
	// URL is one or more URLs, nats://HOST:PORT or tls://HOST:PORT, separated by
	// commas: servers of one cluster. They may carry a user and password or a token.
	URL string
	// Credentials, CA, Certificate and Key are files, each empty for none: a user's
	// credentials with which it signs, the authorities that the server's certificate
	// is judged by, and the client's own certificate.
	Credentials, CA, Certificate, Key string
	// Replicas is how many servers of the cluster keep each event: 1 (also 0), 3 or 5.
	Replicas int
}

// Check says what is wrong with a Remote that can be known without connecting.
func (r Remote) Check() error {
	for _, one := range strings.Split(r.URL, ",") {
		// The text is not repeated: it may hold a password.
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
			return errors.New("NATS: expected URLs such as nats://HOST:4222 or tls://HOST:4222, separated by commas")
		}
	}
	switch {
	case r.Replicas < 0 || r.Replicas > 5 || r.Replicas > 0 && r.Replicas%2 == 0:
		return fmt.Errorf("NATS: %d replicas: expected 1, 3 or 5, and no more than the cluster has servers", r.Replicas)
	case (r.Certificate == "") != (r.Key == ""):
		return errors.New("NATS: a client's certificate and its key are given together")
	}
	return nil
}

// Connect connects to a server outside. It comes back by itself after it was
// lost; meanwhile [Broker.Trouble] says so. The folder dir, for what this process
// alone needs, is locked as by Open.
func Connect(ctx context.Context, dir string, r Remote, log *slog.Logger) (_ *Broker, err error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	b := newBroker()
	b.replicas = r.Replicas
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close(), b.Remove())
		}
	}()
	if err := b.folder.take(dir); err != nil {
		return nil, err
	}
	conn, err := nats.Connect(r.URL, append(r.options(),
		nats.DisconnectErrHandler(func(c *nats.Conn, err error) {
			if c.IsClosed() {
				return // by ourselves, at the end
			}
			if err == nil {
				err = errors.New("closed")
			}
			b.fail(fmt.Errorf("NATS is away: %w", err))
			log.Warn("event log: NATS is away", "error", err)
		}),
		nats.ReconnectHandler(func(c *nats.Conn) {
			b.mend()
			log.Info("event log: NATS is back", "server", c.ConnectedAddr())
		}))...)
	if err != nil {
		return nil, fmt.Errorf("NATS: %w: %s", err, adviceFor(err))
	}
	b.conn = conn
	if b.JetStream, err = jetstream.New(conn); err == nil {
		_, err = b.JetStream.AccountInfo(ctx)
	}
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, nats.ErrNoResponders):
		err = errors.New("NATS: the server has no JetStream: start it with -js, or with jetstream {} in its configuration")
	case errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		err = errors.New("NATS: the account has no JetStream: enable it there")
	case err != nil:
		err = fmt.Errorf("NATS: %w", err)
	case conn.MaxPayload() < MaxPayload:
		err = fmt.Errorf("NATS: the server takes messages of %d bytes, events need %d: set max_payload: %d in its configuration",
			conn.MaxPayload(), MaxPayload, MaxPayload)
	}
	return b, err
}

func (r Remote) options() []nats.Option {
	options := []nats.Option{
		nats.Name("arazzo pulse"), nats.Timeout(connectWait),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.PingInterval(pingInterval),
		// What is published while there is no connection fails at once.
		nats.ReconnectBufSize(-1),
	}
	if r.Credentials != "" {
		options = append(options, nats.UserCredentials(r.Credentials))
	}
	if r.CA != "" {
		options = append(options, nats.RootCAs(r.CA))
	}
	if r.Certificate != "" {
		options = append(options, nats.ClientCert(r.Certificate, r.Key))
	}
	return options
}

// adviceFor is the next move after a connection failed.
func adviceFor(err error) string {
	switch {
	case errors.Is(err, nats.ErrAuthorization):
		return "give a user in the URL, or a credentials file"
	case errors.Is(err, nats.ErrNoServers):
		return "start a server there, or correct the URL"
	default:
		return "correct the URL and the files that go with it"
	}
}

package bundled

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/conformance"
	"github.com/arazzo-conformance/arazzo/reference/capture"
	"github.com/arazzo-conformance/arazzo/reference/postgres"
)

// server is a Postgres with databases of ours in it.
type server struct {
	*postgres.Server
	version string
	// prefix begins the names of our databases: a server may have those of several runs.
	prefix string

	mutex     sync.Mutex
	databases []string
}

func startServer(ctx context.Context, o Options) (*server, error) {
	s := &server{prefix: "conformance_" + strings.ToLower(rand.Text()[:8]) + "_"}
	var err error
	s.Server, err = postgres.Start(ctx, postgres.Options{DatabaseURL: o.DatabaseURL, Mode: o.Postgres, Progress: o.Progress})
	if err != nil {
		return nil, err
	}
	err = s.do(ctx, s.URL(), func(c *pgx.Conn) error {
		return c.QueryRow(ctx, "SELECT split_part(current_setting('server_version'), ' ', 1)").Scan(&s.version)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("asking Postgres for its version: %w; next: start that Postgres, or correct the database URL", capture.Connecting(err)), s.Stop())
	}
	return s, nil
}

// do gives a connection to a database.
func (s *server) do(ctx context.Context, address string, f func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	return f(c)
}

// create makes a database with the tables of the fixture, and gives its URL.
func (s *server) create(ctx context.Context, name string) (string, error) {
	name = s.prefix + name
	// template1 cannot be copied while somebody is connected to it.
	create := "CREATE DATABASE " + name + " TEMPLATE template0"
	err := s.do(ctx, s.URL(), func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, create)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("making a database (%s): %w; next: a role that may, such as a superuser", create, err)
	}
	s.mutex.Lock()
	s.databases = append(s.databases, name)
	s.mutex.Unlock()
	address, err := s.address(name, nil)
	if err != nil {
		return "", err
	}
	return address, s.load(ctx, address)
}

// load makes the tables of the fixture, where they are not there yet.
func (s *server) load(ctx context.Context, address string) error {
	err := s.do(ctx, address, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, conformance.FixtureSQL)
		return err
	})
	if err != nil {
		return fmt.Errorf("making the tables of fixture.sql: %w", err)
	}
	return nil
}

// stop removes the databases, unless they go with the server.
func (s *server) stop(ctx context.Context) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var errs []error
	if !s.Temporary() {
		for _, name := range s.databases {
			errs = append(errs, s.drop(ctx, name))
		}
	}
	s.databases = nil
	return errors.Join(append(errs, s.Stop())...)
}

// drop removes a database, also where a reference could not remove its slots from it.
func (s *server) drop(ctx context.Context, name string) error {
	err := s.do(ctx, s.URL(), func(c *pgx.Conn) error {
		_, slots := c.Exec(ctx, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = $1 AND NOT active", name)
		_, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+name)
		return errors.Join(slots, err)
	})
	if err != nil {
		return fmt.Errorf("removing the database %s, which is not needed any more: %w", name, err)
	}
	return nil
}

// address is the URL of a database of the server, by way of a relay on the loopback
// interface where one is given.
func (s *server) address(database string, relay net.Addr) (string, error) {
	config, err := pgconn.ParseConfig(s.URL())
	if err != nil {
		return "", err
	}
	// The password may come from a file, for this host and database alone.
	to := map[string]string{"dbname": database, "user": config.User}
	if config.Password != "" {
		to["password"] = config.Password
	}
	if relay != nil {
		if to["host"], to["port"], err = net.SplitHostPort(relay.String()); err != nil {
			return "", err
		}
		if config.TLSConfig != nil && !config.TLSConfig.InsecureSkipVerify {
			to["sslmode"] = "verify-ca" // the certificate has the server's name
		}
	}
	return changed(s.URL(), to), nil
}

// changed is a database URL, or a text of keywords and values, with other settings.
// Of a URL all that they replace goes, wherever in it that stands.
func changed(address string, settings map[string]string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		for _, name := range slices.Sorted(maps.Keys(settings)) { // the last one counts
			value := settings[name]
			address += " " + name + "='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
		}
		return address
	}
	query := u.Query()
	for name, value := range settings {
		query.Set(name, value)
	}
	if _, elsewhere := settings["host"]; elsewhere {
		u.Host = ""
	}
	query.Del("database")
	u.User, u.Path, u.RawQuery = nil, "/", strings.ReplaceAll(query.Encode(), "+", "%20")
	return u.String()
}

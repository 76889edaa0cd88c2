package postgres

import (
	"context"
	"fmt"
	"strings"
)

// Mode says where the binaries of a private Postgres come from.
type Mode string

const (
	// Auto takes the first of Launcher and Download that is to be had.
	Auto Mode = "auto"
	// Launcher runs the binaries installed on this machine.
	Launcher Mode = "launcher"
	// Download fetches binaries once into the user's cache and runs those.
	Download Mode = "download"
)

// ParseMode reads a mode from a flag or from the environment; "" is Auto. The
// error names the modes there are.
func ParseMode(s string) (Mode, error) {
	switch mode := Mode(s); mode {
	case "":
		return Auto, nil
	case Auto, Launcher, Download:
		return mode, nil
	}
	return "", fmt.Errorf("unknown Postgres mode %q: want auto, launcher or download", s)
}

// Options say which Postgres to start. The zero value is a private cluster from
// wherever binaries are to be had.
type Options struct {
	// DatabaseURL is a database that is already there, as pgx or Prisma accept it.
	// When it is not empty nothing is started, and Stop does nothing.
	DatabaseURL string
	// Mode is where the binaries come from; "" is Auto.
	Mode Mode
	// Progress is told, in whole lines without a newline, which mode was taken
	// and why, how a download goes, and what of a URL is not used; it is never
	// called after Start returned.
	// It may be nil.
	Progress func(line string)
}

// Server is a Postgres that answers.
type Server struct {
	url         string
	description string
	temporary   bool
	ended       <-chan struct{}
	stop        func() error
}

// Start returns a Postgres that accepts connections. A cluster of our own is
// ended by Stop or, when this process ends without it in whatever way, with this
// process; ctx bounds the start alone. When ctx ends first nothing stays behind.
//
// The error is an [*UnavailableError] when a mode cannot be had on this machine.
// A mode asked for by name is never replaced by another.
func Start(ctx context.Context, o Options) (*Server, error) {
	return systemEnvironment().start(ctx, o)
}

// URL is a connection URI that psql and pgx accept, for a superuser when the
// cluster is ours.
func (s *Server) URL() string { return s.url }

// Temporary tells whether the cluster is ours and ends with Stop.
func (s *Server) Temporary() bool { return s.temporary }

// Ended is closed when a cluster of ours has ended, by Stop or by itself. It never
// is for a database that was given.
func (s *Server) Ended() <-chan struct{} { return s.ended }

// Describe says in one line which Postgres this is and where it came from. It
// never shows the URL, which may hold a password.
func (s *Server) Describe() string { return s.description }

// Stop ends Postgres at once, without waiting for its clients, and removes its
// folder. It may be called more than once, from several goroutines; each call
// returns when the server is gone, with the same error.
func (s *Server) Stop() error { return s.stop() }

func (e environment) start(ctx context.Context, o Options) (*Server, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	if e.progress = o.Progress; e.progress == nil {
		e.progress = func(string) {}
	}
	if o.DatabaseURL != "" {
		given, err := e.givenURL(o.DatabaseURL)
		if err != nil {
			return nil, err
		}
		return &Server{
			url:         given,
			description: "the database that was given by its URL",
			stop:        func() error { return nil },
		}, nil
	}
	mode, err := ParseMode(string(o.Mode))
	if err != nil {
		return nil, err
	}
	return e.private(ctx, mode)
}

// UnavailableError says that a mode cannot be had on this machine.
type UnavailableError struct {
	Mode   Mode     // what was asked for
	Reason string   // what was looked for and what was found
	Next   []string // what to do, one of these; each is a command, a flag or a variable
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("Postgres mode %s cannot be had: %s; next: %s", e.Mode, e.Reason, strings.Join(e.Next, ", or "))
}

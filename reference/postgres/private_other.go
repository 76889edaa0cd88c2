//go:build !unix || aix || solaris

package postgres

import (
	"context"
	"runtime"
)

// private needs what Unix has: sockets in folders, inherited locks, /bin/sh.
func (e environment) private(_ context.Context, mode Mode) (*Server, error) {
	return nil, &UnavailableError{
		Mode:   mode,
		Reason: "a private Postgres runs on Linux, macOS and the BSDs, and this is " + runtime.GOOS,
		Next:   []string{"--database-url URL"},
	}
}

//go:build unix && !aix && !solaris

package postgres

import (
	"context"
	"errors"
)

// private starts a cluster of our own.
func (e environment) private(ctx context.Context, mode Mode) (*Server, error) {
	from, err := e.choose(ctx, mode)
	if err != nil {
		return nil, err
	}
	return e.launch(ctx, from)
}

// choose finds the binaries to run. Auto goes on to a download only when no
// server is installed: one that is installed but does not start is a fault worth
// hearing of, and so is a PG_BINDIR that is wrong.
func (e environment) choose(ctx context.Context, mode Mode) (installation, error) {
	if mode == Download {
		return e.download(ctx)
	}
	found, notInstalled := e.installed()
	if notInstalled == nil || mode == Launcher || e.binDir != "" {
		return found, notInstalled
	}
	e.progress("postgres: no installed server was found, taking mode download")
	found, err := e.download(ctx)
	var notFetched *UnavailableError
	if errors.As(err, &notFetched) {
		return installation{}, &UnavailableError{
			Mode:   Auto,
			Reason: "no installed server was found, and " + notFetched.Reason,
			Next:   notFetched.Next,
		}
	}
	return found, err
}

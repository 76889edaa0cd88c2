package boot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// Place is where a database is, whoever connects to it.
type Place struct {
	// Server is its host and port.
	Server string
	// Database is its name there.
	Database string
}

// PlaceOf reads a database URL. The error does not show the URL.
func PlaceOf(databaseURL string) (Place, error) {
	config, err := pgconn.ParseConfig(databaseURL)
	if err != nil {
		return Place{}, prisma.URLError(err)
	}
	return Place{fmt.Sprintf("%s:%d", strings.ToLower(config.Host), config.Port), config.Database}, nil
}

// String shows the place without credentials.
func (p Place) String() string { return p.Server + "/" + p.Database }

// StateDir is the folder in which the events of a lasting database are kept, under
// $XDG_STATE_HOME, else ~/.local/state. Its name comes from the database's place,
// not from who connects to it.
func StateDir(databaseURL string) (string, error) {
	place, err := PlaceOf(databaseURL)
	if err != nil {
		return "", err
	}
	base := os.Getenv("XDG_STATE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("there is no home folder to keep the events in, name one with --data: %w", err)
		}
		base = filepath.Join(home, ".local", "state")
	}
	sum := sha256.Sum256([]byte(place.String()))
	// A database may be called a/../../b: what a path understands is escaped.
	name := url.PathEscape(place.Database) + "-" + hex.EncodeToString(sum[:6])
	return filepath.Join(base, "arazzo", "pulse", name), nil
}

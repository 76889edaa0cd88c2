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
)

// stateDir is the folder in which the events of a lasting database are kept, under
// $XDG_STATE_HOME, else ~/.local/state. Its name comes from the database's place,
// not from who connects to it.
func stateDir(databaseURL string) (string, error) {
	config, err := pgconn.ParseConfig(databaseURL)
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
	place := fmt.Sprintf("%s:%d/%s", strings.ToLower(config.Host), config.Port, config.Database)
	sum := sha256.Sum256([]byte(place))
	// A database may be called a/../../b: what a path understands is escaped.
	name := url.PathEscape(config.Database) + "-" + hex.EncodeToString(sum[:6])
	return filepath.Join(base, "arazzo", "pulse", name), nil
}

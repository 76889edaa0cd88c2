package postgres

import (
	"os"
	"os/exec"
	"path/filepath"
)

// environment is what a start depends on besides its options. Tests make their
// own; the system's is read once per Start.
type environment struct {
	binDir     string   // PG_BINDIR: the only place to look for binaries when set
	repository string   // ARAZZO_POSTGRES_REPOSITORY: base URL to download from; "" is the library's own
	cache      string   // where templates and downloads are kept; "" when the user has no such place
	temporary  []string // where a cluster's folder may go, best first
	packages   []string // patterns of the folders that packages install servers to
	lookPath   func(program string) (string, error)
	progress   func(line string)
}

// packageFolders is where packages put server binaries; * stands for a version.
var packageFolders = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // the project's own RPMs
	"/usr/libexec/postgresql*",                           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
	"/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	"/Library/PostgreSQL/*/bin",                          // the macOS installer
	"/opt/local/lib/postgresql*/bin",                     // MacPorts
}

func systemEnvironment() environment {
	return environment{
		binDir:     os.Getenv("PG_BINDIR"),
		repository: os.Getenv("ARAZZO_POSTGRES_REPOSITORY"),
		cache:      cacheFolder(),
		temporary:  temporaryFolders(),
		packages:   packageFolders,
		lookPath:   exec.LookPath,
	}
}

// cacheFolder is the user's cache. Root's is under a home that no other account
// may enter, and root's servers run under another account: it gets the system's.
func cacheFolder() string {
	base, err := os.UserCacheDir()
	if os.Geteuid() == 0 && os.Getenv("XDG_CACHE_HOME") == "" {
		base, err = "/var/cache", nil
	}
	if err != nil {
		return ""
	}
	return filepath.Join(base, "arazzo", "postgres")
}

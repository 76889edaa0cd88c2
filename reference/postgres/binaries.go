//go:build unix && !aix && !solaris

package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// installation is a folder of server binaries, and the mode that found it.
type installation struct {
	mode   Mode
	binDir string
}

// program is the path of one of the installation's programs.
func (i installation) program(name string) string { return filepath.Join(i.binDir, name) }

// complete tells whether a server can be made and run from here. initdb alone is
// not enough, and client packages install pg_config and psql without either.
func (i installation) complete() bool {
	return executable(i.program("initdb")) && executable(i.program("postgres"))
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// installed finds the server binaries of this machine.
func (e environment) installed() (installation, error) {
	if e.binDir != "" {
		found := installation{mode: Launcher, binDir: e.binDir}
		if !found.complete() {
			return installation{}, &UnavailableError{
				Mode:   Launcher,
				Reason: fmt.Sprintf("PG_BINDIR is %q, which does not hold the programs initdb and postgres", e.binDir),
				Next:   []string{"set PG_BINDIR to a folder that holds both", "unset it to search this machine"},
			}
		}
		return found, nil
	}
	for _, dir := range e.candidates() {
		if found := (installation{mode: Launcher, binDir: dir}); found.complete() {
			return found, nil
		}
	}
	return installation{}, &UnavailableError{
		Mode:   Launcher,
		Reason: "no installed PostgreSQL server was found (initdb and postgres in one folder)",
		Next:   []string{e.installCommand(), "--postgres download", "--database-url URL", "PG_BINDIR=FOLDER"},
	}
}

// candidates lists the folders that may hold a server, the best first.
func (e environment) candidates() []string {
	var dirs []string
	for _, pattern := range e.packages {
		// The only error is a malformed pattern, and a test reads every one.
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if path, err := e.lookPath("initdb"); err == nil {
		// Debian links single programs into PATH; postgres lies beside the real one.
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		dirs = append(dirs, filepath.Dir(path))
	}
	if path, err := e.lookPath("pg_config"); err == nil {
		if out, err := exec.Command(path, "--bindir").Output(); err == nil {
			dirs = append(dirs, strings.TrimSpace(string(out)))
		}
	}
	return dirs
}

var versionInPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:postgresql[@/-]?|pgsql-|Versions/|PostgreSQL/)(\d+)`)
})

// majorVersion reads the version out of the path of a package's folder; 0 when
// there is none.
func majorVersion(dir string) int {
	match := versionInPath().FindStringSubmatch(dir)
	if match == nil {
		return 0
	}
	// Digits alone; a number too large for an int is no version.
	major, err := strconv.Atoi(match[1])
	if err != nil {
		return 0
	}
	return major
}

// installers maps package managers to the command that installs a server.
var installers = []struct{ program, command string }{
	{"apt-get", "apt-get install postgresql"},
	{"dnf", "dnf install postgresql-server"},
	{"apk", "apk add postgresql"},
	{"pacman", "pacman -S postgresql"},
	{"zypper", "zypper install postgresql-server"},
	{"brew", "brew install postgresql@17"},
}

// installCommand is the command that installs a server on this machine.
func (e environment) installCommand() string {
	for _, installer := range installers {
		if _, err := e.lookPath(installer.program); err == nil {
			return installer.command
		}
	}
	return "install PostgreSQL's server"
}

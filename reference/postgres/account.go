//go:build unix && !aix && !solaris

package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is who the server runs as; the zero value is the caller.
type account struct {
	switched bool
	name     string
	uid, gid uint32
}

// serverAccounts are tried in this order when we are root: the package's own
// account, the same on macOS, and one that every system has. Postgres asks for
// the account's name, so a bare number will not do.
var serverAccounts = []string{"postgres", "_postgres", "nobody"}

func serverAccount(mode Mode) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, name := range serverAccounts {
		if found, err := user.Lookup(name); err == nil {
			return parseAccount(found)
		}
	}
	return account{}, &UnavailableError{
		Mode:   mode,
		Reason: "PostgreSQL does not run as root, and none of the accounts postgres, _postgres and nobody exists",
		Next:   []string{"useradd --system postgres", "run this program as another user", "--database-url URL"},
	}
}

func parseAccount(u *user.User) (account, error) {
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return account{}, fmt.Errorf("account %s: %w", u.Username, err)
	}
	return account{switched: true, name: u.Username, uid: uint32(uid), gid: uint32(gid)}, nil
}

// own hands a file of ours to the account.
func (a account) own(path string) error {
	if !a.switched {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// dress makes a command run as the account, away from the terminal and from
// whatever the caller's environment and folder are: a Ctrl-C is meant for us, and
// PGDATA, PGOPTIONS or a locale that is not installed must not reach the server.
func (a account) dress(cmd *exec.Cmd) {
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}

// phrase is the account for the end of a sentence; "" for the caller.
func (a account) phrase() string {
	if !a.switched {
		return ""
	}
	return " when account " + a.name + " asks"
}

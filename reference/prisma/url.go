package prisma

import (
	"fmt"
	"strings"
)

// URLError says what is wrong with a database URL that pgx does not take, given pgx's
// error, and how one is written. It shows nothing of the URL: pgx masks the passwords
// in what it quotes as well as it can, and of what is no URL it cannot know them.
func URLError(err error) error {
	reason := err.Error()
	// The reason stands behind the quoted URL; behind it, in parentheses, may stand a
	// piece of it.
	if end := strings.LastIndex(reason, "`: "); end >= 0 {
		reason = reason[end+len("`: "):]
	}
	reason, _, _ = strings.Cut(reason, " (")
	return fmt.Errorf("this is no database URL (%s): write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with / and @ in the password as %%2F and %%40", reason)
}

package replication

import (
	"fmt"
	"strconv"
	"strings"
)

// LSN is a position in the write-ahead log: a count of bytes since the cluster
// was made.
type LSN uint64

// String formats the position as Postgres prints it: two hexadecimal halves, as
// in 16/B374D848.
func (l LSN) String() string {
	return fmt.Sprintf("%X/%X", uint32(l>>32), uint32(l))
}

// ParseLSN reads a position in the form that [LSN.String] and Postgres print.
func ParseLSN(s string) (LSN, error) {
	high, low, found := strings.Cut(s, "/")
	if !found {
		return 0, fmt.Errorf("log sequence number %q: expected two hexadecimal numbers with a slash between, such as 16/B374D848", s)
	}
	h, err := strconv.ParseUint(high, 16, 32)
	if err != nil {
		return 0, fmt.Errorf("log sequence number %q: the half before the slash: %w", s, err)
	}
	l, err := strconv.ParseUint(low, 16, 32)
	if err != nil {
		return 0, fmt.Errorf("log sequence number %q: the half after the slash: %w", s, err)
	}
	return LSN(h<<32 | l), nil
}

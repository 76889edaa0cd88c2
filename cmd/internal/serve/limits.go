package serve

import (
	"fmt"
	"strconv"

	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// subscribers is how many subscriptions there may be at a time.
type subscribers int

func (s *subscribers) Type() string { return "number" }

func (s *subscribers) String() string { return strconv.Itoa(int(*s)) }

// Set reads a whole number within the bounds.
func (s *subscribers) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > pulse.MostSubscribers {
		return fmt.Errorf("expected a whole number from 1 to %d", pulse.MostSubscribers)
	}
	*s = subscribers(n)
	return nil
}

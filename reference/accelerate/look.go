package accelerate

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

const (
	// A look at the schema that is older than lookAgain is followed by another one,
	// and queries wait for that when it is older than lookWithin: by then a person may
	// have changed a table and tried it.
	lookAgain  = 500 * time.Millisecond
	lookWithin = time.Second
	// lookWait is how long a query waits for that, lookTimeout how long it may take: a
	// database that does not answer keeps nobody from what is cached.
	lookWait    = 250 * time.Millisecond
	lookTimeout = 10 * time.Second
)

// look is the schema as it was at a moment.
type look struct {
	schema      *prisma.Schema
	fingerprint [sha256.Size]byte
	at          time.Time
}

// look is what the database holds, or held a moment ago; while it does not answer,
// what it held last.
func (s *Service) look(ctx context.Context) (*look, error) {
	last := s.last.Load()
	if last != nil && time.Since(last.at) < lookAgain {
		return last, nil
	}
	looking := s.looking.DoChan("", s.lookOnce)
	if last == nil {
		select {
		case looked := <-looking:
			if looked.Err != nil {
				return nil, looked.Err
			}
			return looked.Val.(*look), nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if time.Since(last.at) < lookWithin {
		return last, nil
	}
	patience := time.NewTimer(lookWait)
	defer patience.Stop()
	select {
	case looked := <-looking:
		if looked.Err == nil {
			return looked.Val.(*look), nil
		}
	case <-ctx.Done():
	case <-patience.C:
	}
	// Others need not wait as long in vain.
	s.last.CompareAndSwap(last, &look{last.schema, last.fingerprint, time.Now()})
	return last, nil
}

// lookOnce looks, whoever waits for it. A panic of it would end the process, for it has
// no caller.
func (s *Service) lookOnce() (_ any, err error) {
	defer func() {
		if met := recover(); met != nil {
			err = fmt.Errorf("a bug, please report it: %v\n%s", met, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(s.live, lookTimeout)
	defer cancel()
	began := time.Now()
	schema, err := s.schema(ctx)
	if err != nil {
		return nil, err
	}
	looked := &look{schema: schema, at: began}
	if last := s.last.Load(); last != nil && last.schema == schema {
		looked.fingerprint = last.fingerprint
	} else {
		looked.fingerprint = schema.Fingerprint()
	}
	s.last.Store(looked)
	return looked, nil
}

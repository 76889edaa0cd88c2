package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// warm is how long a server is asked before it is measured: connections, prepared
// statements and caches are made then.
const warm = 300 * time.Millisecond

// load is what a server did under a load.
type load struct {
	// perSecond is how many questions it answered, p50 and p99 what the middle one
	// and the last but a hundredth took, in milliseconds.
	perSecond, p50, p99 float64
	answered            int
}

// asker asks over one connection, with as little work as it can be done: what it
// takes is taken from the server.
type asker struct {
	conn   net.Conn
	reader *bufio.Reader
	of     contender
	host   string
	random *rand.Rand
	body   bytes.Buffer
	took   []time.Duration
}

// under asks a server over several connections for a time.
func (b *bench) under(ctx context.Context, s *service, of contender, lasts time.Duration) (load, error) {
	askers := make([]*asker, b.sizes.connections)
	for i := range askers {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			return load{}, err
		}
		defer conn.Close()
		askers[i] = &asker{conn: conn, reader: bufio.NewReader(conn), of: of, host: conn.RemoteAddr().String(), random: rand.New(rand.NewPCG(1, uint64(i)))}
	}
	started := time.Now()
	ends := started.Add(lasts)
	errs := make([]error, len(askers))
	var asking sync.WaitGroup
	for i, a := range askers {
		asking.Go(func() {
			for errs[i] == nil && ctx.Err() == nil && time.Now().Before(ends) {
				errs[i] = a.ask()
			}
		})
	}
	asking.Wait()
	wall := time.Since(started)
	var took []time.Duration
	for i, a := range askers {
		if errs[i] != nil {
			return load{}, fmt.Errorf("%s: %w", of.name, errs[i])
		}
		took = append(took, a.took...)
	}
	if len(took) == 0 {
		return load{}, fmt.Errorf("%s answered nothing within %s", of.name, lasts)
	}
	slices.Sort(took)
	return load{float64(len(took)) / wall.Seconds(), milliseconds(took[len(took)/2]), milliseconds(took[len(took)*99/100]), len(took)}, ctx.Err()
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ask sends one question and reads its answer.
func (a *asker) ask() error {
	body := a.of.question(a.random)
	started := time.Now()
	if _, err := fmt.Fprintf(a.conn, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		a.of.path, a.host, apiKey, len(body), body); err != nil {
		return err
	}
	status, answer, err := a.answer()
	if err != nil {
		return err
	}
	// The first answer is looked at, the others have to be answers.
	if status != "200" || len(a.took) == 0 && !bytes.Contains(answer, []byte(a.of.answers)) {
		return fmt.Errorf("asked %s it answered %s: %s", body, status, answer)
	}
	a.took = append(a.took, time.Since(started))
	return nil
}

// answer reads an answer: its status and its body, which holds until the next. Of the
// headers only what says how long the body is is looked at.
func (a *asker) answer() (status string, body []byte, err error) {
	length, chunked := 0, false
	for first := true; ; first = false {
		line, err := a.reader.ReadSlice('\n')
		if err != nil {
			return "", nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			if words := bytes.Fields(line); len(words) > 1 {
				status = string(words[1])
			}
			continue
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return "", nil, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	a.body.Reset()
	from := io.LimitReader(a.reader, int64(length))
	if chunked {
		from = httputil.NewChunkedReader(a.reader)
	}
	_, err = a.body.ReadFrom(from)
	if chunked && err == nil {
		_, err = a.reader.ReadSlice('\n') // the line after the last chunk
	}
	return status, a.body.Bytes(), err
}

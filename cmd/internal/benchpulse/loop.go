package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// loop is the role of the bare server: it makes -n events, so many a second, each
// formatted once, and has every subscriber write what waits for it with one flush.
// It has no database and no log. POST /start lets it begin.
func loop(args []string) error {
	flags := flag.NewFlagSet("loop", flag.ContinueOnError)
	events := flags.Int("n", 0, "how many events")
	rate := flags.Int("rate", 1000, "events a second")
	if err := flags.Parse(args); err != nil {
		return err
	}
	l := &looped{queues: map[chan []byte]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /subscribe", l.subscribe)
	mux.HandleFunc("POST /start", func(http.ResponseWriter, *http.Request) { go l.flow(*events, *rate) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "http://"+listener.Addr().String())
	return http.Serve(listener, mux)
}

type looped struct {
	mu     sync.Mutex
	queues map[chan []byte]bool
}

// waiting is how many events may wait for a subscriber: here none is cut.
const waiting = 1024

func (l *looped) subscribe(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	conn := http.NewResponseController(w)
	queue := make(chan []byte, waiting)
	l.mu.Lock()
	l.queues[queue] = true
	l.mu.Unlock()
	for {
		if conn.Flush() != nil {
			return
		}
		select {
		case event := <-queue:
			for more := true; more; {
				if _, err := w.Write(event); err != nil {
					return
				}
				select {
				case event = <-queue:
				default:
					more = false
				}
			}
		case <-r.Context().Done():
			return
		}
	}
}

// flow hands the events out, waiting for whoever does not keep up.
func (l *looped) flow(events, rate int) {
	started := time.Now()
	for i := range events {
		time.Sleep(time.Until(started.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		id := ulid.Make()
		event := fmt.Appendf(nil, "id: %s\ndata: {\"id\":\"%s\",\"action\":\"create\",\"modelName\":\"timed\",\"created\":{\"id\":\"%d\",\"note\":\"%s\",\"sent\":\"%d\"}}\n\n",
			id, id, i, note, time.Now().UnixMicro())
		l.mu.Lock()
		for queue := range l.queues {
			queue <- event
		}
		l.mu.Unlock()
	}
}

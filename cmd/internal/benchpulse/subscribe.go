package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// sampled subscribers look at the age of each event; all others count.
const sampled = 4

// patience is how long a subscriber waits for an event before it takes the rest for
// lost; less than the server's heartbeat would end a quiet stream.
const patience = 30 * time.Second

// subscribe is the role of many subscribers: each takes -n events. It says so when
// all are connected, and prints what arrived.
func subscribe(args []string) error {
	flags := flag.NewFlagSet("subscribe", flag.ContinueOnError)
	url := flags.String("url", "", "the `URL` to subscribe at")
	key := flags.String("key", "", "the API `KEY`")
	subscribers := flags.Int("subscribers", 1, "how many")
	events := flags.Int("n", 0, "how many events each has to get")
	if err := flags.Parse(args); err != nil {
		return err
	}
	list := make([]*subscriber, *subscribers)
	client := &http.Client{Transport: &http.Transport{ReadBufferSize: 64 << 10}}
	var connected, done sync.WaitGroup
	for i := range list {
		list[i] = &subscriber{want: *events, looks: i < sampled}
		connected.Add(1)
		done.Go(func() { list[i].run(client, *url, *key, connected.Done) })
	}
	connected.Wait()
	fmt.Fprintln(os.Stderr, reading)
	done.Wait()
	return json.NewEncoder(os.Stdout).Encode(arrivalOf(list))
}

func arrivalOf(list []*subscriber) arrival {
	var all ages
	events, complete := 0, 0
	var first, last time.Time
	for _, s := range list {
		all = append(all, s.ages...)
		events += s.events
		if s.events == s.want {
			complete++
		}
		if s.err != nil {
			fmt.Fprintln(os.Stderr, s.err)
		}
		if first.IsZero() || s.first.Before(first) {
			first = s.first
		}
		if s.last.After(last) {
			last = s.last
		}
	}
	result := all.arrival(events)
	result.Complete, result.Seconds = complete, last.Sub(first).Seconds()
	return result
}

// subscriber is one connection and what came over it.
type subscriber struct {
	want, events int
	looks        bool
	first, last  time.Time
	ages         ages
	err          error
	// end is the last piece's end, which may hold the beginning of a mark.
	end []byte
}

func (s *subscriber) run(client *http.Client, url, key string, connected func()) {
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(`{"model": "timed"}`))
	if err != nil {
		s.err = err
		connected()
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := client.Do(request)
	connected()
	if err != nil {
		s.err = err
		return
	}
	defer response.Body.Close()
	timer := time.AfterFunc(patience, func() { _ = response.Body.Close() })
	defer timer.Stop()
	if s.looks {
		s.look(response.Body, timer)
	} else {
		s.count(response.Body, timer)
	}
}

// look reads lines and the age of each event.
func (s *subscriber) look(body io.Reader, timer *time.Timer) {
	lines := bufio.NewReaderSize(body, 64<<10)
	for s.events < s.want && s.err == nil {
		var line []byte
		if line, s.err = lines.ReadSlice('\n'); bytes.HasPrefix(line, []byte("data: ")) {
			s.came(1)
			s.ages.note(line)
			timer.Reset(patience)
		}
	}
}

// mark is what each event has once: a browser's parser would see the same.
var mark = []byte("\ndata: ")

// count takes whole pieces, for the time of the subscribers is not the server's.
func (s *subscriber) count(body io.Reader, timer *time.Timer) {
	buffer := make([]byte, 64<<10)
	for s.events < s.want && s.err == nil {
		var n int
		n, s.err = body.Read(buffer)
		piece := buffer[:n]
		// A mark across the border of two pieces lies in these few bytes, and nothing else.
		s.end = append(s.end, piece[:min(n, len(mark)-1)]...)
		found := bytes.Count(s.end, mark) + bytes.Count(piece, mark)
		if n >= len(mark) {
			s.end = append(s.end[:0], piece[n-len(mark)+1:]...)
		}
		// No longer than that it holds no whole mark, which would count again.
		s.end = append(s.end[:0], s.end[max(0, len(s.end)-len(mark)+1):]...)
		if found > 0 {
			s.came(found)
			timer.Reset(patience)
		}
	}
}

func (s *subscriber) came(events int) {
	s.last = time.Now()
	if s.events == 0 {
		s.first = s.last
	}
	s.events += events
}

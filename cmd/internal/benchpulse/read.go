package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
)

// read is the role of the one reader of a named stream: it takes -n events, each
// later than the one before, and prints how old they were where they say so.
func read(args []string) error {
	flags := flag.NewFlagSet("read", flag.ContinueOnError)
	url := flags.String("url", "", "the stream's `URL`")
	key := flags.String("key", "", "the API `KEY`")
	events := flags.Int("n", 0, "end after this many events")
	if err := flags.Parse(args); err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodGet, *url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+*key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", *url, response.Status)
	}
	fmt.Fprintln(os.Stderr, reading)
	var r reader
	lines := bufio.NewReaderSize(response.Body, 256<<10)
	for r.events < *events {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("after %d of %d events: %w", r.events, *events, err)
		}
		if err := r.line(line); err != nil {
			return err
		}
	}
	return r.ages.print(os.Stdout, r.events)
}

// reading is what a reader says once it is connected.
const reading = "reading"

// reader counts the events of a stream and holds their order.
type reader struct {
	events int
	// last is the identifier of the event before, whose text grows.
	last []byte
	ages ages
}

func (r *reader) line(line []byte) error {
	if id, ok := bytes.CutPrefix(line, []byte("id: ")); ok {
		if bytes.Compare(id, r.last) <= 0 {
			return fmt.Errorf("event %d has the identifier %q after %q", r.events, id, r.last)
		}
		r.last = append(r.last[:0], id...)
		return nil
	}
	if bytes.HasPrefix(line, []byte("data: ")) {
		r.events++
		r.ages.note(line)
	}
	return nil
}

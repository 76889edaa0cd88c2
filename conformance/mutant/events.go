package mutant

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strings"
)

// event is one server-sent event: its lines, without the empty one that ends it.
type event []string

// field is the value of a field, empty where there is none.
func (e event) field(name string) string {
	for _, line := range e {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimPrefix(value, " ")
		}
	}
	return ""
}

// without is the event less one field.
func (e event) without(name string) event {
	return slices.DeleteFunc(slices.Clone(e), func(line string) bool { return strings.HasPrefix(line, name+":") })
}

// with is the event with a field, in place of one of the same name.
func (e event) with(name, value string) event {
	return append(event{name + ": " + value}, e.without(name)...)
}

// data is the document that the event carries.
func (e event) data() any { return decode([]byte(e.field("data"))) }

// changed is the event with its document changed.
func (e event) changed(changes []change) event {
	return e.with("data", string(changed([]byte(e.field("data")), changes)))
}

// text is the event as it is sent.
func (e event) text() string { return strings.Join(e, "\n") + "\n\n" }

// sink takes what a consumer is sent: events, any text, and the end, which is io.EOF
// or, where the connection breaks, errCut.
type sink struct {
	send func(event)
	raw  func(string)
	end  func(error)
}

// eventDefect begins to break the events of one connection, the answer to a request:
// it may send something at once, and gives what takes each event of the target.
type eventDefect func(r *http.Request, to sink) func(event)

// events breaks the events of streams, as they come. The first defect sees what the
// target sent, the next one what became of it.
func events(defects ...eventDefect) Defect {
	return after(func(r *http.Request, response *http.Response) {
		if !isStream(response) {
			return
		}
		stream := &eventReader{lines: bufio.NewReader(response.Body), Closer: response.Body}
		to := sink{
			raw:  func(text string) { stream.ready = append(stream.ready, text...) },
			end:  func(err error) { stream.err = err },
			send: func(e event) { stream.ready = append(stream.ready, e.text()...) },
		}
		for _, d := range slices.Backward(defects) {
			to.send = d(r, to)
		}
		stream.take = to.send
		response.Header.Del("Content-Length")
		response.ContentLength = -1
		response.Body = stream
	})
}

// eventReader reads the target's events and gives what the defects make of them.
type eventReader struct {
	lines *bufio.Reader
	io.Closer
	take  func(event)
	block event
	ready []byte
	err   error
}

func (s *eventReader) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.line()
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// line takes one line of the target. Comments and blocks without data, which are no
// events, are passed on as they are.
func (s *eventReader) line() {
	line, err := s.lines.ReadString('\n')
	if err != nil {
		s.ready = append(s.ready, strings.Join(append(s.block, line), "\n")...)
		s.err = err
		return
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case strings.HasPrefix(line, ":"):
		s.ready = append(s.ready, line+"\n"...)
	case line != "":
		s.block = append(s.block, line)
	case len(s.block) == 0:
		s.ready = append(s.ready, '\n')
	case s.block.field("data") == "":
		s.ready = append(s.ready, s.block.text()...)
		s.block = nil
	default:
		e := s.block
		s.block = nil
		s.take(e)
	}
}

package mutant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Recording keeps what a case asked and was answered where nothing is broken. It tells
// of a mutant whether it would have altered anything of that: what it leaves alone in
// every request and every answer, the case cannot see, and need not be tried on it.
type Recording struct {
	mutex     sync.Mutex
	exchanges []*exchange
	// waiting counts those that are not answered yet; atOnce is true where there were two.
	waiting int
	atOnce  bool
}

// exchange is a request and its answer, the body of which is what the client read of it.
type exchange struct {
	accelerate bool
	request    *http.Request
	sent       []byte
	// answer is nil where none came.
	answer *http.Response
	mutex  sync.Mutex
	text   []byte
}

// Mutant is one that breaks nothing, behind which this is recorded.
func (r *Recording) Mutant(name string) Mutant {
	return Mutant{Name: name, Pulse: r.recording(false), Accelerate: r.recording(true)}
}

func (r *Recording) recording(accelerate bool) Defect {
	return carrying(func(target http.RoundTripper, request *http.Request) (*http.Response, error) {
		e := &exchange{accelerate: accelerate, sent: sent(request), request: request.Clone(context.WithoutCancel(request.Context()))}
		r.mutex.Lock()
		r.exchanges = append(r.exchanges, e)
		r.waiting++
		r.atOnce = r.atOnce || r.waiting > 1
		r.mutex.Unlock()
		response, err := target.RoundTrip(request)
		r.mutex.Lock()
		r.waiting--
		r.mutex.Unlock()
		if err == nil {
			answer := *response
			answer.Header = response.Header.Clone()
			e.answer, response.Body = &answer, &recorded{response.Body, e}
		}
		return response, err
	})
}

// recorded is a body that is kept as it is read.
type recorded struct {
	io.ReadCloser
	of *exchange
}

func (b *recorded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.of.mutex.Lock()
	defer b.of.mutex.Unlock()
	b.of.text = append(b.of.text, p[:n]...)
	return n, err
}

// Altered tells whether the mutant alters anything of what was recorded. What was asked at
// a time would be so only by chance once more: a mutant of that may alter all of it.
func (r *Recording) Altered(m Mutant) bool {
	if m.AtOnce {
		return r.atOnce
	}
	// What comes in a stream comes before later requests are sent, or behind them: what a
	// defect remembers of the one may break the other, so both are tried.
	return r.alteredBy(m, false) || slices.ContainsFunc(r.exchanges, (*exchange).streams) && r.alteredBy(m, true)
}

// alteredBy sends the mutant all requests once more, in their order, to a target that
// answers as it was recorded. Streams are read at once, or when everything was asked.
func (r *Recording) alteredBy(m Mutant, readLast bool) bool {
	var asked again
	pulse, accelerate := m.defects()
	through := map[bool]http.RoundTripper{}
	for isAccelerate, defect := range map[bool]Defect{false: pulse, true: accelerate} {
		if defect != nil {
			through[isAccelerate] = defect(&asked)
		}
	}
	var streams []func() bool
	for _, e := range r.exchanges {
		broken, there := through[e.accelerate]
		if !there {
			continue
		}
		asked = again{exchange: e}
		response, err := broken.RoundTrip(e.again())
		if !asked.asItWas || (err == nil) != (e.answer != nil) || err == nil && asked.headAltered(response) {
			return true
		}
		if err != nil {
			continue
		}
		altered := func(was again) func() bool { return func() bool { return was.bodyAltered(response) } }(asked)
		if readLast && e.streams() {
			streams = append(streams, altered)
		} else if altered() {
			return true
		}
	}
	return slices.ContainsFunc(streams, func(altered func() bool) bool { return altered() })
}

// again is a target that is asked what it was asked already.
type again struct {
	*exchange
	times int
	// asItWas is true where the request came once, and unaltered.
	asItWas bool
	body    io.ReadCloser
}

// RoundTrip implements http.RoundTripper.
func (a *again) RoundTrip(r *http.Request) (*http.Response, error) {
	a.times++
	a.asItWas = a.times == 1 && r.Method == a.request.Method && r.URL.String() == a.request.URL.String() &&
		reflect.DeepEqual(r.Header, a.request.Header) && same(sent(r), a.sent)
	if !a.asItWas || a.answer == nil {
		return nil, errCut
	}
	response := a.response()
	a.body = response.Body
	return response, nil
}

// again is the request as it came.
func (e *exchange) again() *http.Request {
	r := e.request.Clone(e.request.Context())
	r.Body = io.NopCloser(bytes.NewReader(e.sent))
	return r
}

// response is the answer as it came.
func (e *exchange) response() *http.Response {
	response := *e.answer
	response.Header = e.answer.Header.Clone()
	e.mutex.Lock()
	defer e.mutex.Unlock()
	response.Body = io.NopCloser(bytes.NewReader(e.text))
	return &response
}

func (e *exchange) streams() bool { return e.answer != nil && isStream(e.answer) }

func (a *again) headAltered(response *http.Response) bool {
	is, was := response.Header.Clone(), a.answer.Header.Clone()
	is.Del("Content-Length") // goes with the body
	was.Del("Content-Length")
	return response.StatusCode != a.answer.StatusCode || !reflect.DeepEqual(is, was)
}

// bodyAltered compares what a client would read. A defect of events writes what it does
// not alter in its own way; any other that takes a stream in hand may also hold it up or
// keep it open, which no text shows.
func (a *again) bodyAltered(response *http.Response) bool {
	if response.Body == a.body {
		return false
	}
	was := a.response()
	if a.streams() {
		stream, ok := response.Body.(*eventReader)
		if !ok || stream.Closer != a.body {
			return true
		}
		was, _ = events()(roundTrip(func(*http.Request) (*http.Response, error) { return was, nil })).RoundTrip(a.request)
	} else if _, held := response.Body.(*stays); held {
		return true
	}
	want, _ := io.ReadAll(was.Body) // it is in memory
	got, err := io.ReadAll(response.Body)
	if a.streams() {
		want, got = plainStream(want), plainStream(got)
	}
	return err != nil || !same(want, got)
}

// plainStream is a stream in which each event has its lines in the order of the alphabet,
// and its document as [plain] has it.
func plainStream(stream []byte) []byte {
	blocks := strings.Split(string(stream), "\n\n")
	for i, block := range blocks {
		lines := strings.Split(block, "\n")
		for j, line := range lines {
			if data, is := strings.CutPrefix(line, "data: "); is {
				lines[j] = "data: " + plain(data)
			}
		}
		slices.Sort(lines)
		blocks[i] = strings.Join(lines, "\n")
	}
	return []byte(strings.Join(blocks, "\n\n"))
}

// same tells whether two bodies are alike, or one document in JSON but for blanks and the
// order of members: most defects write anew what they alter nothing of.
func same(a, b []byte) bool { return bytes.Equal(a, b) || plain(string(a)) == plain(string(b)) }

// plain is a document in JSON without blanks, and with the members of objects in the
// order of the alphabet. Texts and numbers stay as they are written, a member that is
// there twice is there twice, and what is no JSON stays as it is.
func plain(text string) string {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := plainValue(decoder, text)
	if err != nil {
		return text
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return text
	}
	return value
}

func plainValue(decoder *json.Decoder, text string) (string, error) {
	from := decoder.InputOffset()
	token, err := decoder.Token()
	if err != nil {
		return "", err
	}
	written := strings.Trim(text[from:decoder.InputOffset()], " \t\r\n,:")
	if token != json.Delim('{') && token != json.Delim('[') {
		return written, nil
	}
	var members []string
	for decoder.More() {
		member, err := plainValue(decoder, text)
		if err == nil && token == json.Delim('{') {
			var value string
			value, err = plainValue(decoder, text)
			member += ":" + value
		}
		if err != nil {
			return "", err
		}
		members = append(members, member)
	}
	if token == json.Delim('{') {
		slices.Sort(members)
	}
	end, err := decoder.Token()
	return written + strings.Join(members, ",") + fmt.Sprint(end), err
}

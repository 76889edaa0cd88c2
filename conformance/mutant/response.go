package mutant

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// errCut is why a connection breaks off.
var errCut = errors.New("the mutant breaks off here")

// after does something to each answer.
func after(alter func(*http.Request, *http.Response)) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			response, err := target.RoundTrip(r)
			if err == nil {
				alter(r, response)
			}
			return response, err
		})
	}
}

// status replaces one status.
func status(from, to int) Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if response.StatusCode != from {
			return
		}
		response.StatusCode = to
		if to == http.StatusNoContent || to == http.StatusNotModified {
			setBody(response, nil)
		}
	})
}

// header sets a header field.
func header(name, value string) Defect {
	return after(func(_ *http.Request, response *http.Response) { response.Header.Set(name, value) })
}

// noHeader leaves a header field out.
func noHeader(name string) Defect {
	return after(func(_ *http.Request, response *http.Response) { response.Header.Del(name) })
}

// editHeader alters a header field that is there.
func editHeader(name string, f func(value string) string) Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if response.Header.Values(name) != nil {
			response.Header.Set(name, f(response.Header.Get(name)))
		}
	})
}

// body changes the JSON of answers; streams are let pass.
func body(changes ...change) Defect {
	return editBody(func(text []byte) []byte { return changed(text, changes) })
}

// text replaces what matches in the body of answers; streams are let pass.
func text(pattern, replacement string) Defect {
	match := regexp.MustCompile(pattern)
	return editBody(func(text []byte) []byte { return match.ReplaceAll(text, []byte(replacement)) })
}

// rawBody gives each answer another body.
func rawBody(text string) Defect {
	return editBody(func([]byte) []byte { return []byte(text) })
}

func editBody(f func(text []byte) []byte) Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if !isStream(response) {
			setBody(response, f(bodyOf(response)))
		}
	})
}

// isStream tells server-sent events, which have no end to wait for.
func isStream(response *http.Response) bool {
	return strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream")
}

// bodyOf reads an answer to its end; it can still be given afterwards.
func bodyOf(response *http.Response) []byte {
	text, _ := io.ReadAll(io.LimitReader(response.Body, largestBody))
	_ = response.Body.Close() // it was read
	response.Body = io.NopCloser(bytes.NewReader(text))
	return text
}

func setBody(response *http.Response, text []byte) {
	_ = response.Body.Close() // nobody reads it any more
	response.Body = io.NopCloser(bytes.NewReader(text))
	response.ContentLength = int64(len(text))
	response.TransferEncoding = nil
	response.Header.Del("Content-Length")
	if text != nil {
		response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	}
}

// answer answers in the target's place. What begins with a brace or a bracket is JSON.
func answer(status int, text string) Defect {
	return invent(func(*http.Request) *http.Response { return made(status, text) })
}

// made is an answer that no target gave.
func made(status int, text string) *http.Response {
	response := &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody}
	switch {
	case text == "":
		return response
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		response.Header.Set("Content-Type", "application/json")
	default:
		response.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	setBody(response, []byte(text))
	return response
}

// invent answers in the target's place, or has the target asked: nil.
func invent(f func(*http.Request) *http.Response) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if response := f(r); response != nil {
				return response, nil
			}
			return target.RoundTrip(r)
		})
	}
}

// hangUp ends the connection without an answer; the target is not asked.
func hangUp() Defect {
	return func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(*http.Request) (*http.Response, error) { return nil, errCut })
	}
}

// cutBody breaks the connection after so many bytes of a body.
func cutBody(n int64) Defect {
	return after(func(_ *http.Request, response *http.Response) {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(response.Body, n), broken{}), response.Body}
	})
}

// broken is the end of a connection that breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errCut }

// unending keeps an answer open after the target has ended it.
func unending() Defect {
	return after(func(r *http.Request, response *http.Response) {
		response.Header.Del("Content-Length")
		response.ContentLength = -1
		response.Body = &stays{response.Body, r}
	})
}

type stays struct {
	io.ReadCloser
	request *http.Request
}

func (s *stays) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if n == 0 && err != nil {
		<-s.request.Context().Done()
	}
	if n > 0 {
		err = nil
	}
	return n, err
}

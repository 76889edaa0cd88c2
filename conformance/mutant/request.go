package mutant

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// largestBody bounds what is kept of a body to look at or to alter it.
const largestBody = 16 << 20

// sent is the body of a request, which can still be sent afterwards.
func sent(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	// What broke off, or is longer, goes on where it was.
	text, _ := io.ReadAll(io.LimitReader(r.Body, largestBody))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), r.Body), r.Body}
	return text
}

// sentJSON is the document that a request carries, nil where it is none.
func sentJSON(r *http.Request) any { return decode(sent(r)) }

// before does something to each request.
func before(alter func(*http.Request)) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			alter(r)
			return target.RoundTrip(r)
		})
	}
}

// send changes the JSON that the target gets.
func send(changes ...change) Defect {
	return before(func(r *http.Request) { alterSent(r, changes...) })
}

// alterSent changes the JSON of one request.
func alterSent(r *http.Request, changes ...change) { setSent(r, changed(sent(r), changes)) }

func setSent(r *http.Request, text []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
}

// sendNoHeader keeps a header field from the target.
func sendNoHeader(name string) Defect {
	return before(func(r *http.Request) { r.Header.Del(name) })
}

// sendPath replaces a part of the path that the target gets, as it is written.
func sendPath(from, to string) Defect {
	return before(func(r *http.Request) {
		path, err := r.URL.Parse(strings.ReplaceAll(r.URL.EscapedPath(), from, to))
		if err == nil {
			path.RawQuery = r.URL.RawQuery
			r.URL = path
		}
	})
}

// sendKey gives the target a good key, whatever was sent.
func sendKey() Defect {
	return before(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+targetOf(r).APIKey) })
}

// sendOtherKey gives the target the key of the other environment, whatever was sent.
func sendOtherKey() Defect {
	return before(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+targetOf(r).OtherAPIKey) })
}

package exchange_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

type flusher interface {
	io.WriteCloser
	Flush() error
}

func compressor(t testing.TB, encoding string, to io.Writer) flusher {
	t.Helper()
	switch encoding {
	case "br":
		return brotli.NewWriter(to)
	case "zlib":
		return zlib.NewWriter(to)
	case "flate":
		w, err := flate.NewWriter(to, flate.DefaultCompression)
		if err != nil {
			t.Fatal(err)
		}
		return w
	default:
		return gzip.NewWriter(to)
	}
}

func compressed(t testing.TB, encoding, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := compressor(t, encoding, &b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// answering is a transport that answers with a body.
type answering func(r *http.Request) *http.Response

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func body(header http.Header, body io.Reader) answering {
	return func(*http.Request) *http.Response {
		return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(body)}
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	const text = "some text"
	zipped, brotlied := compressed(t, "gzip", text), compressed(t, "br", text)
	bomb := compressed(t, "br", strings.Repeat("x", 1<<20))
	tests := []struct {
		name, encoding string
		body           []byte
		want           string
	}{
		{"none", "", []byte(text), `200 "some text"`},
		{"identity", "Identity", []byte(text), `200 "some text"`},
		{"gzip", "gzip", zipped, `200 "some text"`},
		{"gzip in two members", "X-GZIP", append(bytes.Clone(zipped), zipped...), `200 "some textsome text"`},
		{"brotli", "br", brotlied, `200 "some text"`},
		{"deflate", "deflate", compressed(t, "zlib", text), `200 "some text"`},
		{"deflate without zlib", "deflate", compressed(t, "flate", text), `200 "some text"`},
		{"gzip, then brotli", "gzip, br", compressed(t, "br", string(zipped)), `200 "some text"`},
		{"an empty body", "gzip", nil, `200 ""`},
		{"an empty body in an unknown encoding", "zstd", nil, `200 ""`},

		{"an unknown encoding", "zstd", []byte("x"), `200 ""; unknown-encoding: the response has the content encoding "zstd", which cannot be read and was not asked for; have it sent in gzip, br or deflate, or as it is`},
		{"too many encodings", "gzip, gzip, gzip, gzip, gzip", zipped, `200 ""; unknown-encoding: the response has the content encoding "gzip, gzip, gzip, gzip, gzip", which cannot be read and was not asked for; have it sent in gzip, br or deflate, or as it is`},
		{"plain text that says gzip", "gzip", []byte("some plain text"), `200 ""; response-broken: the response is no whole gzip: gzip: invalid header`},
		{"plain text that says br", "br", []byte("\xff\xff plain text"), `200 ""; response-broken: the response is no whole br: brotli: PADDING_2`},
		{"plain text that says deflate", "deflate", []byte("\xff\xff plain text"), `200 ""; response-broken: the response is no whole deflate: flate: corrupt input before offset 1`},
		{"half a gzip", "gzip", zipped[:len(zipped)-4], `200 "some text"; response-broken: the response is no whole gzip: unexpected EOF`},
		{"half a brotli", "br", brotlied[:len(brotlied)-3], `200 "some te"; response-broken: the response is no whole br: unexpected EOF`},
		{"a gzip with a wrong sum", "gzip", append(bytes.Clone(zipped[:len(zipped)-8]), make([]byte, 8)...), `200 "some text"; response-broken: the response is no whole gzip: gzip: invalid checksum`},
		{"something after a gzip", "gzip", append(bytes.Clone(zipped), "more than that"...), `200 "some text"; response-broken: the response is no whole gzip: gzip: invalid header`},
		{"a bomb", "br", bomb, `200 "xxxxxxxxxxxxxxxxxxxx… 1000 bytes"; response-too-large: the response has more than 1000 bytes; where that is right, allow more with --max-response-bytes`},
		{"a bomb in a bomb", "gzip, br", compressed(t, "br", string(compressed(t, "gzip", strings.Repeat("x", 1<<20)))), `200 "xxxxxxxxxxxxxxxxxxxx… 1000 bytes"; response-too-large: the response has more than 1000 bytes; where that is right, allow more with --max-response-bytes`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if test.encoding != "" {
				header["Content-Encoding"] = []string{test.encoding}
			}
			o := exchange.Options{MaxResponseBytes: 1000, Transport: body(header, bytes.NewReader(test.body))}
			if diff := cmp.Diff(test.want, told(t, o, get("http://api.test"))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCompressedStreams holds that what a server has flushed can be read before it
// sends more.
func TestCompressedStreams(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"gzip", "br"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			got := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", encoding)
				w.(http.Flusher).Flush()
				compressor := compressor(t, encoding, w)
				for i := range 3 {
					fmt.Fprintf(compressor, "data: %d\n\n", i)
					_ = compressor.Flush()
					w.(http.Flusher).Flush()
					select {
					case <-got:
					case <-r.Context().Done():
					}
				}
				_ = compressor.Close()
			}))
			t.Cleanup(server.Close)
			client := exchange.New(exchange.Options{})
			t.Cleanup(client.Close)
			response, err := client.Do(t.Context(), get(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				event := make([]byte, len("data: 0\n\n"))
				if _, err := io.ReadFull(response.Body, event); err != nil || string(event) != fmt.Sprintf("data: %d\n\n", i) {
					t.Fatalf("event %d is %q: %v", i, event, err)
				}
				got <- struct{}{}
			}
			if rest, err := response.ReadAll(); len(rest) > 0 || err != nil {
				t.Errorf("after the events: %q, %v", rest, err)
			}
		})
	}
}

func FuzzDecompress(f *testing.F) {
	for _, encoding := range []string{"gzip", "br", "deflate", "gzip, br", "zstd"} {
		f.Add(encoding, compressed(f, strings.Split(encoding, ",")[0], "some text"))
	}
	f.Fuzz(func(t *testing.T, encoding string, text []byte) {
		client := exchange.New(exchange.Options{MaxResponseBytes: 1 << 16, Transport: body(http.Header{"Content-Encoding": {encoding}}, bytes.NewReader(text))})
		response, err := client.Do(t.Context(), get("http://api.test"))
		if err != nil {
			t.Fatal(err)
		}
		if read, _ := response.ReadAll(); len(read) > 1<<16 {
			t.Errorf("%d bytes", len(read))
		}
	})
}

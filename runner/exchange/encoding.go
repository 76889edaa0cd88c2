package exchange

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
)

// maxEncodings bounds how often one body may be compressed.
const maxEncodings = 4

// decompress undoes the encodings of a body, of which the last was applied last
// (RFC 9110, section 8.4). What cannot be undone is the error of reading it, so
// that an answer without a body may say what it likes.
func decompress(header []string, body io.Reader) io.Reader {
	var encodings []string
	for _, name := range strings.Split(strings.Join(header, ","), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && name != "identity" {
			encodings = append(encodings, name)
		}
	}
	if len(encodings) > maxEncodings {
		return &decompressor{from: bufio.NewReader(body), name: strings.Join(encodings, ", ")}
	}
	for i := len(encodings) - 1; i >= 0; i-- {
		body = &decompressor{from: bufio.NewReader(body), name: encodings[i], open: decoders[encodings[i]]}
	}
	return body
}

var decoders = map[string]func(*bufio.Reader) (io.Reader, error){
	"gzip":    func(from *bufio.Reader) (io.Reader, error) { return gzip.NewReader(from) },
	"x-gzip":  func(from *bufio.Reader) (io.Reader, error) { return gzip.NewReader(from) },
	"br":      func(from *bufio.Reader) (io.Reader, error) { return brotli.NewReader(from), nil },
	"deflate": deflate,
}

// deflate is the zlib format; some servers send what is inside of it alone.
func deflate(from *bufio.Reader) (io.Reader, error) {
	head, err := from.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(from)
	}
	return flate.NewReader(from), nil
}

// decompressor opens its decoder with the first byte, so that nobody waits for
// one that has not come yet.
type decompressor struct {
	from    *bufio.Reader
	name    string
	open    func(*bufio.Reader) (io.Reader, error)
	decoded io.Reader
}

func (d *decompressor) Read(p []byte) (int, error) {
	if d.decoded == nil {
		if _, err := d.from.Peek(1); err != nil {
			return 0, err // an empty body, or a broken one
		}
		if d.open == nil {
			return 0, &Error{
				Code: UnknownEncoding, Message: fmt.Sprintf("the response has the content encoding %q, which cannot be read and was not asked for", d.name),
				Fix: "have it sent in gzip, br or deflate, or as it is",
			}
		}
		decoded, err := d.open(d.from)
		if err != nil {
			return 0, d.damaged(err)
		}
		d.decoded = decoded
	}
	n, err := d.decoded.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.damaged(err)
	}
	return n, err
}

// damaged tells a body that is not what its header says from a connection that
// broke.
func (d *decompressor) damaged(err error) error {
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	return &Error{Code: Broken, Message: fmt.Sprintf("the response is no whole %s: %v", d.name, err), Err: err}
}

package exchange

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// maxDrained is how much of a body that nobody reads is read nevertheless, so
// that its connection can serve the next request.
const maxDrained = 64 << 10

// drain reads the rest of a body, within a bound, and closes it.
func drain(body io.ReadCloser) {
	if body == nil { // of a transport of the caller's
		return
	}
	_, _ = io.CopyN(io.Discard, body, maxDrained) // what cannot be read costs the connection alone
	_ = body.Close()
}

// body is a response's body: decompressed, then bounded.
func (c *Client) body(answer *http.Response) io.ReadCloser {
	if answer.Body == nil || answer.Body == http.NoBody {
		return http.NoBody
	}
	decoded := decompress(answer.Header.Values("Content-Encoding"), answer.Body)
	return &content{decoded: decoded, raw: answer.Body, left: c.limit, limit: c.limit}
}

// content is a body while it is read.
type content struct {
	decoded     io.Reader
	raw         io.ReadCloser
	left, limit int64
	ended       error
}

func (b *content) Read(p []byte) (int, error) {
	if b.ended != nil {
		return 0, b.ended
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more tells a body of the limit from a larger one
	}
	n, err := b.decoded.Read(p)
	if int64(n) > b.left {
		n, b.ended = int(b.left), &Error{
			Code: TooLarge, Message: fmt.Sprintf("the response has more than %d bytes", b.limit),
			Fix: "where that is right, allow more with --max-response-bytes",
		}
		b.left = 0
		return n, b.ended
	}
	b.left -= int64(n)
	if err != nil {
		b.ended = broken(err)
		return n, b.ended
	}
	return n, nil
}

// Close may be called while another goroutine reads.
func (b *content) Close() error { return b.raw.Close() }

// ReadAll reads the whole body and closes it. What was read before an error is
// returned with it, an [*Error].
func (r *Response) ReadAll() ([]byte, error) {
	defer r.Body.Close()
	var text bytes.Buffer
	_, err := text.ReadFrom(r.Body)
	return text.Bytes(), err
}

package accelerate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// result is the outcome of a query that could be read as a request: data or
// errors, or what each query of a batch came to. Once it is signed it does not change:
// who asks later may get it too.
type result struct {
	data, errors, batch []byte
	signature           string
	// at is the moment as of which it is true, modified and date are that as RFC 3339
	// and as HTTP write it.
	at             time.Time
	modified, date string
}

// asOf says of which moment it is true.
func (r *result) asOf(at time.Time) *result {
	r.at, r.modified, r.date = at, at.UTC().Format(time.RFC3339Nano), at.UTC().Format(http.TimeFormat)
	return r
}

// bytes is how much memory it holds.
func (r *result) bytes() int {
	const itself = 256
	if r == nil {
		return 0
	}
	return cap(r.data) + cap(r.errors) + len(r.signature) + itself
}

// None is the cache status of what the cache had nothing to do with; the others are
// those of [cache.Status].
const None = "none"

// answer is a result and how it came about.
type answer struct {
	*result
	status string
}

// failure is why a query has errors for a result; what it wraps may be a fault as well.
type failure struct {
	// query is what was asked, in canonical form where it could be read.
	query []byte
	error
}

func (f *failure) Unwrap() error { return f.error }

// failed makes an answer of a query's failure, and hands on what is more than that.
// Nothing of it is cached.
func (s *Service) failed(err error) (answer, error) {
	var e *prisma.Error
	var f *failure
	if !errors.As(err, &e) || !errors.As(err, &f) {
		return answer{}, err
	}
	text, err := queryErrorOf(e).list()
	return answer{s.sign(f.query, &result{errors: text}).asOf(s.now()), None}, err
}

// sign proves that a result belongs to a query: hexadecimal HMAC-SHA256, with what
// all API keys make, over the canonical query, a newline and the data or the errors; of a batch over the
// canonical queries, each with a newline, another newline and its results.
func (s *Service) sign(query []byte, r *result) *result {
	mac := hmac.New(sha256.New, s.secret)
	// Hash.Write never returns an error.
	_, _ = mac.Write(query)
	_, _ = mac.Write([]byte{'\n'})
	_, _ = mac.Write(r.data)
	_, _ = mac.Write(r.errors)
	_, _ = mac.Write(r.batch)
	r.signature = hex.EncodeToString(mac.Sum(nil))
	return r
}

// accelerateInfo is AccelerateInfo, and its moment as HTTP writes it.
type accelerateInfo struct {
	cacheStatus, lastModified, date, region, requestID, signature string
}

// write writes a QueryResponse. The result is JSON already, and large ones are not
// read again: there is no more work in an answer from the cache than there must be.
func (s *Service) write(w http.ResponseWriter, id string, a answer) {
	info := accelerateInfo{a.status, a.modified, a.date, s.region, id, a.signature}
	if a.status == None {
		s.others.Add(1)
	}
	name, text := `{"data":`, a.data
	switch {
	case a.errors != nil:
		name, text = `{"errors":`, a.errors
	case a.batch != nil:
		name, text = `{"batchResult":`, a.batch
	}
	end := info.appendExtensions(make([]byte, 0, 512))
	info.setHeaders(w.Header(), len(name)+len(text)+len(end))
	w.WriteHeader(http.StatusOK)
	// A peer that is gone gets no answer, and needs none.
	_, _ = io.WriteString(w, name)
	_, _ = w.Write(text)
	_, _ = w.Write(end)
}

// ray is a request's id as a cf-ray, which Prisma's client extension takes for it: the
// region is what stands between its first dash and its second, so neither has dashes.
func ray(requestID, region string) string {
	return strings.ReplaceAll(requestID, "-", "") + "-" + strings.ReplaceAll(region, "-", "_")
}

// appendExtensions appends the rest of the answer after the result.
func (i *accelerateInfo) appendExtensions(dst []byte) []byte {
	for _, member := range []struct{ before, value string }{
		{`,"extensions":{"accelerateInfo":{"cacheStatus":`, i.cacheStatus},
		{`,"lastModified":`, i.lastModified},
		{`,"region":`, i.region},
		{`,"requestId":`, i.requestID},
		{`,"signature":`, i.signature},
	} {
		dst = prisma.AppendString(append(dst, member.before...), []byte(member.value))
	}
	return append(dst, "}}}\n"...)
}

// setHeaders sets the headers of the OpenAPI document, and under the names by which
// Prisma's client extension reads them. The values stand in one piece of memory.
func (i *accelerateInfo) setHeaders(h http.Header, length int) {
	names := [...]string{
		"Content-Type", "Content-Length", "Cache-Control",
		"X-Accelerate-Cache-Status", "X-Accelerate-Last-Modified", "X-Accelerate-Region", "X-Accelerate-Request-Id", "X-Accelerate-Signature",
		"Accelerate-Cache-Status", "Last-Modified", "Cf-Ray", "Accelerate-Signature",
	}
	values := [len(names)]string{
		// An answer is about a moment: nobody should keep it.
		"application/json", strconv.Itoa(length), "no-store",
		i.cacheStatus, i.lastModified, i.region, i.requestID, i.signature,
		i.cacheStatus, i.date, ray(i.requestID, i.region), i.signature,
	}
	for n, name := range names {
		h[name] = values[n : n+1 : n+1]
	}
}

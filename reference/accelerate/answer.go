package accelerate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// result is the outcome of a query that reached the query engine, so to say: data or
// errors, or what each query of a batch came to. Once it is signed it does not change:
// who asks later may get it too.
type result struct {
	data, errors, batch []byte
	signature           string
}

// bytes is how much memory it holds.
func (r *result) bytes() int {
	const itself = 96
	if r == nil {
		return 0
	}
	return cap(r.data) + cap(r.errors) + len(r.signature) + itself
}

// none is the cache status of what the cache had nothing to do with; the others are
// those of [cache.Status].
const none = "none"

// answer is a result and how it came about.
type answer struct {
	*result
	status string
	// at is the moment as of which the result is true.
	at time.Time
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
	text, err := json.Marshal([]queryError{queryErrorOf(e)})
	return answer{s.sign(f.query, &result{errors: text}), none, s.now()}, err
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

// accelerateInfo is AccelerateInfo.
type accelerateInfo struct {
	CacheStatus  string `json:"cacheStatus"`
	LastModified string `json:"lastModified"`
	Region       string `json:"region"`
	RequestID    string `json:"requestId"`
	Signature    string `json:"signature"`
}

// write writes a QueryResponse. The result is JSON already, and large ones are not
// read again: there is no more work in an answer from the cache than there must be.
func (s *Service) write(w http.ResponseWriter, id string, a answer) {
	info := accelerateInfo{a.status, a.at.UTC().Format(time.RFC3339Nano), s.region, id, a.signature}
	name, text := `{"data":`, a.data
	switch {
	case a.errors != nil:
		name, text = `{"errors":`, a.errors
	case a.batch != nil:
		name, text = `{"batchResult":`, a.batch
	}
	var end bytes.Buffer
	end.WriteString(`,"extensions":{"accelerateInfo":`)
	encoder := json.NewEncoder(&end)
	encoder.SetEscapeHTML(false)
	// Strings can always be written.
	_ = encoder.Encode(info)
	end.Truncate(end.Len() - 1) // the encoder's newline
	end.WriteString("}}\n")

	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store") // an answer is about a moment: nobody should keep it
	header.Set("Content-Length", strconv.Itoa(len(name)+len(text)+end.Len()))
	info.set(header, a.at)
	w.WriteHeader(http.StatusOK)
	// A peer that is gone gets no answer, and needs none.
	_, _ = w.Write([]byte(name))
	_, _ = w.Write(text)
	_, _ = w.Write(end.Bytes())
}

// set sets the headers of the OpenAPI document, and under the names by which Prisma's
// client extension reads them: its request id and region are those of a cf-ray, whose
// region is what follows the last dash.
func (i *accelerateInfo) set(h http.Header, at time.Time) {
	h.Set("X-Accelerate-Cache-Status", i.CacheStatus)
	h.Set("X-Accelerate-Last-Modified", i.LastModified)
	h.Set("X-Accelerate-Region", i.Region)
	h.Set("X-Accelerate-Request-Id", i.RequestID)
	h.Set("X-Accelerate-Signature", i.Signature)
	h.Set("Accelerate-Cache-Status", i.CacheStatus)
	h.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	h.Set("Cf-Ray", i.RequestID+"-"+strings.ReplaceAll(i.Region, "-", "_"))
	h.Set("Accelerate-Signature", i.Signature)
}

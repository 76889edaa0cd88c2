package accelerate

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkServe is what the handler itself costs, without net/http around it.
func BenchmarkServe(b *testing.B) {
	for _, of := range []struct{ name, body string }{
		{"ttl hit", `{"query":"query ($id: Int!) { findUniqueUser(where: {id: $id}) { id email name } }","variables":{"id":1},"extensions":{"cacheStrategy":{"ttl":3600}}}`},
		{"findUnique", `{"query":"query ($id: Int!) { findUniqueUser(where: {id: $id}) { id email name } }","variables":{"id":1}}`},
		{"nested", `{"query":"{ findManyUser(orderBy: {id: asc}) { id email Post(orderBy: {id: asc}) { id title } } }"}`},
	} {
		b.Run(of.name, func(b *testing.B) {
			s := openOn(b, demoDatabase(b))
			r := httptest.NewRequest(http.MethodPost, "/2024/hash/graphql", nil)
			r.Header.Set("Authorization", "Bearer key")
			b.ReportAllocs()
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(of.body))
				s.ServeHTTP(discard{http.Header{}}, r)
			}
		})
	}
}

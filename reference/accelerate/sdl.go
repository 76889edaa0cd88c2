package accelerate

import (
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/queryschema"
)

// sdl is the text for a schema. It is kept, and made once for all who ask: a large
// schema takes seconds.
type sdl struct {
	mu     sync.Mutex
	schema *prisma.Schema
	text   string
}

func (d *sdl) of(schema *prisma.Schema) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.schema != schema {
		d.schema, d.text = schema, queryschema.SDL(schema)
	}
	return d.text
}

// serveSDL answers what can be asked of the database, in GraphQL's schema definition
// language. It is not of the OpenAPI document, and for people and their tools: who has
// it asks whether it is still so by its entity tag (RFC 9110, section 13.1.2).
func (s *Service) serveSDL(w http.ResponseWriter, r *http.Request) {
	look, err := s.look(r.Context())
	if err != nil {
		s.refuse(w, s.noSchema(err))
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, no-cache")
	header.Set("ETag", `"`+hex.EncodeToString(look.fingerprint[:])+`"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(s.sdl.of(look.schema)))
}

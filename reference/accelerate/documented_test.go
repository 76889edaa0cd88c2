package accelerate

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/demo"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// curl is a request for a query as the pages show one.
var curl = regexp.MustCompile(`(?s)curl [^']*?/graphql [^']*?-d '([^']*)'`)

// Every query that the pages send with curl is answered on the demo.
func TestDocumentedQueries(t *testing.T) {
	t.Parallel()
	databaseURL := demoDatabase(t)
	file, err := demo.Schema()
	if err != nil {
		t.Fatal(err)
	}
	schema, _ := introspect(t, databaseURL).Fit(file)
	s := openWith(t, databaseURL, Options{Schema: func(context.Context) (*prisma.Schema, error) { return schema, nil }})
	for _, page := range []string{"../../README.md", "../../docs/accelerate.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := curl.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s has no query", page)
		}
		for _, m := range found {
			first, again := post(t, s, m[1]), post(t, s, m[1])
			if first.Code != http.StatusOK || !strings.HasPrefix(first.Body.String(), `{"data":`) {
				t.Errorf("%s: %s\nis answered with %d %s", page, m[1], first.Code, first.Body)
			}
			if strings.Contains(m[1], "cacheStrategy") && again.Header().Get("X-Accelerate-Cache-Status") != "ttl" {
				t.Errorf("%s: %s\nis not kept", page, m[1])
			}
		}
	}
}

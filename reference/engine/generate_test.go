package engine

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

func TestGeneratedIDs(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_700_000_000_000)
	for _, test := range []struct {
		name    string
		field   prisma.Default
		pattern string
	}{
		{"uuid", prisma.Default{Kind: prisma.UUIDDefault}, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		{"uuid of version 7", prisma.Default{Kind: prisma.UUIDDefault, Version: 7}, `^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		{"cuid of version 2", prisma.Default{Kind: prisma.CUIDDefault, Version: 2}, `^[a-z][0-9a-z]{23}$`},
		{"cuid", prisma.Default{Kind: prisma.CUIDDefault}, `^cloyw3v28[0-9a-z]{16}$`},
		{"nanoid", prisma.Default{Kind: prisma.NanoIDDefault}, `^[0-9A-Za-z_-]{21}$`},
		{"nanoid of a length", prisma.Default{Kind: prisma.NanoIDDefault, Length: 8}, `^[0-9A-Za-z_-]{8}$`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			seen := map[any]bool{}
			for range 1000 {
				value, ok := generated(&prisma.Field{Default: test.field}, now)
				if text, _ := value.(string); !ok || !regexp.MustCompile(test.pattern).MatchString(text) {
					t.Fatalf("got %v", value)
				}
				if seen[value] {
					t.Fatalf("%v came twice", value)
				}
				seen[value] = true
			}
		})
	}
}

// What the engine gives a new record, if it is not given a value.
func TestGeneratedValuesInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.run(t, `mutation { createOneToken(data: {}) { value } createManyToken(data: [{}, {expires: null}]) { count } createOnePost(data: {title: "t", author: {connect: {id: 1}}}) { id } }`)
	pattern := regexp.MustCompile(`(?s)^\{"createOneToken":\{"value":"c[0-9a-z]{24}"\},"createManyToken":\{"count":2\},"createOnePost":\{"id":"[0-9a-f-]{36}"\}\}
\+ Post [0-9a-f-]{36} .*
\+ Token c[0-9a-z]{24} long=\S{21} short=\S{8} value=c[0-9a-z]{24}
\+ Token c[0-9a-z]{24} long=\S{21} short=\S{8} value=c[0-9a-z]{24}
\+ Token c[0-9a-z]{24} long=\S{21} short=\S{8} value=c[0-9a-z]{24}
$`)
	if !pattern.MatchString(got) {
		t.Errorf("got %s", strings.TrimSpace(got))
	}
}

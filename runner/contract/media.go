package contract

import (
	"mime"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// declaredFor finds the declaration of a media type: the nearest, so that
// application/json goes before application/* and that before */*. Certain is
// false when none fits and one of them is no media type, which may mean anything.
func declaredFor(received string, content []*openapi.MediaType) (found *openapi.MediaType, certain bool) {
	for _, m := range content {
		if m.Name == received && !strings.Contains(received, ";") { // as most are
			return m, true
		}
	}
	base, parameters, err := mime.ParseMediaType(received)
	if err != nil {
		base, parameters = openapi.BaseType(received), nil
	}
	best := 0
	certain = true
	for _, m := range content {
		declared, wanted, err := mime.ParseMediaType(m.Name)
		if err != nil || !strings.Contains(declared, "/") {
			certain = certain && strings.EqualFold(m.Name, received)
			continue
		}
		if n := nearness(base, declared); n > 0 && within(parameters, wanted) {
			if n = n*100 + len(wanted); n > best {
				found, best = m, n
			}
		}
	}
	return found, certain || found != nil
}

// nearness tells how exactly a declared media type or range names one: 0 not at all.
func nearness(base, declared string) int {
	kind, subtype, _ := strings.Cut(base, "/")
	declaredKind, declaredSubtype, _ := strings.Cut(declared, "/")
	suffix, isSuffix := strings.CutPrefix(declaredSubtype, "*+")
	switch {
	case declared == base:
		return 4
	case isSuffix && declaredKind == kind && strings.HasSuffix(subtype, "+"+suffix):
		return 3
	case declaredKind == kind && declaredSubtype == "*":
		return 2
	case declared == "*/*":
		return 1
	}
	return 0
}

// within tells whether the parameters that a declaration has are those of what
// came. Others, such as charset, say nothing.
func within(parameters, wanted map[string]string) bool {
	for name, value := range wanted {
		if !strings.EqualFold(parameters[name], value) {
			return false
		}
	}
	return true
}

func streams(mediaType string) bool {
	return (&openapi.MediaType{Name: mediaType}).Streams()
}

// named lists what is declared.
func named(content []*openapi.MediaType) string {
	var list []string
	for _, m := range content {
		list = append(list, m.Name)
	}
	return strings.Join(list, " or ")
}

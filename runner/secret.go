package runner

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// shortSecret is the length below which a secret is masked only where it is the
// whole text: shorter ones, such as "1", would blot out half of a report.
const shortSecret = 4

// secrets knows what must not be shown, by value and by name.
// Secrets may be added while others are masked.
type secrets struct {
	show bool

	mu sync.RWMutex
	// values are the longest first: a secret may stand inside another. The slice is
	// replaced, never changed.
	values []string
}

func newSecrets(o Options) *secrets {
	s := &secrets{show: o.ShowSecrets}
	for _, text := range o.Secrets {
		if text != "" {
			s.addText(text)
		}
	}
	return s
}

// fork knows the same secrets. What a run learns, such as a token, it alone has to
// hide.
func (s *secrets) fork() *secrets { return &secrets{show: s.show, values: s.known()} }

func (s *secrets) known() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.values
}

// add makes a value secret: every text in it, in the forms that it takes in a
// URL, and for a credential with a scheme, such as "Bearer x", the rest alone.
func (s *secrets) add(value any) {
	switch v := value.(type) {
	case Text:
		s.add(string(v))
	case json.Number:
		s.addText(v.String())
	case []any:
		for _, item := range v {
			s.add(item)
		}
	case map[string]any:
		for _, member := range v {
			s.add(member)
		}
	case string:
		s.addText(v)
		if _, rest, ok := strings.Cut(v, " "); ok {
			s.addText(rest)
		}
	}
}

// addText knows a text as it is, as URLs write it, inside a text of JSON or XML, as
// x-raw: bytes sends it, and in base64, which is how it stands in a body of bytes.
func (s *secrets) addText(text string) {
	if slices.Contains(s.known(), text) {
		return
	}
	inQuery := url.QueryEscape(text)
	forms := []string{
		text, inQuery, strings.ReplaceAll(inQuery, "+", "%20"), url.PathEscape(text),
		base64.StdEncoding.EncodeToString([]byte(text)),
	}
	if inJSON, err := source.EncodeJSON(text, nil); err == nil {
		forms = append(forms, string(inJSON[1:len(inJSON)-1]))
	}
	if inBytes, err := payload.InBytes(text); err == nil {
		forms = append(forms, string(inBytes))
	}
	if inXML, err := payload.Escape("application/xml", text, ""); err == nil {
		forms = append(forms, inXML)
	}
	for _, in := range []string{"query", "path", "cookie"} {
		p := openapi.Parameter{In: in, Style: "simple", AllowReserved: true}
		if kept, _, err := p.Encode(text); err == nil { // what keeps its reserved characters
			forms = append(forms, kept)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	values := slices.Clone(s.values)
	for _, form := range forms {
		if form != "" && !slices.Contains(values, form) {
			values = append(values, form)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	s.values = values
}

// text masks the secrets in a text.
func (s *secrets) text(text string) string {
	if s.show {
		return text
	}
	for _, value := range s.known() {
		if text == value {
			return secret.Masked
		}
		if len(value) >= shortSecret {
			text = strings.ReplaceAll(text, value, secret.Masked)
		}
	}
	return text
}

// isShort tells whether a value is masked by its text only where that is all.
func isShort(value any) bool {
	switch v := value.(type) {
	case string:
		return v != "" && len(v) < shortSecret
	case json.Number:
		return len(v) < shortSecret
	default:
		return false
	}
}

// hasShort tells whether a value is such a secret, or has one in it.
func (s *secrets) hasShort(value any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, s.hasShort)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), s.hasShort)
	default:
		return isShort(value) && slices.Contains(s.known(), expression.Text(value))
	}
}

// coverShort masks the short secrets in a value that has some as its members.
func (s *secrets) coverShort(value any) any {
	if !s.hasShort(value) {
		return value
	}
	switch v := value.(type) {
	case []any:
		covered := make([]any, len(v))
		for i, item := range v {
			covered[i] = s.coverShort(item)
		}
		return covered
	case map[string]any:
		covered := make(map[string]any, len(v))
		for name, member := range v {
			covered[name] = s.coverShort(member)
		}
		return covered
	default:
		return secret.Masked
	}
}

// cutMark stands in messages where a long text was cut, and longestCut is beyond what
// they show of one, in bytes.
const (
	cutMark    = "…"
	longestCut = 2000
)

// message masks the secrets in what the runner says, also those of which it shows the
// beginning alone.
func (s *secrets) message(text string) string {
	text = s.text(text)
	for at := len(text); ; {
		if at = strings.LastIndex(text[:at], cutMark); at < 0 || s.show {
			return text
		}
		before := text[:at]
		if n := s.beginning(before); n > 0 {
			text = before[:at-n] + secret.Masked + text[at:]
			at -= n
		}
	}
}

// beginning is the length of the longest beginning of a secret that a text ends with.
func (s *secrets) beginning(text string) int {
	longest := 0
	for _, value := range s.known() {
		for n := min(len(value)-1, len(text), longestCut); n >= shortSecret && n > longest; n-- {
			if strings.HasSuffix(text, value[:n]) {
				longest = n
			}
		}
	}
	return longest
}

// value masks the secrets in a JSON value: wherever their text stands, and any
// text under a name that says it is one.
func (s *secrets) value(value any) any {
	if s.show {
		return value
	}
	switch v := value.(type) {
	case string:
		if text := s.text(v); text != v {
			return text
		}
	case json.Number:
		if len(v) >= shortSecret && slices.Contains(s.known(), v.String()) {
			return secret.Masked
		}
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = s.value(item)
		}
		return list
	case map[string]any:
		return s.object(v)
	}
	return value
}

func (s *secrets) object(members map[string]any) map[string]any {
	object := make(map[string]any, len(members))
	for name, member := range members {
		if text, isText := member.(string); isText && text != "" && secret.Named(name) && !s.show {
			object[s.text(name)] = secret.Masked
			continue
		}
		object[s.text(name)] = s.value(member)
	}
	return object
}

// header masks a request's or response's header.
func (s *secrets) header(h http.Header) http.Header {
	shown := h.Clone()
	if shown == nil {
		shown = http.Header{}
	}
	for name, values := range shown {
		hide := !s.show && secret.Named(name)
		for i, v := range values {
			if hide {
				v = secret.Masked
			}
			values[i] = s.text(v)
		}
	}
	return shown
}

// url masks a request's URL: also query parameters whose name says that they
// are secret.
func (s *secrets) url(u *url.URL) string {
	if s.show {
		return u.String()
	}
	shown := *u
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		if name, _, ok := strings.Cut(part, "="); ok && secret.Named(name) {
			parts[i] = name + "=" + secret.Masked
		}
	}
	shown.RawQuery = strings.Join(parts, "&")
	return s.text(shown.String())
}

package retrieve

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxRedirects is more than an address with a shortener, a move to https and a
// mirror needs.
const maxRedirects = 5

// accept names the media types of Arazzo (1.0.1 and 1.1.0 spell them
// differently), OpenAPI and AsyncAPI documents, then what most servers call them.
const accept = "application/vnd.oai.arazzo+yaml, application/vnd.oai.arazzo+json, " +
	"application/vnd.oai.workflows+yaml, application/vnd.oai.workflows+json, " +
	"application/vnd.oai.openapi, application/vnd.oai.openapi+json, " +
	"application/vnd.aai.asyncapi+yaml, application/vnd.aai.asyncapi+json, " +
	"application/yaml, application/json, text/yaml;q=0.9, text/plain;q=0.5, */*;q=0.1"

// web reads a document over http(s), or from its kept copy.
func (s *Scope) web(ctx context.Context, u *url.URL) (*source.File, error) {
	key := normal(u)
	kept := s.kept(key)
	if s.client.Offline {
		if kept == nil {
			return nil, fail(Offline, "nothing is retrieved offline, and no copy of it is kept", "retrieve it once online, or name a file instead", nil)
		}
		return kept.file(), nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.client.Timeout, errTimeout)
	defer cancel()
	got, err := s.request(ctx, u, kept)
	if err != nil {
		return nil, s.explain(ctx, err, kept)
	}
	s.client.cache.store(key, got)
	return got.file(), nil
}

// kept is the copy of a document, or nil. One that came by a redirect which this
// scope does not follow is none.
func (s *Scope) kept(key string) *document {
	kept := s.client.cache.load(key)
	if kept == nil || s.Judge(nil, kept.FinalURL) != nil {
		return nil
	}
	return kept
}

// request asks the server, where there is a copy only for something newer. Only
// an answer from where the copy came from can say that it still holds.
func (s *Scope) request(ctx context.Context, u *url.URL, kept *document) (*document, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, normal(u), nil)
	if err != nil {
		return nil, err
	}
	request.URL.User = s.client.credential(u)
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "arazzo")
	kept.revalidate(request.Header)
	client := http.Client{Transport: connections{s}, CheckRedirect: s.redirect}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	final := *response.Request.URL
	final.User = nil
	switch {
	case response.StatusCode == http.StatusNotModified && kept != nil && kept.FinalURL == normal(&final):
		return kept, nil
	case response.StatusCode == http.StatusNotModified && kept != nil:
		return s.request(ctx, u, nil)
	case response.StatusCode != http.StatusOK:
		return nil, answered(response)
	}
	text, err := s.client.body(response)
	if err != nil {
		return nil, err
	}
	return received(request.URL, &final, response, text), nil
}

// redirect judges where a redirect leads as if a document had named it.
func (s *Scope) redirect(next *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case len(via) > maxRedirects:
		return fail(Redirects, fmt.Sprintf("it is redirected more than %d times", maxRedirects), "name the last address", nil)
	case !isWeb(next.URL):
		return fail(Redirects, fmt.Sprintf("it is redirected to %s, which is no web address", Shown(next.URL.String())), "", nil)
	case from.Scheme == "https" && next.URL.Scheme == "http":
		return fail(Redirects, "it is redirected from https to http, where anybody on the way can change it", "name the https address that has it", nil)
	}
	if err := s.judge(nil, next.URL); err != nil {
		err.Message = fmt.Sprintf("it is redirected to %s: %s", hostOf(next.URL), err.Message)
		return err
	}
	next.URL.User = s.client.credential(next.URL)
	return nil
}

// body reads the text of an answer.
func (c *Client) body(response *http.Response) (string, error) {
	kind, parameters, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if charset := strings.ToLower(parameters["charset"]); charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return "", fail(Unreadable, fmt.Sprintf("the server sent it in the charset %s", charset), "have it served as UTF-8", nil)
	}
	if encoding := response.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return "", fail(Unreadable, fmt.Sprintf("the server sent it in the encoding %s, which was not asked for", encoding), "", nil)
	}
	text, err := limited(response.Body, 0, c.MaxBytes)
	if err != nil {
		return "", err
	}
	if kind == "text/html" && strings.HasPrefix(strings.TrimSpace(text), "<") {
		return "", fail(Unreadable, "the server sent a web page", "name the address of the document itself, as behind a button that says raw or download", nil)
	}
	return text, nil
}

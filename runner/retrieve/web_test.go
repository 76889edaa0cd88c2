package retrieve_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// serve answers with the handler on loopback until the test ends.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// failure is what a test says of an error: its reason, text and next move.
func failure(err error) string {
	var failed *retrieve.Error
	if !errors.As(err, &failed) {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("%s: %s | %s", failed.Reason, failed.Message, failed.Fix)
}

func TestGetFromTheWeb(t *testing.T) {
	t.Parallel()
	var asked http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header
		if r.URL.Path == "/old.yml" {
			http.Redirect(w, r, "/new/x.yml", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/yaml; charset=UTF-8")
		fmt.Fprint(w, "größe: 1\n")
	})
	got, err := retrieve.New(retrieve.Options{NoCache: true}).Get(t.Context(), url+"/old.yml?token=s3cret#part")
	if err != nil {
		t.Fatal(err)
	}
	want := &source.File{Name: url + "/old.yml?token=***#part", URI: url + "/new/x.yml", Text: "größe: 1\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, kind := range []string{"vnd.oai.arazzo+yaml", "vnd.oai.arazzo+json", "vnd.oai.workflows+yaml", "vnd.oai.workflows+json"} {
		if !strings.Contains(asked.Get("Accept"), "application/"+kind) { // S-232
			t.Errorf("%s is not asked for: %s", kind, asked.Get("Accept"))
		}
	}
}

func TestGetFails(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "a: 1") })
	host := strings.TrimPrefix(elsewhere, "http://")
	released := make(chan struct{})
	t.Cleanup(func() { close(released) })
	handlers := map[string]http.HandlerFunc{
		"gone":         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		"broken":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"forbidden":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"not modified": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"round":        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(elsewhere, "//", "//me:pw@", 1), http.StatusFound)
		},
		"file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		},
		"large": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("a", 1001)) },
		"bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 10<<20)) // the client hangs up
			_ = z.Close()
		},
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "a: 1")
		},
		"charset": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/yaml; charset=ISO-8859-1")
			fmt.Fprint(w, "a: 1")
		},
		"page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "\n<!doctype html><title>x.yml</title>")
		},
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "a: 1")
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-released:
			}
		},
	}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		handlers[strings.ReplaceAll(strings.Trim(r.URL.Path, "/"), "_", " ")](w, r)
	})
	tests := map[string]string{
		"gone":         "not-found: the server answered 410 Gone | ",
		"broken":       "refused: the server answered 502 Bad Gateway | ",
		"forbidden":    "refused: the server answered 403 Forbidden | download it with your credentials, and name the file instead",
		"not_modified": "refused: the server answered 304 Not Modified | ",
		"round":        "redirects: it is redirected more than 5 times | name the last address",
		"elsewhere":    "forbidden: it is redirected to " + host + ": the entry document does not name the host " + host + " | if that is meant: --allow-host " + host,
		"file":         "redirects: it is redirected to file:///etc/passwd, which is no web address | ",
		"large":        "too-large: it has more than 1000 bytes | ",
		"bomb":         "too-large: it has more than 1000 bytes | ",
		"packed":       "unreadable: the server sent it in the encoding br, which was not asked for | ",
		"charset":      "unreadable: the server sent it in the charset iso-8859-1 | have it served as UTF-8",
		"page":         "unreadable: the server sent a web page | name the address of the document itself, as behind a button that says raw or download",
		"cut":          "unreachable: no whole answer came: unexpected EOF | ",
	}
	client := retrieve.New(retrieve.Options{NoCache: true, MaxBytes: 1000})
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			_, err := client.Get(t.Context(), url+"/"+path)
			if diff := cmp.Diff(want, failure(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("time is up", func(t *testing.T) {
		t.Parallel()
		_, err := retrieve.New(retrieve.Options{NoCache: true, Timeout: 50 * time.Millisecond}).Get(t.Context(), url+"/slow")
		wantError(t, errors.New(failure(err)), "timeout: it took too long to come | ")
	})
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := client.Get(ctx, url+"/slow")
		wantError(t, errors.New(failure(err)), "interrupted: the retrieval was interrupted | ")
		_, err = client.Get(ctx, "web_test.go")
		wantError(t, errors.New(failure(err)), "interrupted: the retrieval was interrupted | ")
	})
}

func TestGetFromNowhere(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := serve(t, http.NotFound)
	client := retrieve.New(retrieve.Options{NoCache: true})
	for location, want := range map[string]string{
		closed.URL: "unreachable: the server cannot be reached: connection refused | ",
		secure.URL: "untrusted: the server cannot be trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority | ",
		strings.Replace(plain, "http:", "https:", 1): "unreachable: no whole answer came: http: server gave HTTP response to HTTPS client | ",
		"http://me:pw@nobody.invalid/x.yml":          "unreachable: the host nobody.invalid cannot be found | ",
		"https://me:pw@example.com:x/":               `invalid: "https://***@example.com:x/" cannot be read as a URI | `,
	} {
		_, err := client.Get(t.Context(), location)
		if diff := cmp.Diff(want, failure(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", location, diff)
		}
	}
}

// broken is a network that ends every request in an error.
type broken struct{ err error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

func TestGetFromABrokenNetwork(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want string
	}{
		{&net.DNSError{Name: "example.com", IsNotFound: true}, "unreachable: the host example.com cannot be found | "},
		{errors.New("a \x1b[2Jline\nor two"), "unreachable: no whole answer came: a  [2Jline or two | "},
	} {
		client := retrieve.New(retrieve.Options{NoCache: true, Transport: broken{test.err}})
		_, err := client.Get(t.Context(), "http://me:pw@example.com/x.yml")
		wantError(t, errors.New(failure(err)), test.want)
	}
}

// TestHTTPSNeverGoesBack holds S-231: what was asked for over https does not come
// over http.
func TestHTTPSNeverGoesBack(t *testing.T) {
	t.Parallel()
	network := network{"https://example.com/w.yml": "-> http://example.com/w.yml", "http://example.com/w.yml": "a: 1"}
	client := retrieve.New(retrieve.Options{NoCache: true, Transport: network})
	_, err := client.Get(t.Context(), "https://example.com/w.yml")
	wantError(t, errors.New(failure(err)),
		"redirects: it is redirected from https to http, where anybody on the way can change it | name the https address that has it")
}

// network stands in for the web: a text by URL, or where it is redirected to.
type network map[string]string

func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	text, ok := n[r.URL.Redacted()]
	w := httptest.NewRecorder()
	target, redirected := strings.CutPrefix(text, "-> ")
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case redirected:
		http.Redirect(w, r, target, http.StatusFound)
	default:
		fmt.Fprint(w, text)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

// TestCredentialsGoToTheirHost: user information that the user gave is sent to
// that host for whatever is asked of it, and appears nowhere.
func TestCredentialsGoToTheirHost(t *testing.T) {
	t.Parallel()
	var sent []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		sent = append(sent, r.URL.Path+" "+name+":"+password)
		if r.URL.Path == "/moved.yml" {
			http.Redirect(w, r, "http://"+r.Host+"/y.yml", http.StatusFound)
		}
	})
	client := retrieve.New(retrieve.Options{CacheDir: t.TempDir()})
	entry, err := client.Get(t.Context(), strings.Replace(url, "//", "//me:pw@", 1)+"/w.yml")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(entry.Name+entry.URI, "pw") {
		t.Errorf("the file is %+v", entry)
	}
	if _, err := client.Scope(entry).Get(t.Context(), entry, url+"/moved.yml"); err != nil {
		t.Fatal(err)
	}
	other := retrieve.New(retrieve.Options{NoCache: true}).Scope(&source.File{})
	other.Trust(strings.Replace(url, "//", "//you:word@", 1) + "/x.yml")
	if _, err := other.Get(t.Context(), nil, url+"/x.yml"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/w.yml me:pw", "/moved.yml me:pw", "/y.yml me:pw", "/x.yml you:word"}, sent); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	offline := retrieve.New(retrieve.Options{CacheDir: client.CacheDir, Offline: true})
	if _, err := offline.Get(t.Context(), url+"/moved.yml"); err == nil {
		t.Error("what was read with credentials was kept on disk")
	}
}

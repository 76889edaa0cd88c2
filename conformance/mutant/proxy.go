package mutant

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
)

// Target is where an implementation is, and the keys it knows. Of an API that it does
// not have, the URL is empty.
type Target struct {
	PulseURL, AccelerateURL string
	APIKey, OtherAPIKey     string
}

// Proxy stands in front of a target and breaks it.
type Proxy struct {
	// PulseURL and AccelerateURL are where the broken APIs are.
	PulseURL, AccelerateURL string

	servers []*httptest.Server
}

// Start puts the mutant in front of a target, on loopback, until Close.
func (m Mutant) Start(target Target) (*Proxy, error) {
	proxy := &Proxy{}
	pulse, accelerate := m.defects()
	for _, api := range []struct {
		url    string
		defect Defect
		at     *string
	}{{target.PulseURL, pulse, &proxy.PulseURL}, {target.AccelerateURL, accelerate, &proxy.AccelerateURL}} {
		if api.url == "" {
			continue
		}
		to, err := url.Parse(api.url)
		if err != nil {
			proxy.Close()
			return nil, fmt.Errorf("the mutant %q is to stand in front of what is no URL: %w", m.Name, err)
		}
		server := httptest.NewUnstartedServer(handler(to, target, api.defect))
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // what it breaks off would be told
		server.Start()
		proxy.servers = append(proxy.servers, server)
		*api.at = server.URL
	}
	return proxy, nil
}

// Close ends the proxy and whatever is under way through it.
func (p *Proxy) Close() {
	for _, server := range p.servers {
		server.CloseClientConnections()
		server.Close()
	}
}

// handler passes everything on as it is, streams as they come, but for the defect.
func handler(to *url.URL, target Target, defect Defect) http.Handler {
	// A connection for each request: one that the target ended meanwhile would be an
	// error that the mutant does not mean.
	var transport http.RoundTripper = &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	if defect != nil {
		transport = defect(transport)
	}
	proxy := &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.URL.RawQuery = r.In.URL.RawQuery // also where it is none that can be read
			r.Out.Header.Del("Accept-Encoding")    // defects read plain text
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { breakOff(w) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), targetKey{}, target)))
	})
}

// breakOff ends a connection without an answer, as a target does that crashed.
func breakOff(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close() // it is to be gone, in whatever way
	}
}

type targetKey struct{}

// targetOf is the target of a request that came through a proxy.
func targetOf(r *http.Request) Target {
	target, _ := r.Context().Value(targetKey{}).(Target)
	return target
}

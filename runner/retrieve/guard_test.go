package retrieve

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestPublicAddress holds S-233 below the names: what a connection may be made
// to, once the name of a host was resolved.
func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"93.184.216.34:443": true, "[2606:4700::1111]:443": true,
		"127.0.0.1:80": false, "10.0.0.1:80": false, "172.16.0.1:80": false, "192.168.1.1:80": false,
		"169.254.169.254:80": false, "100.64.0.1:80": false, "0.0.0.0:80": false, "0.1.2.3:80": false,
		"224.0.0.1:80": false, "255.255.255.255:80": false, "[::1]:80": false, "[::]:80": false,
		"[fe80::1%eth0]:80": false, "[fd00::1]:80": false, "[::ffff:10.0.0.1]:80": false, "[::ffff:100.64.0.1]:80": false,
		"[64:ff9b::a00:1]:80": false, "no address": false,
	} {
		if err := publicAddress("tcp", address, nil); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestGuardedConnections sends requests past the judging of names: what a public
// entry document names is connected to public addresses alone.
func TestGuardedConnections(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client := New(Options{NoCache: true})
	tests := []struct {
		name, entry, trusted string
		want                 error
	}{
		{"a public entry", "https://example.com/w.yml", "", errPrivate},
		{"a public entry, and the user trusts the host", "https://example.com/w.yml", server.URL, nil},
		{"an entry from disk", "file:///w.yml", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			scope := client.Scope(&source.File{URI: test.entry})
			scope.Trust(test.trusted)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := connections{scope}.RoundTrip(request)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil {
				defer response.Body.Close()
			}
		})
	}
}

package retrieve_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

func TestParseHost(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want, wantErr string }{
		{"Example.com.", "example.com", ""},
		{"example.com:8080", "example.com:8080", ""},
		{"[::1]:80", "[::1]", ""},
		{"[::1]", "[::1]", ""},
		{"127.0.0.1:4466", "127.0.0.1:4466", ""},
		{"", "", `"" is no HOST or HOST:PORT`},
		{"https://me:pw@example.com", "", `"https://***@example.com" is no HOST or HOST:PORT`},
		{"example.com/path", "", `"example.com/path" is no HOST or HOST:PORT`},
		{"::1", "", `"::1" is no HOST or HOST:PORT`},
		{"example.com:port", "", `"example.com:port" is no HOST or HOST:PORT`},
	}
	for _, test := range tests {
		host, err := retrieve.ParseHost(test.text)
		wantError(t, err, test.wantErr)
		if err == nil && host.String() != test.want {
			t.Errorf("%s is read as %s, want %s", test.text, host, test.want)
		}
	}
}

// TestScope holds S-233: what may be named by whom.
func TestScope(t *testing.T) {
	t.Parallel()
	const (
		foreign = "the entry document does not name the host "
		inside  = "a document from the web must not reach into this network, as "
		local   = "a document from the web must not name a file of this machine"
	)
	disk, public := "file:///home/me/w.yml", "https://example.com/w.yml"
	allowed := []string{"allowed.example", "10.1.1.1:8080"}
	tests := []struct {
		name, entry string
		named       []string
		from, uri   string
		want        string
	}{
		{"a file names a file", disk, nil, disk, "file:///etc/x.yml", ""},
		{"a file names a host that the entry does not", disk, nil, disk, "https://other.example/x.yml", foreign + "other.example"},
		{"a file names a host that the entry names", disk, []string{"https://other.example/y.yml"}, disk, "https://other.example/x.yml", ""},
		{"the same host at another port", disk, []string{"https://other.example/y.yml"}, disk, "https://other.example:8443/x.yml", foreign + "other.example:8443"},
		{"http stands for https", disk, []string{"http://other.example/y.yml"}, disk, "https://other.example/x.yml", ""},
		{"https does not stand for http", disk, []string{"https://other.example/y.yml"}, disk, "http://other.example/x.yml", foreign + "other.example"},
		{"a host the user allowed, at any port", disk, nil, disk, "https://allowed.example:8443/x.yml", ""},
		{"a host the user allowed at one port", disk, nil, disk, "http://10.1.1.1:8080/x.yml", ""},
		{"the other port of that host", disk, nil, disk, "http://10.1.1.1/x.yml", foreign + "10.1.1.1"},
		{"a file names this machine", disk, []string{"http://localhost:8080/x.yml"}, disk, "http://localhost:8080/x.yml", ""},
		{"the web names its own host", public, nil, public, "https://EXAMPLE.com./x.yml", ""},
		{"the web names a file", public, nil, public, "file:///etc/x.yml", local},
		{"a nested document from the web names a file", disk, []string{public}, public, "file:///etc/x.yml", local},
		{"the web names this machine", public, []string{"http://localhost:8080/x.yml"}, public, "http://localhost:8080/x.yml", inside + "localhost:8080 does"},
		{"by address", public, []string{"http://127.1.2.3/x.yml"}, public, "http://127.1.2.3/x.yml", inside + "127.1.2.3 does"},
		{"by its address in IPv6", public, []string{"http://[::1]/x.yml"}, public, "http://[::1]/x.yml", inside + "[::1] does"},
		{"by an address mapped into IPv6", public, []string{"http://[::ffff:127.0.0.1]/"}, public, "http://[::ffff:127.0.0.1]/", inside + "[::ffff:127.0.0.1] does"},
		{"the addresses of a cloud's machines", public, []string{"http://169.254.169.254/x"}, public, "http://169.254.169.254/x", inside + "169.254.169.254 does"},
		{"a private network", public, []string{"http://192.168.0.1/x"}, public, "http://192.168.0.1/x", inside + "192.168.0.1 does"},
		{"a private network that the user allowed", public, nil, public, "http://10.1.1.1:8080/x", ""},
		{"an entry from a private network names its own host", "http://10.2.2.2/w.yml", nil, "http://10.2.2.2/w.yml", "http://10.2.2.2/x.yml", ""},
		{"an entry from this machine names another", "http://127.0.0.1:1/w.yml", []string{"http://10.2.2.2/x"}, "http://127.0.0.1:1/w.yml", "http://10.2.2.2/x", ""},
		{"a share of another machine", disk, nil, disk, "file://server/x.yml", "the file is on another machine, server"},
		{"a file with a query", disk, nil, disk, "file:///home/me/x.yml?v=2", "a file has no query"},
		{"a scheme that leads nowhere", disk, nil, disk, "urn:example:x", `the scheme "urn" does not say where a document is`},
		{"a URL without a host", disk, nil, disk, "https:///x.yml", "the URL names no host"},
		{"no URI", disk, nil, disk, "%", `"%" cannot be read as a URI`},
	}
	var hosts []retrieve.Host
	for _, text := range allowed {
		host, err := retrieve.ParseHost(text)
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, host)
	}
	client := retrieve.New(retrieve.Options{NoCache: true, AllowHosts: hosts})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			scope := client.Scope(&source.File{URI: test.entry})
			for _, uri := range test.named {
				scope.Allow(uri)
			}
			wantError(t, scope.Judge(&source.File{URI: test.from}, test.uri), test.want)
		})
	}
}

// TestTheUserMayTrustWhatADocumentMayNot: a host that stands in --source.
func TestTheUserMayTrustWhatADocumentMayNot(t *testing.T) {
	t.Parallel()
	entry := &source.File{URI: "https://example.com/w.yml"}
	scope := retrieve.New(retrieve.Options{NoCache: true}).Scope(entry)
	scope.Trust("http://127.0.0.1:8080/x.yml")
	wantError(t, scope.Judge(entry, "http://127.0.0.1:8080/y.yml"), "")
	wantError(t, scope.Judge(nil, "file:///home/me/x.yml"), "")
}

package retrieve

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// DefaultTimeout bounds the retrieval of one document: documents are a few
// megabytes at the most.
const DefaultTimeout = 30 * time.Second

// DefaultCacheBytes bounds the copies kept on disk: some thousand documents.
const DefaultCacheBytes = 200 << 20

// Options say how documents are retrieved. The zero value is ready to use.
type Options struct {
	// MaxBytes bounds one document, after decompression; 0 means
	// [source.MaxBytes].
	MaxBytes int64
	// Timeout bounds one retrieval over http(s) with all its redirects; 0 means
	// [DefaultTimeout].
	Timeout time.Duration
	// AllowHosts may be reached by every document, private ones too.
	AllowHosts []Host
	// Offline makes http(s) documents come from the kept copies alone.
	Offline bool
	// CacheDir is where copies are kept; empty means arazzo/documents in the
	// user's cache folder, and NoCache that none are kept.
	CacheDir string
	NoCache  bool
	// CacheBytes bounds all copies together, the oldest go first; 0 means
	// [DefaultCacheBytes].
	CacheBytes int64
	// Opened, where given, is told of every file that is read from disk, so that a
	// caller who writes files can keep clear of them. Any goroutine may call it.
	Opened func(fs.FileInfo)
	// Transport replaces the network. It has to see to the addresses that names
	// resolve to itself: only those written as addresses are then judged.
	Transport http.RoundTripper
}

// Client retrieves documents. Any number of goroutines may use it.
type Client struct {
	Options
	cache *cache
	// open connects to every address, guarded to public ones only.
	open, guarded http.RoundTripper

	// credentials are the user information of URLs that the user named. They are
	// kept out of the documents' URIs, where they would be shown and sent on.
	mutex       sync.Mutex
	credentials map[Host]*url.Userinfo
}

// New makes a client.
func New(o Options) *Client {
	if o.MaxBytes == 0 {
		o.MaxBytes = source.MaxBytes
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = DefaultCacheBytes
	}
	c := &Client{Options: o, open: o.Transport, guarded: o.Transport, credentials: map[Host]*url.Userinfo{}}
	if o.Transport == nil {
		c.open, c.guarded = transport(anyAddress), transport(publicAddress)
	}
	if dir := cacheDir(o); dir != "" && !o.NoCache {
		c.cache = &cache{dir: dir, maxBytes: o.CacheBytes, maxDocument: o.MaxBytes}
	}
	return c
}

// cacheDir is empty where nothing can be kept: some users have no home.
func cacheDir(o Options) string {
	if o.CacheDir != "" {
		return o.CacheDir
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "arazzo", "documents")
}

// Get reads a document that the user names: a path or an http(s) or file URL.
// Its name is the location as it was given, without credentials; its URI is the
// one it was finally retrieved from. The error is an [*Error].
func (c *Client) Get(ctx context.Context, location string) (*source.File, error) {
	uri := URI(location)
	c.remember(uri)
	file, err := c.Scope(&source.File{URI: uri}).Get(ctx, nil, uri)
	if err != nil {
		return nil, err
	}
	file.Name = Shown(location)
	return file, nil
}

// remember keeps the credentials of a URL that the user named for everything on
// that host.
func (c *Client) remember(uri string) {
	if u, err := url.Parse(uri); err == nil && u.User != nil {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.credentials[hostOf(u)] = u.User
	}
}

func (c *Client) credential(u *url.URL) *url.Userinfo {
	if u.User != nil {
		return u.User
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.credentials[hostOf(u)]
}

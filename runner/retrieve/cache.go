package retrieve

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// document is what came over http(s), as it is kept on disk.
type document struct {
	URL, FinalURL      string
	Retrieved          time.Time
	ETag, LastModified string
	text               string
	// keep is false for what must not stay on disk.
	keep bool
}

// received makes a document of an answer. What credentials were asked with is
// not for the disk.
func received(asked, final *url.URL, response *http.Response, text string) *document {
	h, plain := response.Header, *asked
	plain.User = nil
	noStore := slices.ContainsFunc(h.Values("Cache-Control"), func(v string) bool {
		return strings.Contains(strings.ToLower(v), "no-store")
	})
	return &document{
		URL: normal(&plain), FinalURL: normal(final), Retrieved: time.Now().UTC(),
		ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), text: text, keep: !noStore && asked.User == nil,
	}
}

func (d *document) file() *source.File {
	return &source.File{Name: Shown(d.URL), URI: d.FinalURL, Text: d.text}
}

// revalidate asks the server to answer only if it has something newer.
func (d *document) revalidate(h http.Header) {
	switch {
	case d == nil:
	case d.ETag != "":
		h.Set("If-None-Match", d.ETag)
	case d.LastModified != "":
		h.Set("If-Modified-Since", d.LastModified)
	}
}

// cache keeps documents in a folder: one file each, named by the hash of its
// URL, which holds a checksum, a line of JSON about the document, and its text.
// It is an aid: what cannot be written is not kept, what does not check is not
// there. A nil cache keeps nothing.
type cache struct {
	dir                   string
	maxBytes, maxDocument int64
}

// maxHead bounds what stands before the text: two URLs and two header fields.
const maxHead = 64 << 10

func (c *cache) path(url string) string {
	sum := sha256.Sum256([]byte(url))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+".document")
}

// load is the copy of the document at url, or nil.
func (c *cache) load(url string) *document {
	if c == nil {
		return nil
	}
	f, err := os.Open(c.path(url))
	if err != nil {
		return nil
	}
	defer f.Close()
	content, err := limited(f, 0, c.maxDocument+maxHead)
	if err != nil {
		return nil
	}
	sum, rest, _ := strings.Cut(content, "\n")
	head, text, _ := strings.Cut(rest, "\n")
	var d document
	if sum != checksum([]byte(rest)) || json.Unmarshal([]byte(head), &d) != nil || d.URL != url {
		return nil
	}
	d.text, d.keep = text, true
	return &d
}

func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// store keeps a document, unless its URLs carry credentials or its server
// forbids it. What is kept is whole at any time: it is written beside its place
// and moved there.
func (c *cache) store(url string, d *document) {
	if c == nil || !d.keep || Shown(url) != url || Shown(d.FinalURL) != d.FinalURL {
		return
	}
	head, err := json.Marshal(d)
	if err != nil || len(head) > maxHead-1024 || os.MkdirAll(c.dir, 0o700) != nil {
		return
	}
	content := append(append(head, '\n'), d.text...)
	f, err := os.CreateTemp(c.dir, "arazzo-*.document")
	if err != nil {
		return
	}
	_, err = f.Write(slices.Concat([]byte(checksum(content)), []byte("\n"), content))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), c.path(url))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is in nobody's way, and goes when it is the oldest
		return
	}
	c.evict()
}

// ours are the names that store gives: a user may have named a folder of theirs.
var ours = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9a-f]{64}|arazzo-[0-9]+)\.document$`)
})

// evict removes the documents that were retrieved longest ago until the rest is
// within the bound. Another process may do the same: what is gone is gone.
func (c *cache) evict() {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	var files []fs.FileInfo
	var total int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && ours().MatchString(e.Name()) {
			files = append(files, info)
			total += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files {
		if total <= c.maxBytes {
			return
		}
		_ = os.Remove(filepath.Join(c.dir, f.Name()))
		total -= f.Size()
	}
}

package retrieve

import (
	"context"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// References reads what an OpenAPI or AsyncAPI description refers to: files where
// it is one itself, its own host, and the hosts that the user allowed. What an
// entry document names counts for nothing here, because the description may be
// shared by many. The base is the URI that a reference is resolved against, or
// empty for the description's own. Any number of goroutines may use the function;
// its errors are [*Error].
func (c *Client) References(file *source.File) func(base, reference string) (*source.File, error) {
	r := &references{scope: c.Scope(file), file: file, fromDisk: map[string]bool{}, fromWeb: IsWeb(file.URI)}
	return r.get
}

type references struct {
	scope *Scope
	file  *source.File

	mutex sync.Mutex
	// fromDisk are the URIs of the files read from disk, fromWeb tells that one
	// came from the web.
	fromDisk map[string]bool
	fromWeb  bool
}

func (r *references) get(base, reference string) (*source.File, error) {
	from := r.from(base)
	if base == "" || base == from.Name {
		base = from.URI
	}
	uri, err := Resolve(base, reference)
	if err != nil {
		return nil, err
	}
	found, err := r.scope.Get(context.Background(), from, uri)
	if err == nil {
		r.note(found)
	}
	return found, err
}

// from is the file in which a reference stands, as far as it matters: whether it
// may name a file of this machine. A base can be made up by a document ($self of
// OpenAPI 3.2), so that one which nothing was read from is not believed once
// anything came from the web.
func (r *references) from(base string) *source.File {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	own := base == "" || base == r.file.URI || base == r.file.Name
	if own || r.fromDisk[base] || !r.fromWeb && !IsWeb(base) {
		return r.file
	}
	return &source.File{Name: r.file.Name, URI: "https://" + unknownOrigin}
}

// unknownOrigin is nobody's host (RFC 6761); it makes a file one from the web.
const unknownOrigin = "origin.invalid"

func (r *references) note(found *source.File) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if IsWeb(found.URI) {
		r.fromWeb = true
		return
	}
	r.fromDisk[found.URI] = true
}

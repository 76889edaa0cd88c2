package openapi

import (
	"errors"
	"fmt"
	"sync"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Retrieve reads the file that a reference names. The base is the URI, or the
// name, of the file in which the reference stands; the reference has no
// fragment, and may be relative to the base. What is returned says where it was
// found: its URI, else its Name, is the base of the references in it. Several
// goroutines may call it at a time.
type Retrieve func(base, reference string) (*source.File, error)

// Limits on what one description may make of references to other files.
const (
	// maxFiles bounds the files that are asked for, found or not. Descriptions
	// that are split by path and schema have some hundreds.
	maxFiles = 1000
	// maxTotalBytes bounds the text of all files together.
	maxTotalBytes = 2 * source.MaxBytes
)

// library holds the files of one description. Each is read once, when a
// reference first leads there; any number of goroutines may ask.
type library struct {
	retrieve Retrieve

	mu    sync.Mutex
	files []*file
	// asked counts calls of retrieve, bytes the text of the files.
	asked, bytes int
	opened       map[link]func() opened
}

// link is a reference as one file has it, without its fragment.
type link struct {
	from      *file
	reference string
}

// opened is what a link leads to. Problem says why there is no file; beside is
// true when a file beside the referring one was taken although the own URI of
// that one names another place.
type opened struct {
	file    *file
	problem string
	beside  bool
}

// open finds the file that a reference names, and remembers it.
func (l *library) open(from *file, reference string) opened {
	l.mu.Lock()
	key := link{from, reference}
	once := l.opened[key]
	if once == nil {
		once = sync.OnceValue(func() opened { return l.read(key) })
		if l.opened == nil {
			l.opened = map[link]func() opened{}
		}
		l.opened[key] = once
	}
	l.mu.Unlock()
	return once()
}

func (l *library) read(link link) opened {
	if known := l.known(resolveURI(link.from.base, link.reference)); known != nil {
		return opened{file: known}
	}
	if l.retrieve == nil {
		return opened{problem: "leads to another file, and only this one is read"}
	}
	text, beside, err := l.fetch(link)
	if err != nil {
		return opened{problem: "leads to a file that cannot be read: " + reason(err)}
	}
	found, err := l.admit(text)
	if err != nil {
		return opened{problem: "leads to a file that cannot be read: " + reason(err)}
	}
	return opened{file: found, beside: beside}
}

// known is the file with this identity or place.
func (l *library) known(uri string) *file {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.files {
		if uri != "" && (f.base == uri || f.location == uri) {
			return f
		}
	}
	return nil
}

// fetch retrieves a file. An own URI often names the place where a description will
// be published; of a description on this machine the files beside it go first.
func (l *library) fetch(link link) (found *source.File, beside bool, err error) {
	from := link.from
	if from.base != from.location && !from.remote() && resolveURI("", link.reference) == "" {
		if found, err = l.ask(from.location, link.reference); err == nil {
			return found, true, nil
		}
	}
	found, err = l.ask(from.base, link.reference)
	return found, false, err
}

func (l *library) ask(base, reference string) (*source.File, error) {
	l.mu.Lock()
	l.asked++
	asked := l.asked
	l.mu.Unlock()
	if asked > maxFiles {
		return nil, fmt.Errorf("the description names more than %d files", maxFiles)
	}
	found, err := l.retrieve(base, reference)
	if err == nil && found == nil {
		err = errors.New("nothing was found")
	}
	return found, err
}

// admit parses a file, unless it is known under another reference already.
func (l *library) admit(text *source.File) (*file, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.files {
		if f.location != "" && f.location == place(text) {
			return f, nil
		}
	}
	if l.bytes += len(text.Text); l.bytes > maxTotalBytes {
		return nil, fmt.Errorf("the files of the description have more than %d bytes together", maxTotalBytes)
	}
	root, err := source.Outline(text)
	if err != nil {
		return nil, err
	}
	f := newFile(text, root)
	l.files = append(l.files, f)
	return f, nil
}

// reason is an error as the end of a sentence.
func reason(err error) string {
	var d *source.Diagnostic
	if errors.As(err, &d) {
		if at := d.Position.String(); at != "" {
			return at + ": " + d.Message
		}
		return d.Message
	}
	return err.Error()
}

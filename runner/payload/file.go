package payload

import (
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// The members of an object that stands for a file.
const (
	fileMember        = "x-file"
	base64Member      = "x-base64"
	filenameMember    = "x-filename"
	contentTypeMember = "x-content-type"
)

// fileMembers are all that such an object may have.
var fileMembers = []string{fileMember, base64Member, filenameMember, contentTypeMember}

// File is the content of a file, as a body or as a part of one.
type File struct {
	// Path is within the folder that the caller allows; empty where Bytes is the
	// content.
	Path  string
	Bytes []byte
	// Name and ContentType are what a part calls it; empty where the document does
	// not say.
	Name, ContentType string
}

// IsFile tells whether a value of a document stands for a file.
func IsFile(v *source.Value) bool {
	return v != nil && v.Kind == source.Object && (v.Get(fileMember) != nil || v.Get(base64Member) != nil)
}

// NewFile makes a file of the members of its object. The error says which of them
// cannot be.
func NewFile(members map[string]any) (*File, error) {
	texts := map[string]string{}
	for name, value := range members {
		text, isText := value.(string)
		switch {
		case !slices.Contains(fileMembers, name):
			return nil, fmt.Errorf("the member %q does not belong to a file; expected %s", name, strings.Join(fileMembers, ", "))
		case !isText:
			return nil, fmt.Errorf("%s is %s; expected a text", name, source.KindOf(value))
		case name != base64Member && strings.ContainsFunc(text, isControl):
			return nil, fmt.Errorf("%s has a control character in it", name)
		}
		texts[name] = text
	}
	f := &File{Path: texts[fileMember], Name: texts[filenameMember], ContentType: texts[contentTypeMember]}
	encoded, isBase64 := texts[base64Member]
	_, isPath := texts[fileMember]
	if isPath == isBase64 {
		return nil, errors.New("a file is given by one of x-file and x-base64")
	}
	err := f.check()
	if err == nil && isPath {
		err = CheckPath(f.Path)
	}
	if err != nil {
		return nil, err
	}
	if isBase64 {
		if f.Bytes, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, fmt.Errorf("x-base64 is no base64: %w", err)
		}
	}
	return f, nil
}

func (f *File) check() error {
	if f.ContentType != "" {
		if _, _, err := mime.ParseMediaType(f.ContentType); err != nil || strings.Contains(f.ContentType, "*") || !strings.Contains(f.ContentType, "/") {
			return fmt.Errorf("x-content-type %q is no media type", f.ContentType)
		}
	}
	return nil
}

// CheckPath refuses a path that leads out of the folder, or names no file.
func CheckPath(path string) error {
	if path == "" {
		return errors.New("x-file is the empty text; expected the path of a file within the folder of --files, such as images/a.png")
	}
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return fmt.Errorf("x-file %q leads out of the folder of --files; expected a path within it, such as images/a.png", path)
	}
	return nil
}

// isControl tells the control characters, which no header of a part can carry.
func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// plain is the value as expressions and reports see it: a file is the object that
// stands for it.
func plain(value any) any {
	return source.Copy(value, func(inner any) any {
		if f, isFile := inner.(*File); isFile {
			return f.object()
		}
		return inner
	})
}

func (f *File) object() map[string]any {
	object := map[string]any{}
	texts := map[string]string{fileMember: f.Path, filenameMember: f.Name, contentTypeMember: f.ContentType}
	if f.Path == "" {
		object[base64Member] = base64.StdEncoding.EncodeToString(f.Bytes)
	}
	for name, text := range texts {
		if text != "" {
			object[name] = text
		}
	}
	return object
}

// content is the file's bytes.
func (c Content) content(f *File) ([]byte, error) {
	if f.Path == "" {
		return f.Bytes, nil
	}
	if err := CheckPath(f.Path); err != nil {
		return nil, err
	}
	if c.Read == nil {
		return nil, fmt.Errorf("x-file %q needs a folder to read files from: --files DIR", f.Path)
	}
	return c.Read(f.Path)
}

// extensions are the media types of files by their names: few, and the same on
// every machine.
var extensions = map[string]string{
	".avif": "image/avif", ".csv": "text/csv", ".gif": "image/gif", ".gz": "application/gzip", ".htm": "text/html",
	".html": "text/html", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".json": "application/json", ".mp3": "audio/mpeg",
	".mp4": "video/mp4", ".pdf": "application/pdf", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain",
	".wav": "audio/wav", ".webp": "image/webp", ".xml": "application/xml", ".zip": "application/zip",
}

// filename is what a part calls the file: in place of a name, that of the field.
func (f *File) filename(field string) string {
	switch {
	case f.Name != "":
		return f.Name
	case f.Path != "":
		return path.Base(filepath.ToSlash(f.Path))
	default:
		return field
	}
}

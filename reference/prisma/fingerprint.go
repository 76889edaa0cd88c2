package prisma

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"reflect"
)

// Fingerprint is a digest of all that the schema holds: schemas of which one has what
// the other has not, under whatever name, have different ones.
func (s *Schema) Fingerprint() [sha256.Size]byte {
	hash := sha256.New()
	w := bufio.NewWriter(hash) // it comes in small pieces
	(&printer{w, map[pointer]int{}}).value(reflect.ValueOf(s))
	// A hash takes all there is.
	_ = w.Flush()
	return [sha256.Size]byte(hash.Sum(nil))
}

// printer writes values so that different ones come out differently. What pointers
// lead to is written once: models know each other. Unexported members are no part of
// what a schema says.
type printer struct {
	w    io.Writer
	seen map[pointer]int
}

// pointer is a place; a struct and its first member are at the same address.
type pointer struct {
	to      reflect.Type
	address uintptr
}

func (p *printer) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		p.target(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				p.value(v.Field(i))
			}
		}
	case reflect.Slice:
		fmt.Fprintf(p.w, "%d:", v.Len())
		for i := range v.Len() {
			p.value(v.Index(i))
		}
	case reflect.Interface:
		if v.IsNil() {
			fmt.Fprint(p.w, "nil;")
			return
		}
		fmt.Fprintf(p.w, "%s;", v.Elem().Type())
		p.value(v.Elem())
	case reflect.String:
		fmt.Fprintf(p.w, "%d:%s", v.Len(), v.String())
	default:
		fmt.Fprintf(p.w, "%v;", v)
	}
}

func (p *printer) target(v reflect.Value) {
	if v.IsNil() {
		fmt.Fprint(p.w, "nil;")
		return
	}
	at := pointer{v.Type(), v.Pointer()}
	if n, seen := p.seen[at]; seen {
		fmt.Fprintf(p.w, "#%d;", n)
		return
	}
	p.seen[at] = len(p.seen)
	p.value(v.Elem())
}

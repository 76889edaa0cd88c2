package arazzo_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestModel holds that every field of the specification arrives in the model: a
// line for each field that has a value, in the order of the types.
func TestModel(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"full-1.0", "full-1.1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, _ := arazzo.Read(parse(t, readFile(t, filepath.Join("testdata", name+".yml"))))
			var b strings.Builder
			describe(&b, "", reflect.ValueOf(document))
			if diff := cmp.Diff(readFile(t, filepath.Join("testdata", name+".model")), b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// describe writes what the exported fields of a model hold. An object is the line
// it begins on, with the extensions that it has.
func describe(b *strings.Builder, path string, v reflect.Value) {
	switch value := v.Interface().(type) {
	case arazzo.Object:
		if value.Position().Line > 0 {
			fmt.Fprintf(b, "%s: line %d", path, value.Position().Line)
			for _, m := range value.Extensions() {
				fmt.Fprintf(b, " %s", m.Key)
			}
			b.WriteByte('\n')
		}
		return
	case *source.Value:
		if value != nil {
			text, _ := json.Marshal(value.Data())
			fmt.Fprintf(b, "%s = %s\n", path, text)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			describe(b, path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			describe(b, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(v.Type()) {
			switch {
			case !field.IsExported() || len(field.Index) > 1 || field.Type == reflect.TypeFor[source.Position]():
			case field.Anonymous:
				describe(b, path, v.FieldByIndex(field.Index))
			default:
				describe(b, path+"."+field.Name, v.FieldByIndex(field.Index))
			}
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s = %v\n", path, v)
		}
	}
}

// TestObject holds how a field is found, where there is one and where not.
func TestObject(t *testing.T) {
	t.Parallel()
	document, _ := arazzo.Read(parse(t, "x-a: 1\nb: 2\n"+head+oneStep))
	if v := document.Extension("x-a"); v == nil || v.Position.Line != 1 {
		t.Errorf("x-a is %v", v)
	}
	if v := document.Extension("b"); v != nil {
		t.Errorf("b is no extension, and was given as one")
	}
	if got := document.At("b").String() + " " + document.At("c").String(); got != "w.yml:2:4 w.yml:1:1" {
		t.Errorf("a field that is there and one that is not are at %s", got)
	}
	none := document.Components
	if none.Field("inputs") != nil || none.Extensions() != nil || none.At("inputs") != (source.Position{}) {
		t.Errorf("components that are not there have something")
	}
}

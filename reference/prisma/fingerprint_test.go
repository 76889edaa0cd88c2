package prisma_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

// Whatever a schema says is in its fingerprint, and nothing else is.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	schema := prismatest.Schema(t, prismatest.Everything)
	same := schema.Fingerprint()
	if other := prismatest.Schema(t, prismatest.Everything); other.Fingerprint() != same {
		t.Error("two readings of one text differ")
	}
	changes := 0
	each(reflect.ValueOf(schema), "schema", map[uintptr]bool{}, func(path string) {
		changes++
		if schema.Fingerprint() == same {
			t.Errorf("a change of %s is not seen", path)
		}
	})
	if schema.Fingerprint() != same {
		t.Error("not all was undone")
	}
	if changes < 1000 {
		t.Errorf("%d changes were tried", changes)
	}
}

// each changes every value in turn, calls changed, and undoes it.
func each(v reflect.Value, path string, seen map[uintptr]bool, changed func(path string)) {
	try := func(other reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(other)
		changed(path)
		v.Set(old)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		if v.CanSet() {
			try(reflect.Zero(v.Type()))
		}
		each(v.Elem(), path, seen, changed)
	case reflect.Struct:
		for i := range v.NumField() {
			each(v.Field(i), path+"."+v.Type().Field(i).Name, seen, changed)
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), fmt.Sprintf("%s[%d]", path, i), seen, changed)
		}
		try(reflect.Append(v.Slice(0, v.Len()), reflect.Zero(v.Type().Elem())))
	case reflect.Interface:
		try(reflect.ValueOf("another"))
	case reflect.String:
		try(reflect.ValueOf(v.String() + "x").Convert(v.Type()))
	case reflect.Bool:
		try(reflect.ValueOf(!v.Bool()).Convert(v.Type()))
	case reflect.Int:
		try(reflect.ValueOf(v.Int() + 1).Convert(v.Type()))
	case reflect.Uint32:
		try(reflect.ValueOf(v.Uint() + 1).Convert(v.Type()))
	}
}

func BenchmarkFingerprint(b *testing.B) {
	schema := prismatest.Schema(b, prismatest.Everything)
	for b.Loop() {
		schema.Fingerprint()
	}
}

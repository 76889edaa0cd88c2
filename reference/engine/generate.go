package engine

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// completed are the values of a new record with those that the query engine gives it,
// not the database: constants of the schema, ids, and now for the time of the request.
func (w *writer) completed(m *prisma.Model, values []statement.Value) ([]statement.Value, error) {
	var added []statement.Value
	for _, f := range m.Fields {
		value, ok := generated(f, w.now)
		if !ok || has(values, f) {
			continue
		}
		text, err := f.Parameter(value)
		if err != nil {
			return nil, fmt.Errorf("the default of %s.%s: %w", m.Name, f.Name, err)
		}
		added = append(added, statement.Value{Field: f, Text: text})
	}
	return merged(m, values, added), nil
}

// touched are changes of a record with the time of them, where the schema asks for
// that. A change of nothing is none.
func (w *writer) touched(m *prisma.Model, changes []statement.Value) ([]statement.Value, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	var added []statement.Value
	for _, f := range m.Fields {
		if !f.UpdatedAt || has(changes, f) {
			continue
		}
		text, err := f.Parameter(instant(w.now))
		if err != nil {
			return nil, fmt.Errorf("the time of %s.%s: %w", m.Name, f.Name, err)
		}
		added = append(added, statement.Value{Field: f, Text: text})
	}
	return merged(m, changes, added), nil
}

func has(values []statement.Value, f *prisma.Field) bool {
	return slices.ContainsFunc(values, func(v statement.Value) bool { return v.Field == f })
}

// merged are values with others, which come in place of those of the same fields, in
// the order of the model's fields.
func merged(m *prisma.Model, values, others []statement.Value) []statement.Value {
	if len(others) == 0 {
		return values
	}
	by := map[*prisma.Field]statement.Value{}
	for _, v := range slices.Concat(values, others) {
		by[v.Field] = v
	}
	var all []statement.Value
	for _, f := range m.Fields {
		if v, ok := by[f]; ok {
			all = append(all, v)
		}
	}
	return all
}

// generated is the value of a field that a new record is not given.
func generated(f *prisma.Field, now time.Time) (any, bool) {
	if f.UpdatedAt {
		return instant(now), true
	}
	switch f.Default.Kind {
	case prisma.ConstantDefault:
		return f.Default.Value, true
	case prisma.NowDefault:
		return instant(now), true
	case prisma.UUIDDefault:
		return newUUID(f.Default.Version), true
	case prisma.CUIDDefault:
		return newCUID(f.Default.Version, now), true
	case prisma.NanoIDDefault:
		return newNanoID(f.Default.Length), true
	}
	return nil, false
}

// instant is a time as a DateTime of a query. Prisma knows milliseconds.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

const (
	letters  = "abcdefghijklmnopqrstuvwxyz"
	digits36 = "0123456789" + letters
	// urlSafe are the 64 characters of a nanoid.
	urlSafe = "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	// nanoIDLength is that of nanoid() without an argument.
	nanoIDLength = 21
)

var (
	cuidCounter atomic.Uint32
	// cuidFingerprint tells processes apart.
	cuidFingerprint = random(digits36, 4)
)

// newUUID is a UUID of version 7, whose order is that of time, or else 4.
func newUUID(version int) string {
	if version == 7 {
		// Reading randomness never fails, crypto/rand has it.
		return uuid.Must(uuid.NewV7()).String()
	}
	return uuid.NewString()
}

// newCUID is an id as cuid() of Prisma 4 makes it, cuid version 1: the letter c, milliseconds,
// a counter, what tells the process apart and chance, in base 36. Of version 2 it looks
// like chance alone.
func newCUID(version int, now time.Time) string {
	if version == 2 {
		return random(letters, 1) + random(digits36, 23)
	}
	count := strconv.FormatUint(uint64(cuidCounter.Add(1)%(36*36*36*36)), 36)
	return "c" + strconv.FormatInt(now.UnixMilli(), 36) + fmt.Sprintf("%04s", count) + cuidFingerprint + random(digits36, 8)
}

// newNanoID is an id of length characters, 21 for 0.
func newNanoID(length int) string {
	if length == 0 {
		length = nanoIDLength
	}
	return random(urlSafe, length)
}

// random is text of n characters of an alphabet, each as likely as the others.
func random(alphabet string, n int) string {
	var text strings.Builder
	for range n {
		// Reading randomness never fails, crypto/rand has it.
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		text.WriteByte(alphabet[i.Int64()])
	}
	return text.String()
}

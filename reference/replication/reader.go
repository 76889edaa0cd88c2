package replication

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// reader takes fields off the front of a message. After its first error it gives
// zeros, so that decoding reads as the list of fields that the manual prints.
type reader struct {
	rest []byte
	err  error
	// keep says that rows are read into kept.
	keep bool
	kept rows
}

// rows is the memory of a message's rows, the old and the new one.
type rows struct {
	rows [2]row
	used int
}

type row struct {
	tuple  TupleData
	values []TupleDataColumn
	// columns point to values.
	columns []*TupleDataColumn
}

// row is memory for one more row of so many columns.
func (r *reader) row(columns uint16) *row {
	if !r.keep || r.kept.used == len(r.kept.rows) {
		return new(row).of(columns)
	}
	r.kept.used++
	return r.kept.rows[r.kept.used-1].of(columns)
}

// of makes room for so many columns, of which nothing is known yet.
func (r *row) of(columns uint16) *row {
	n := int(columns)
	if n > len(r.values) || r.columns == nil {
		r.values, r.columns = make([]TupleDataColumn, n), make([]*TupleDataColumn, n)
		for i := range r.values {
			r.columns[i] = &r.values[i]
		}
	}
	clear(r.values[:n])
	r.tuple = TupleData{ColumnNum: columns, Columns: r.columns[:n:n]}
	return r
}

func (r *reader) bytes(n uint32) []byte {
	if r.err == nil && uint64(n) > uint64(len(r.rest)) {
		r.err = fmt.Errorf("ends early: %d more bytes expected, %d left", n, len(r.rest))
	}
	if r.err != nil {
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) byte() uint8 {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.bytes(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) lsn() LSN { return LSN(r.uint64()) }

func (r *reader) time() time.Time { return pgTime(r.uint64()) }

// text reads to the next zero byte.
func (r *reader) text() string {
	end := bytes.IndexByte(r.rest, 0)
	if r.err == nil && end < 0 {
		r.err = errors.New("ends early: a text without its closing zero byte")
	}
	if r.err != nil {
		return ""
	}
	s := string(r.rest[:end])
	r.rest = r.rest[end+1:]
	return s
}

// holds checks a count that comes from outside against the bytes that are really
// there, before anything is allocated for it.
func (r *reader) holds(count, shortest uint64) bool {
	if r.err == nil && count*shortest > uint64(len(r.rest)) {
		r.err = fmt.Errorf("ends early: announces %d entries, %d bytes left", count, len(r.rest))
	}
	return r.err == nil
}

func (r *reader) expect(got, want uint8) {
	if r.err == nil && got != want {
		r.err = fmt.Errorf("expected a row of kind %q, got %q", rune(want), rune(got))
	}
}

func (r *reader) newTuple() *TupleData {
	r.expect(r.byte(), UpdateMessageTupleTypeNew)
	return r.tuple()
}

func (r *reader) tuple() *TupleData {
	columns := r.uint16()
	if !r.holds(uint64(columns), 1) {
		return nil
	}
	row := r.row(columns)
	for i := range row.values[:columns] {
		r.column(&row.values[i])
	}
	return &row.tuple
}

func (r *reader) column(c *TupleDataColumn) {
	c.DataType = r.byte()
	switch c.DataType {
	case TupleDataTypeText, TupleDataTypeBinary:
		c.Length = r.uint32()
		c.Data = r.bytes(c.Length)
	case TupleDataTypeNull, TupleDataTypeToast:
	default:
		if r.err == nil {
			r.err = fmt.Errorf("unknown kind of value %q", rune(c.DataType))
		}
	}
}

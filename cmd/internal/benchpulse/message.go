package main

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"github.com/jackc/pgx/v5/pgtype"
)

// relation is a table as the stream describes it: what stands in each of its events,
// and its columns.
type relation struct {
	table   []byte
	columns []column
}

// column is a member's name with its colon, and the type of what follows.
type column struct {
	name []byte
	oid  uint32
}

// message takes the fields off a pgoutput message (version 1) of a server that is
// believed: a damaged one panics, and the measurement with it.
type message struct{ rest []byte }

func (m *message) take(n int) []byte {
	taken := m.rest[:n]
	m.rest = m.rest[n:]
	return taken
}

func (m *message) byte() byte     { return m.take(1)[0] }
func (m *message) uint16() int    { return int(binary.BigEndian.Uint16(m.take(2))) }
func (m *message) uint32() uint32 { return binary.BigEndian.Uint32(m.take(4)) }
func (m *message) uint64() uint64 { return binary.BigEndian.Uint64(m.take(8)) }

func (m *message) text() []byte {
	text := m.take(bytes.IndexByte(m.rest, 0))
	m.take(1)
	return text
}

func (m *message) relation() (id uint32, described *relation) {
	described = &relation{}
	id = m.uint32()
	described.table = append(appendText([]byte(`,"schema":`), m.text()), `,"table":`...)
	described.table = appendText(described.table, m.text())
	m.byte() // the replica identity
	for range m.uint16() {
		m.byte() // whether it is of the key
		name := append(appendText(nil, m.text()), ':')
		described.columns = append(described.columns, column{name, m.uint32()})
		m.take(4) // the type's modifier
	}
	return id, described
}

// change appends the JSON of a row change, on a line of its own.
func (m *message) change(event []byte, kind byte, relations map[uint32]*relation, lsn uint64) []byte {
	of := relations[m.uint32()]
	event = append(event, `{"action":"`...)
	event = append(event, map[byte]string{'I': "create", 'U': "update", 'D': "delete"}[kind]...)
	event = append(event, '"')
	event = append(event, of.table...)
	row := m.byte()
	if row != 'N' {
		event = m.row(append(event, `,"old":{`...), of)
	}
	if kind != 'D' {
		if row != 'N' {
			m.byte()
		}
		event = m.row(append(event, `,"new":{`...), of)
	}
	event = strconv.AppendUint(append(event, `,"lsn":`...), lsn, 10)
	return append(event, '}', '\n')
}

func (m *message) row(event []byte, of *relation) []byte {
	first := true
	for i := range m.uint16() {
		kind := m.byte()
		if kind == 'u' { // not sent, for it did not change
			continue
		}
		if !first {
			event = append(event, ',')
		}
		first = false
		event = append(event, of.columns[i].name...)
		if kind == 'n' {
			event = append(event, "null"...)
			continue
		}
		event = appendValue(event, m.take(int(m.uint32())), of.columns[i].oid)
	}
	return append(event, '}')
}

func appendValue(event, text []byte, oid uint32) []byte {
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.Float4OID, pgtype.Float8OID, pgtype.JSONOID, pgtype.JSONBOID:
		return append(event, text...)
	case pgtype.BoolOID:
		return strconv.AppendBool(event, text[0] == 't')
	}
	return appendText(event, text)
}

// appendText appends a JSON string.
func appendText(event, text []byte) []byte {
	event = append(event, '"')
	for len(text) > 0 {
		plain := 0
		for plain < len(text) && text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\' {
			plain++
		}
		event = append(event, text[:plain]...)
		if plain == len(text) {
			break
		}
		if c := text[plain]; c == '"' || c == '\\' {
			event = append(event, '\\', c)
		} else {
			const digits = "0123456789abcdef"
			event = append(event, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		text = text[plain+1:]
	}
	return append(event, '"')
}

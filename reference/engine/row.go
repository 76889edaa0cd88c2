package engine

import (
	"errors"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/reference/statement"
)

// appendKey begins member i of an object. A name of a GraphQL document needs no escape.
func appendKey(dst []byte, i int, key string) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, key...)
	return append(dst, '"', ':')
}

var (
	errShortRow = errors.New("a row has fewer columns than were asked for")
	errLongRow  = errors.New("a row has more columns than were asked for")
	errTooLong  = errors.New("the answer is longer than it may be")
)

// appendRow writes the object of a row: its columns are text as Postgres prints it,
// nil for NULL. rest are the columns beyond the shape. The error is errTooLong as soon as
// the nested records make the text longer than limit: names are as long as the request
// has them, and each record has them all.
func appendRow(dst []byte, shape []statement.Member, row [][]byte, limit int) (text []byte, rest [][]byte, err error) {
	dst = append(dst, '{')
	for i := range shape {
		m := &shape[i]
		dst = appendKey(dst, i, m.Key)
		if m.Kind == statement.Group {
			dst, row, err = appendRow(dst, m.Members, row, limit)
		} else if len(row) == 0 {
			err = errShortRow
		} else {
			dst, err = appendColumn(dst, m, row[0], limit)
			row = row[1:]
		}
		if err != nil {
			return dst, row, err
		}
	}
	return append(dst, '}'), row, nil
}

func appendColumn(dst []byte, m *statement.Member, text []byte, limit int) ([]byte, error) {
	switch {
	case m.Kind == statement.Scalar:
		return m.Field.AppendGraphQL(dst, text)
	case text == nil:
		return append(dst, "null"...), nil
	case m.Kind == statement.Number:
		return append(dst, text...), nil
	}
	s := scanner{text: text, limit: limit}
	dst, err := s.nested(dst, m)
	if err == nil && s.next() != 0 {
		err = s.unexpected("the end")
	}
	return dst, err
}

// width is how many columns a shape has.
func width(shape []statement.Member) int {
	columns := 0
	for i := range shape {
		if shape[i].Kind == statement.Group {
			columns += width(shape[i].Members)
		} else {
			columns++
		}
	}
	return columns
}

// stringOf tells whether a JSON string of a field's value is what is answered.
func stringOf(f *prisma.Field) bool { return f.Type == prisma.String && !f.List }

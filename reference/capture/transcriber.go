package capture

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/reference/replication"
)

// transcriber turns text of the database's encoding into UTF-8, in place of the
// server. That refuses to send a whole change for one character that has no Unicode
// form, such as the byte 0x81 in WIN1252 (SQLSTATE 22P05), and with it all that comes
// after. Here such a character becomes U+FFFD. What every other one is, Postgres is
// asked once.
type transcriber struct {
	// encoding is Postgres' name of the encoding.
	encoding string
	// convert asks Postgres for a character in UTF-8; none says that it has no form.
	convert func(ctx context.Context, character []byte) (inUTF8 []byte, none bool, err error)
	log     *slog.Logger
	// known are the characters that were asked for, told how many of them the log was
	// told of.
	known map[string]string
	told  int
}

// toldCharacters bounds what the log says of characters: a text may be full of them.
const toldCharacters = 100

func newTranscriber(db *database, encoding string, log *slog.Logger) *transcriber {
	return &transcriber{
		encoding: encoding, log: log, known: map[string]string{},
		convert: func(ctx context.Context, character []byte) (inUTF8 []byte, none bool, err error) {
			err = db.pool.QueryRow(ctx, "SELECT convert($1::bytea, $2::text::name, 'UTF8')", character, encoding).Scan(&inUTF8)
			if isUntranslatable(err) {
				return nil, true, nil
			}
			return inUTF8, false, err
		},
	}
}

// isUntranslatable reports whether a text is not to be had in UTF-8.
func isUntranslatable(err error) bool {
	return hasCode(err, sqlUntranslatable) || hasCode(err, sqlInvalidText)
}

// message transcribes what a message has of names and values.
func (t *transcriber) message(ctx context.Context, msg replication.Message) error {
	switch m := msg.(type) {
	case *replication.RelationMessageV2:
		return t.relation(ctx, &m.RelationMessage)
	case *replication.InsertMessageV2:
		return t.row(ctx, m.Tuple)
	case *replication.UpdateMessageV2:
		if err := t.row(ctx, m.OldTuple); err != nil {
			return err
		}
		return t.row(ctx, m.NewTuple)
	case *replication.DeleteMessageV2:
		return t.row(ctx, m.OldTuple)
	}
	return nil
}

func (t *transcriber) relation(ctx context.Context, m *replication.RelationMessage) error {
	names := []*string{&m.Namespace, &m.RelationName}
	for _, c := range m.Columns {
		names = append(names, &c.Name)
	}
	for _, name := range names {
		text, err := t.text(ctx, []byte(*name))
		if err != nil {
			return err
		}
		*name = string(text)
	}
	return nil
}

func (t *transcriber) row(ctx context.Context, row *replication.TupleData) error {
	if row == nil {
		return nil
	}
	for _, c := range row.Columns {
		if c.DataType != replication.TupleDataTypeText {
			continue
		}
		text, err := t.text(ctx, c.Data)
		if err != nil {
			return err
		}
		c.Data, c.Length = text, uint32(len(text))
	}
	return nil
}

// text is a text in UTF-8. Below 0x80 every encoding of a server is ASCII.
func (t *transcriber) text(ctx context.Context, text []byte) ([]byte, error) {
	plain := 0
	for plain < len(text) && text[plain] < utf8.RuneSelf {
		plain++
	}
	if plain == len(text) {
		return text, nil
	}
	out := append(make([]byte, 0, len(text)+len(text)/2), text[:plain]...)
	for rest := text[plain:]; len(rest) > 0; {
		if rest[0] < utf8.RuneSelf {
			out, rest = append(out, rest[0]), rest[1:]
			continue
		}
		n := min(characterLength(t.encoding, rest[0]), len(rest))
		inUTF8, err := t.character(ctx, rest[:n])
		if err != nil {
			return nil, err
		}
		out, rest = append(out, inUTF8...), rest[n:]
	}
	return out, nil
}

// character is a character in UTF-8.
func (t *transcriber) character(ctx context.Context, character []byte) (string, error) {
	if known, ok := t.known[string(character)]; ok {
		return known, nil
	}
	inUTF8, none, err := t.convert(ctx, character)
	if err != nil {
		return "", fmt.Errorf("ask for a character of %s in UTF-8: %w", t.encoding, err)
	}
	known := string(inUTF8)
	if none {
		known = string(utf8.RuneError)
		if t.told++; t.told <= toldCharacters {
			t.log.Warn("pulse: a character has no Unicode form; events have U+FFFD in its place", "encoding", t.encoding, "bytes", hex.EncodeToString(character))
		}
	}
	t.known[string(character)] = known
	return known, nil
}

// characterLength is how many bytes a character has that begins with a byte from
// 0x80 on. Of the encodings that a database can have, those of East Asia have more
// than one byte (Postgres' manual, chapter Character Set Support), and UTF8, which is
// sent as it is.
func characterLength(encoding string, first byte) int {
	// The single shifts of Extended Unix Code.
	const ss2, ss3 = 0x8e, 0x8f
	switch encoding {
	case "EUC_TW":
		if first == ss2 {
			return 4
		}
	case "EUC_JP", "EUC_JIS_2004", "EUC_CN", "EUC_KR":
	default:
		return 1
	}
	if first == ss3 {
		return 3
	}
	return 2
}

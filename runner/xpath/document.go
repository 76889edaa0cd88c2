package xpath

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits on XML, which comes from the network.
const (
	// MaxDocumentBytes bounds the text: as much as the runner takes of a response.
	MaxDocumentBytes = 64 << 20
	// MaxDocumentNodes bounds elements, attributes, declarations, texts, comments
	// and instructions together. A million of them take some 200 MB.
	MaxDocumentNodes = 1_000_000
	// MaxDocumentDepth bounds elements inside one another: a multiple of what
	// anybody writes, and little enough that looking at all ancestors is cheap.
	MaxDocumentDepth = 1000
)

// DocumentError says why a text is no XML document that can be read.
type DocumentError struct {
	// Line and Column are where, counted from 1, the column in bytes.
	Line, Column int
	Message      string
}

// Error is the place and the message on one line.
func (e *DocumentError) Error() string {
	return fmt.Sprintf("XML, line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// ParseDocument reads a text as one XML 1.0 document with namespaces, and
// returns its root, the parent of the document element. A byte order mark is
// passed over. The error is a [*DocumentError].
func ParseDocument(text string) (*Node, error) {
	return parseWithin(MaxDocumentNodes, text)
}

// parseWithin is ParseDocument with its own bound on nodes.
func parseWithin(nodes int, text string) (*Node, error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	r := newReader(nodes, text)
	if len(text) > MaxDocumentBytes {
		return nil, r.fail("expected at most %d bytes, found %d", MaxDocumentBytes, len(text))
	}
	if at := badCharacter(text); at >= 0 {
		line := 1 + strings.Count(text[:at], "\n")
		column := at - strings.LastIndexByte(text[:at], '\n')
		return nil, &DocumentError{line, column, fmt.Sprintf("expected text in UTF-8, found %+q, which XML does not allow", text[at:min(at+1, len(text))])}
	}
	for {
		start := int(r.decoder.InputOffset())
		token, err := r.decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return r.finish()
		}
		if err == nil {
			err = r.token(token, start)
		}
		if err != nil {
			return nil, r.explain(err)
		}
	}
}

// badCharacter is where the first character stands that XML does not allow (XML
// 1.0, section 2.2), or -1.
func badCharacter(text string) int {
	for at, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[at:], "\uFFFD"),
			r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
			return at
		}
	}
	return -1
}

// onlyUTF8 lets the declared encodings pass that are UTF-8 under another name.
func onlyUTF8(label string, input io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "us-ascii") || strings.EqualFold(label, "ascii") {
		return input, nil
	}
	return nil, fmt.Errorf("only UTF-8 is read")
}

// explain gives the decoder's errors a place.
func (r *reader) explain(err error) error {
	var own *DocumentError
	if errors.As(err, &own) {
		return err
	}
	message := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Msg
	}
	return r.fail("%s", strings.TrimPrefix(message, "xml: "))
}

func (r *reader) fail(format string, arguments ...any) *DocumentError {
	line, column := r.decoder.InputPos()
	return &DocumentError{line, column, fmt.Sprintf(format, arguments...)}
}

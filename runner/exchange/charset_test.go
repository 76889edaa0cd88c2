package exchange_test

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// TestText holds in which encoding a body is read (S-206).
func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, media, body, want string }{
		{"no media type", "", "\xff\x00", `"\xff\x00"`},
		{"bytes", "image/png", "\xfe\xffx", `"\xfe\xffx"`},
		{"UTF-8", "application/json", "\"größe\"", `"\"größe\""`},
		{"UTF-8 by name", "text/plain; charset=UTF-8", "größe", `"größe"`},
		{"a charset makes it a text", "application/x-y; charset=iso-8859-1", "gr\xf6\xdfe", `"größe"`},
		{"Latin 1", "text/plain; charset=\"ISO-8859-1\"", "gr\xf6\xdfe", `"größe"`},
		{"Shift JIS", "application/json; charset=Shift_JIS", "\"\x93\xfa\"", `"\"日\""`},
		{"a mark of UTF-8", "application/json", "\xef\xbb\xbf{}", `"{}"`},
		{"a mark goes before the charset", "text/plain; charset=iso-8859-1", "\xef\xbb\xbfö", `"ö"`},
		{"UTF-16 with its mark", "application/json", "\xff\xfe{\x00}\x00", `"{}"`},
		{"UTF-16 the other way round", "application/json", "\xfe\xff\x00{\x00}", `"{}"`},
		{"UTF-16 by name", "text/plain; charset=utf-16", "\x00a", `"a"`},
		{"UTF-16 with a pair", "text/plain; charset=utf-16le", "\x3d\xd8\x00\xde", `"😀"`},
		{"an honest U+FFFD", "text/plain; charset=utf-16be", "\xff\xfd", `"�"`},
		{"an honest U+FFFD in UTF-8", "text/plain", "\ufffd", `"�"`},
		{"XML by its declaration", "application/xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xf6</a>", `"<?xml version='1.0' encoding='UTF-8'?><a>ö</a>"`},
		{"XML by its media type", "text/xml; charset=iso-8859-1", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a>\xf6</a>", `"<?xml version=\"1.0\" encoding=\"utf-8\"?><a>ö</a>"`},
		{"XML in UTF-16", "application/soap+xml", "\xff\xfe<\x00a\x00/\x00>\x00", `"<a/>"`},
		{"XML without a declaration", "application/xml", "<a>ö</a>", `"<a>ö</a>"`},
		{"an encoding that is no declaration", "application/xml", "<a encoding='ISO-8859-1'>ö</a>", `"<a encoding='ISO-8859-1'>ö</a>"`},

		{"no UTF-8", "application/json", "\"gr\xf6\xdfe\"", `"\"gr\xf6\xdfe\"" its byte no. 4, 0xf6, is no UTF-8`},
		{"no UTF-8 in a text", "text/plain", "\xff", `"\xff" its byte no. 1, 0xff, is no UTF-8`},
		{"no UTF-8 behind a mark", "text/plain", "\xef\xbb\xbf\xff", `"\ufeff\xff" its byte no. 1, 0xff, is no UTF-8`},
		{"an unknown charset", "text/plain; charset=x-klingon", "qapla", `"qapla" its charset "x-klingon" is not known`},
		{"a charset that is unsafe", "text/plain; charset=iso-2022-kr", "a", `"a" its charset "iso-2022-kr" is not known`},
		{"not in its charset", "text/plain; charset=shift_jis", "\x93", `"\x93" it is not in the charset "shift_jis" that it is said to be in`},
		{"half a character", "text/plain; charset=utf-16le", "a", `"a" it is UTF-16 and has half a character at its end`},
		{"half a pair", "text/plain; charset=utf-16le", "\x3d\xd8", `"=\xd8" it is UTF-16 and has half of a pair of surrogates`},
		{"XML that declares what is unknown", "application/xml", "<?xml version='1.0' encoding='x-1'?><a/>", `"<?xml version='1.0' encoding='x-1'?><a/>" its charset "x-1" is not known`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text, err := exchange.Text(test.media, []byte(test.body))
			got := fmt.Sprintf("%q", text)
			if err != nil {
				got += " " + err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzText holds that a text that is given without an error is UTF-8, and that one
// with an error is the body as it came.
func FuzzText(f *testing.F) {
	f.Add("text/plain; charset=utf-16", []byte("\x00a"))
	f.Add("application/xml", []byte("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xf6</a>"))
	f.Add("application/json; charset=gb18030", []byte("\x84\x31\xa4\x37"))
	f.Fuzz(func(t *testing.T, media string, body []byte) {
		text, err := exchange.Text(media, body)
		if err != nil && text != string(body) {
			t.Errorf("%q became %q: %v", body, text, err)
		}
		if err == nil && text != string(body) && !utf8.ValidString(text) {
			t.Errorf("%q became %q", body, text)
		}
	})
}

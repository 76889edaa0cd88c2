package filter

import (
	"unicode"
	"unicode/utf8"
)

// appendFolded appends text with every character replaced by one that stands for
// all that differ from it by case alone (Unicode's simple case folding).
func appendFolded(to, text []byte) []byte {
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			to = append(to, lower(b))
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		to = utf8.AppendRune(to, folded(r))
		i += size
	}
	return to
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b - 'A' + 'a'
	}
	return b
}

// folded is the least of the characters that r differs from by case alone, which
// is an ASCII letter for U+017F and U+212A.
func folded(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	if least < utf8.RuneSelf {
		return rune(lower(byte(least)))
	}
	return least
}

package prisma

// numeral says how the text of a number is made, as JSON writes numbers, which is
// also how Postgres prints finite ones (RFC 8259, section 6).
type numeral struct {
	// end is where the number ends, 0 where none begins.
	end int
	// whole and fraction are how many digits stand before and after the point.
	whole, fraction int
	exponent        bool
}

// isAll tells whether text, which n was read from, is a number and nothing else.
func (n numeral) isAll(text []byte) bool { return n.end == len(text) && n.end > 0 }

// isWhole tells whether it has digits alone.
func (n numeral) isWhole() bool { return n.fraction == 0 && !n.exponent }

// parseNumber reads the number that text begins with. A part that is not complete,
// such as a point without digits, does not belong to it.
func parseNumber(text []byte) numeral {
	n := numeral{}
	at := 0
	if at < len(text) && text[at] == '-' {
		at++
	}
	n.whole = digits(text[at:])
	if n.whole == 0 || n.whole > 1 && text[at] == '0' {
		return numeral{}
	}
	at += n.whole
	if at < len(text) && text[at] == '.' {
		if n.fraction = digits(text[at+1:]); n.fraction > 0 {
			at += 1 + n.fraction
		}
	}
	n.end = at
	if at == len(text) || text[at]|0x20 != 'e' {
		return n
	}
	at++
	if at < len(text) && (text[at] == '-' || text[at] == '+') {
		at++
	}
	if power := digits(text[at:]); power > 0 {
		n.end, n.exponent = at+power, true
	}
	return n
}

// digits is how many digits text begins with.
func digits(text []byte) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// isNumber reports whether text is a number as JSON writes it.
func isNumber(text string) bool {
	return parseNumber([]byte(text)).isAll([]byte(text))
}

package jsonpath

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Gössner's JSONPath, on the engine of RFC 9535. What his article leaves to the
// script language around it is cut down to what needs none, so that the text of a
// document never reaches a general evaluator:
//
//   - $.a-b, $.0, $[a] and $['0']: a name may have hyphens, begin with a digit and
//     stand in brackets without quotes; a name that is an index selects in arrays,
//     an index selects a member of that name.
//   - $.a.length: of an array or a string, unless there is such a member. A string
//     counts characters.
//   - $.a[(@.length-1)]: of scripts, only the length and integers added to it or
//     taken from it.
//   - [?(@.a)] asks for a true value: not absent, null, false, 0 or ''. Queries in
//     a filter that may select several nodes ask whether they do.
//   - [?(@.a == 1)]: a number and a string that is one compare as numbers, absent
//     equals null, and arrays and objects are equal to nothing.
//
// All else is as in RFC 9535: filters look at the elements of arrays and the
// members of objects, descendants come parents first, an index may be negative.

// key selects a member of an object or an element of an array, or length.
type key string

func (k key) child(node any) (any, bool) {
	switch node := node.(type) {
	case map[string]any:
		value, ok := node[string(k)]
		return value, ok
	case []any:
		if k == "length" {
			return asNumber(len(node)), true
		}
		if at, err := strconv.ParseInt(string(k), 10, 64); err == nil && strconv.FormatInt(at, 10) == string(k) {
			return index(at).child(node)
		}
	case string:
		if k == "length" {
			return asNumber(utf8.RuneCountInString(node)), true
		}
	}
	return nil, false
}

func (k key) apply(_ *evaluation, node any, selected []any) []any {
	return appendChild(k, node, selected)
}

// fromLength is the script (@.length-1): an element counted from the length of
// its array.
type fromLength int64

func (l fromLength) child(node any) (any, bool) {
	array, _ := node.([]any)
	at := int64(len(array)) + int64(l)
	if at < 0 {
		return nil, false
	}
	return index(at).child(node)
}

func (l fromLength) apply(_ *evaluation, node any, selected []any) []any {
	return appendChild(l, node, selected)
}

var (
	scriptSyntax = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\(\s*@\.length\s*((?:[+-]\s*[0-9]{1,15}\s*)*)\)`)
	})
	termSyntax = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`([+-])\s*([0-9]+)`)
	})
)

// scriptBytes is as far as a script is looked for: a regular expression over all
// of a text costs time in proportion to it, even when it matches a few bytes.
const scriptBytes = 200

// dottedName reads a name after a dot. In a filter a hyphen could be a minus sign,
// so that there a name with one stands in brackets and quotes.
func (p *parser) dottedName() string {
	if p.dialect != Goessner || p.nesting > 0 {
		return p.name()
	}
	return p.hyphenated()
}

// hyphenated reads a name that may have hyphens and begin with a digit.
func (p *parser) hyphenated() string {
	start := p.offset
	for p.offset < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.offset:])
		if !isNameFirst(r, size) && !unicode.IsDigit(r) && r != '-' {
			break
		}
		p.offset += size
	}
	return p.text[start:p.offset]
}

// goessnerSelector reads what only this dialect has in brackets: a name without
// quotes, or a script.
func (p *parser) goessnerSelector() (selector, error) {
	if m := scriptSyntax().FindStringSubmatch(p.text[p.offset:min(p.offset+scriptBytes, len(p.text))]); m != nil {
		p.offset += len(m[0])
		return fromLength(sumOf(m[1])), nil
	}
	if p.peek() == '(' {
		return nil, &SyntaxError{p.offset, "expected the script (@.length-1), or with other integers: no other script is run"}
	}
	if member := p.hyphenated(); member != "" {
		return key(member), nil
	}
	return nil, p.fail("a selector: name, 'name', *, index, start:end:step, (@.length-1) or ?(filter)")
}

// sumOf adds up terms such as "+ 1 - 2". Their number is bounded by the text, and
// each by its digits, so nothing overflows.
func sumOf(terms string) int64 {
	var sum int64
	for _, term := range termSyntax().FindAllStringSubmatch(terms, -1) {
		n, _ := strconv.ParseInt(term[1]+term[2], 10, 64) // a sign and up to 15 digits
		sum += n
	}
	return sum
}

// foreignOperators are those of script languages that are not run.
var foreignOperators = []string{"===", "!==", "=~", "+", "-", "*", "/", "%"}

// goessnerOperator refuses them by name.
func (p *parser) goessnerOperator() error {
	if p.dialect != Goessner {
		return nil
	}
	for _, operator := range foreignOperators {
		if strings.HasPrefix(p.text[p.offset:], operator) {
			return &SyntaxError{p.offset, fmt.Sprintf("expected == != < <= > >= && or ||, found the operator %s, which is of the script language around JSONPath (a name with a hyphen is written @['like-this'])", operator)}
		}
	}
	return nil
}

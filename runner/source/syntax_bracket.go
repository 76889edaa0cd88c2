package source

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"
)

// bracketed finds brackets that follow a text without a space, as in
// $response.body[0].id, up to where they close on the same line.
var bracketed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^\s,:\[\]{}"']((?:\[[^\[\]\r\n]*\]|\{[^{}\r\n]*\})+)`)
})

// bracketInText finds the bracket that ends a text without quotes inside { } or
// [ ], where YAML has no such text. The library does not say where that is. It is
// certain, because with letters in the place of this bracket and of those after it
// the document is read, and with the bracket it is not.
func bracketInText(text string, err error) (int, bool) {
	if len(text) > maxSearched || !strings.Contains(err.Error(), "did not find expected ',' or ") {
		return 0, false
	}
	found := bracketed().FindAllStringSubmatchIndex(text, -1)
	refused := func(kept int) bool {
		letters := []byte(text)
		for _, at := range found[kept:] {
			copy(letters[at[2]:at[3]], strings.Repeat("x", at[3]-at[2]))
		}
		_, err := yamlNodes(string(letters))
		return err != nil
	}
	if len(found) == 0 || refused(0) {
		return 0, false
	}
	first := sort.Search(len(found)-1, func(i int) bool { return refused(i + 1) })
	return found[first][2], true
}

// explainBracket says so.
func (d *Diagnostic) explainBracket(bracket byte) {
	d.Message = fmt.Sprintf("the text before this %c has no quotes, and inside { } or [ ] a bracket ends such a text", bracket)
	d.Expected, d.Fix = "text in quotes", "put the whole text in quotes"
}

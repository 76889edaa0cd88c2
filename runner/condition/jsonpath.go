package condition

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/jsonpath"
)

// rootFilter is how a filter at the root begins.
var rootFilter = regexp.MustCompile(`^\$\s*\[\s*\?`)

// JSONPath parses an RFC 9535 query, which holds when it matches anything, or a
// comparison of queries with values. The error is an [*expression.SyntaxError].
func JSONPath(text string) (*Condition, error) {
	c, err := templated(text, parseJSONPath, quoteForJSONPath)
	if err == nil {
		c.RootFilter = rootFilter.MatchString(text)
	}
	return c, err
}

func parseJSONPath(text string) (judge, bool, error) {
	if query, err := jsonpath.Parse(text); err == nil {
		strict, err := query.Strict()
		if err != nil {
			return nil, false, syntaxOf(err)
		}
		return func(context any) Verdict { return matchQuery(strict, context) }, false, nil
	}
	p := &parser{text: text, language: language{operand: jsonpathOperand, compare: compareJSONPath}}
	root, err := p.parse()
	if err != nil {
		return nil, false, err
	}
	return func(context any) Verdict {
		if context == nil {
			return withContext(nil, errNullContext)
		}
		return p.judge(root, nil, expression.Structured(context))
	}, true, nil
}

// syntaxOf is the error of a query as one of a condition.
func syntaxOf(err error) error {
	var query *jsonpath.SyntaxError
	if errors.As(err, &query) {
		return &expression.SyntaxError{Offset: query.Offset, Message: query.Message}
	}
	return &expression.SyntaxError{Message: err.Error()}
}

// matchQuery passes when the query matches anything (S-167). A text that is not
// JSON cannot be judged (S-206).
func matchQuery(q *jsonpath.Query, context any) Verdict {
	if context == nil {
		return withContext(nil, errNullContext)
	}
	data := expression.Structured(context)
	if _, isText := data.(string); isText { // $ would match it, whatever it says
		return withContext(context, errTextContext)
	}
	found, err := q.Select(data)
	v := withContext(context, err)
	v.Passed = err == nil && len(found) > 0
	v.found = append(v.found, finding{text: "matched", value: found})
	return v
}

func jsonpathOperand(rest string) (*operand, int, error) {
	if !strings.HasPrefix(rest, "$") {
		return literalOperand(rest, jsonpathString)
	}
	query, n, err := jsonpath.ParsePrefix(rest)
	if err == nil {
		query, err = query.Strict()
	}
	if err != nil {
		return nil, 0, syntaxOf(err)
	}
	text := rest[:n]
	var measured *jsonpath.Query
	if base, ok := strings.CutSuffix(text, ".length"); ok {
		measured, _ = jsonpath.Parse(base) // query has met its wrong patterns before
	}
	return &operand{text: text, find: func(_ expression.Scope, context any, _ []finding) (any, error) {
		if _, isText := context.(string); isText && text != "$" {
			return nil, errTextContext
		}
		return selectValue(query, measured, context)
	}}, n, nil
}

// selectValue is the value of a query's one node; of several, all of them. A
// trailing .length is a length where there is no such member (D2).
func selectValue(query, measured *jsonpath.Query, context any) (any, error) {
	found, err := query.Select(context)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nodes(found), nil
	case measured != nil:
		return lengthOf(measured, context)
	default:
		return absent{}, nil
	}
}

// lengthOf counts the items of an array, the characters of a string, or the
// nodes of a query that can match several.
func lengthOf(q *jsonpath.Query, context any) (any, error) {
	found, err := q.Select(context)
	if err != nil {
		return nil, err
	}
	if !q.Singular() {
		return count(len(found)), nil
	}
	if len(found) == 1 {
		switch v := found[0].(type) {
		case []any:
			return count(len(v)), nil
		case string:
			return count(utf8.RuneCountInString(v)), nil
		}
	}
	return absent{}, nil
}

func count(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// jsonpathString reads a string literal of RFC 9535, in either quotes.
func jsonpathString(rest string) (string, int, error) {
	end := 1
	for end < len(rest) && rest[end] != rest[0] {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) {
		return "", 0, errNotClosed()
	}
	quoted := rest[:end+1]
	if rest[0] == '\'' {
		inner := strings.ReplaceAll(strings.ReplaceAll(quoted[1:end], `\'`, `'`), `"`, `\"`)
		quoted = `"` + inner + `"`
	}
	var text string
	if json.Unmarshal([]byte(quoted), &text) != nil {
		return "", 0, errNoString(rest[:end+1], "is not a string of RFC 9535")
	}
	return text, end + 1, nil
}

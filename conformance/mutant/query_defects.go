package mutant

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// What Accelerate says when it refuses a request, and when a query fails.
const (
	refusal = `{"code":"P6000","message":"broken"}`
	failure = `{"errors":[{"code":"P6000","message":"broken"}]}`
)

// asked tests the text of a query.
func asked(test func(query string) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		query, there := at(sentJSON(r), "/query")
		text, isText := query.(string)
		return there && isText && test(text)
	}
}

// asks tests for a query that has the text in it.
func asks(text string) func(*http.Request) bool {
	return asked(func(query string) bool { return strings.Contains(query, text) })
}

// nests tests for a query that has a character more often than any good one.
func nests(character string) func(*http.Request) bool {
	return asked(func(query string) bool { return strings.Count(query, character) > 1000 })
}

// rewrite has the target asked something else: pairs of what a query has, and what is put
// in its place.
func rewrite(pairs ...string) Defect {
	return send(edit("/query", func(v any) any {
		query, isText := v.(string)
		if !isText {
			return v
		}
		return strings.NewReplacer(pairs...).Replace(query)
	}))
}

// sendsWhere tests the value where the pointer leads.
func sendsWhere(pointer string, test func(value any) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		value, there := at(sentJSON(r), pointer)
		return there && test(value)
	}
}

// sendsKeyAs tests how a good key, KEY, stands in its header.
func sendsKeyAs(shapes ...string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		as := strings.ReplaceAll(r.Header.Get("Authorization"), targetOf(r).APIKey, "KEY")
		return slices.Contains(shapes, as)
	}
}

// isObject, isText and isWhole tell what a JSON value is.
func isObject(v any) bool {
	_, is := v.(map[string]any)
	return is
}

func isText(v any) bool {
	_, is := v.(string)
	return is
}

func isWhole(v any) bool {
	_, is := whole(v)
	return is
}

// isTooSmall tells a whole number below 1.
func isTooSmall(v any) bool {
	n, is := whole(v)
	return is && n < 1
}

// whole is the number that a JSON value is, where it has no fraction.
func whole(v any) (int64, bool) {
	number, is := v.(json.Number)
	if !is {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}

// isNot turns a test of a value round.
func isNot(test func(any) bool) func(any) bool { return func(v any) bool { return !test(v) } }

// ifAnswered applies defects to answers that have something where the pointer leads.
func ifAnswered(pointer string, defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		broken := stack(given, defects)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			response, err := target.RoundTrip(r)
			if err != nil || isStream(response) {
				return response, err
			}
			if _, there := at(decode(bodyOf(response)), pointer); !there {
				return response, nil
			}
			return broken.RoundTrip(withAnswer(r, response))
		})
	}
}

// secretly has the target do what is asked, changed and with a good key, before it is
// asked as it was. What it said to that nobody sees.
func secretly(changes ...change) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			text := changed(sent(r), changes)
			hidden := r.Clone(r.Context())
			hidden.Header.Set("Authorization", "Bearer "+targetOf(r).APIKey)
			hidden.Body, hidden.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			response, err := target.RoundTrip(hidden)
			if err == nil {
				_ = response.Body.Close() // nobody asks for it
			}
			return target.RoundTrip(r)
		})
	}
}

package mutant

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Where a request says what may be kept of its answer.
const (
	strategyAt = "/extensions/cacheStrategy"
	ttlAt      = strategyAt + "/ttl"
	swrAt      = strategyAt + "/swr"
	tagsAt     = strategyAt + "/tags"
)

// cached are the queries with a strategy, uncached those without.
var (
	cached   = query.where(sends(strategyAt))
	uncached = query.where(not(sends(strategyAt)))
)

// question is what makes two queries one for a cache: who asks, the document and the
// variables.
func question(r *http.Request) string {
	sent := sentJSON(r)
	variables, _ := at(sent, "/variables")
	return r.Header.Get("Authorization") + "\n" + textAt(sent, "/query") + "\n" + string(encode(variables))
}

// says tests for the cache status of an answer.
func says(state string) func(*http.Response) bool {
	return func(r *http.Response) bool { return r.Header.Get("X-Accelerate-Cache-Status") == state }
}

// holds tests for an answer whose body has the text in it.
func holds(text string) func(*http.Response) bool {
	return func(r *http.Response) bool { return bytes.Contains(bodyOf(r), []byte(text)) }
}

// hasStatus tests for the status of an answer.
func hasStatus(status int) func(*http.Response) bool {
	return func(r *http.Response) bool { return r.StatusCode == status }
}

// saying applies defects to answers of one cache status alone.
func saying(state string, defects ...Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		broken := stack(given, defects)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			response, err := target.RoundTrip(r)
			if err != nil || !says(state)(response) {
				return response, err
			}
			return broken.RoundTrip(withAnswer(r, response))
		})
	}
}

// pastCache runs a query past the cache, and says of it what a cache would.
func pastCache(target http.RoundTripper, state string) http.RoundTripper {
	return stack(target, []Defect{send(remove(strategyAt)), saysCached(state)})
}

// awaits runs a query of which such an answer came once more, past the cache, and says
// the same of the new answer.
func awaits(state string) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		fresh := pastCache(target, state)
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			again := clone(r)
			response, err := target.RoundTrip(r)
			if err != nil || !says(state)(response) {
				return response, err
			}
			_ = response.Body.Close() // the other is answered
			return fresh.RoundTrip(again)
		})
	}
}

// keepsNone runs a query anew once it had such an answer.
func keepsNone(which func(*http.Response) bool) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var seen sync.Map
		fresh := pastCache(target, "miss")
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			key := question(r)
			if _, ok := seen.Load(key); ok {
				return fresh.RoundTrip(r)
			}
			response, err := target.RoundTrip(r)
			if err == nil && which(response) {
				seen.Store(key, true)
			}
			return response, err
		})
	}
}

// repeats has all answers to a question say in one place of the body, and in one header,
// what the first one said.
func repeats(pointer, name string) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var said sync.Map
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			key := question(r)
			response, err := target.RoundTrip(r)
			if err != nil {
				return response, err
			}
			text, _ := said.LoadOrStore(key, textAt(decode(bodyOf(response)), pointer))
			return stack(given, []Defect{header(name, text.(string)), body(set(pointer, text))}).RoundTrip(withAnswer(r, response))
		})
	}
}

// firstOf has all requests of one question send at the pointer what the first one sent.
func firstOf(pointer string) Defect {
	return sharing(func() Defect {
		var first sync.Map
		return before(func(r *http.Request) {
			value, _ := at(sentJSON(r), pointer)
			known, _ := first.LoadOrStore(question(r), value)
			alterSent(r, set(pointer, known))
		})
	})
}

// overshadows answers questions with a strategy by what the same question without one
// was answered last.
func overshadows() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var last sync.Map
		fromCache := stack(given, []Defect{saysCached("ttl")})
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			key, strategic := question(r), cached.match(r)
			if answer, ok := last.Load(key); ok && strategic {
				return fromCache.RoundTrip(withAnswer(r, answer.(kept).response()))
			}
			response, err := target.RoundTrip(r)
			if err == nil && !strategic {
				last.Store(key, keep(response))
			}
			return response, err
		})
	}
}

// drops runs such queries once more each time that the event took place: as if all that
// is kept of them had been dropped by it.
func drops(event, which requests) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var mutex sync.Mutex
		events, seen := 0, map[string]int{}
		fresh := pastCache(target, "miss")
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			happens, key, carrier := event.match(r), question(r), target
			if which.match(r) {
				mutex.Lock()
				if before, ok := seen[key]; ok && before < events {
					carrier = fresh
				}
				seen[key] = events
				mutex.Unlock()
			}
			response, err := carrier.RoundTrip(r)
			if err == nil && happens && response.StatusCode == event.status {
				mutex.Lock()
				events++
				mutex.Unlock()
			}
			return response, err
		})
	}
}

// bringsBack answers such queries, after the nth event, by what they were answered last
// before it; after each event if n is 0.
func bringsBack(event, which requests, n int, state string) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var mutex sync.Mutex
		events, last, back := 0, map[string]kept{}, map[string]kept{}
		again := stack(given, []Defect{saysCached(state)})
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			mutex.Lock()
			defer mutex.Unlock()
			happens, key, concerned := event.match(r), question(r), which.match(r)
			if answer, ok := back[key]; ok && concerned {
				delete(back, key)
				return again.RoundTrip(withAnswer(r, answer.response()))
			}
			response, err := target.RoundTrip(r)
			if err != nil {
				return response, err
			}
			if concerned {
				last[key] = keep(response)
			}
			if happens && response.StatusCode == http.StatusOK {
				if events++; n == 0 || events == n {
					maps.Copy(back, last)
				}
			}
			return response, err
		})
	}
}

// clone is a request that can be sent beside the one that it is made of.
func clone(r *http.Request) *http.Request {
	text := sent(r)
	c := r.Clone(r.Context())
	setSent(c, text)
	return c
}

// sendsFirst sends another request first, made of the one that is sent. Nobody sees what
// it came to.
func sendsFirst(alter func(*http.Request)) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			// The target drops what is under way for who is gone.
			other := clone(r).WithContext(context.WithoutCancel(r.Context()))
			alter(other)
			if response, err := target.RoundTrip(other); err == nil {
				_ = bodyOf(response)
			}
			return target.RoundTrip(r)
		})
	}
}

// knowingTags breaks requests by a defect that is made of them and of the tags that were
// sent in strategies until then.
func knowingTags(which requests, broken func(asked, seen []string) Defect) Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var mutex sync.Mutex
		seen := map[string]bool{}
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			document := sentJSON(r)
			mutex.Lock()
			for _, tag := range textsAt(document, tagsAt) {
				seen[tag] = true
			}
			known := slices.Sorted(maps.Keys(seen))
			mutex.Unlock()
			if !which.match(r) {
				return target.RoundTrip(r)
			}
			return broken(textsAt(document, "/tags"), known)(target).RoundTrip(r)
		})
	}
}

// textsAt are the strings of the list that the pointer leads to.
func textsAt(document any, pointer string) []string {
	list, _ := at(document, pointer)
	var texts []string
	elements, _ := list.([]any)
	for _, element := range elements {
		if text, ok := element.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// dropsAlso invalidates the tags that were seen and are like one that is asked for, too.
func dropsAlso(like func(asked, seen string) bool) Defect {
	return knowingTags(invalidate, func(asked, seen []string) Defect {
		var also []string
		for _, tag := range seen {
			if slices.ContainsFunc(asked, func(a string) bool { return like(a, tag) }) && len(also) < mostTags {
				also = append(also, tag)
			}
		}
		return sendsFirst(func(r *http.Request) { alterSent(r, set("/tags", also)) })
	})
}

// mostTags is how many tags a request may have.
const mostTags = 5

// withUnderscores tells whether a tag is like another in SQL, where an underscore is any
// character.
func withUnderscores(asked, seen string) bool {
	if len(asked) != len(seen) {
		return false
	}
	for i := range len(asked) {
		if asked[i] != '_' && asked[i] != seen[i] {
			return false
		}
	}
	return true
}

// without leaves out the tags that a test finds.
func without(wrong func(tag any) bool) change {
	return edit("/tags", func(tags any) any {
		list, ok := tags.([]any)
		if !ok {
			return tags
		}
		return slices.DeleteFunc(list, wrong)
	})
}

// first leaves the first n of a list, or the last, if n is negative.
func first(pointer string, n int) change {
	return edit(pointer, func(value any) any {
		list, ok := value.([]any)
		switch {
		case !ok || len(list) <= max(n, -n):
			return value
		case n < 0:
			return list[len(list)+n:]
		default:
			return list[:n]
		}
	})
}

// anyTag tests for a request with a tag of some kind.
func anyTag(which func(string) bool) func(*http.Request) bool {
	return func(r *http.Request) bool {
		sent := sentJSON(r)
		return slices.ContainsFunc(append(textsAt(sent, "/tags"), textsAt(sent, tagsAt)...), which)
	}
}

// characters tests for a tag with a character of some kind.
func characters(which func(rune) bool) func(any) bool {
	return func(tag any) bool {
		text, _ := tag.(string)
		return strings.ContainsFunc(text, which)
	}
}

// seconds alters the strategy of a request by its numbers; what becomes 0 is left out.
func seconds(f func(ttl, swr int64) (int64, int64)) Defect {
	return send(edit(strategyAt, func(value any) any {
		strategy, ok := value.(map[string]any)
		if !ok {
			return value
		}
		ttl, swr := f(wholeNumber(strategy["ttl"]), wholeNumber(strategy["swr"]))
		for name, n := range map[string]int64{"ttl": ttl, "swr": swr} {
			if strategy[name] = n; n <= 0 {
				delete(strategy, name)
			}
		}
		return strategy
	}))
}

func wholeNumber(value any) int64 {
	digits, _ := value.(json.Number)
	n, _ := digits.Int64()
	return n
}

// oneOwner leaves a tag to the first question that carried it.
func oneOwner() Defect {
	return sharing(func() Defect {
		var owners sync.Map
		return before(func(r *http.Request) {
			key := question(r)
			alterSent(r, edit(tagsAt, func(tags any) any {
				list, _ := tags.([]any)
				return slices.DeleteFunc(list, func(tag any) bool {
					owner, _ := owners.LoadOrStore(fmt.Sprint(tag), key)
					return owner != key
				})
			}))
		})
	})
}

// allTags gives an answer all tags that its question ever carried.
func allTags() Defect {
	return sharing(func() Defect {
		var mutex sync.Mutex
		carried := map[string][]any{}
		return before(func(r *http.Request) {
			mutex.Lock()
			defer mutex.Unlock()
			key := question(r)
			alterSent(r, edit(tagsAt, func(tags any) any {
				list, _ := tags.([]any)
				for _, tag := range list {
					if !slices.Contains(carried[key], tag) && len(carried[key]) < mostTags {
						carried[key] = append(carried[key], tag)
					}
				}
				return carried[key]
			}))
		})
	})
}

// bansTags keeps nothing under a tag that was once invalidated.
func bansTags() Defect {
	return func(target http.RoundTripper) http.RoundTripper {
		var banned sync.Map
		fresh := pastCache(target, "miss")
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			document := sentJSON(r)
			for _, tag := range textsAt(document, "/tags") {
				banned.Store(tag, true)
			}
			for _, tag := range textsAt(document, tagsAt) {
				if _, ok := banned.Load(tag); ok {
					return fresh.RoundTrip(r)
				}
			}
			return target.RoundTrip(r)
		})
	}
}

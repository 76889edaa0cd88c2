package mutant

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// accelerateTag breaks the invalidation of tags and of all.
var accelerateTag = []Mutant{
	{
		Name: "an invalidation is ignored",
		Kills: []string{
			"accelerate-tag/after-a-refresh", "accelerate-tag/drop", "accelerate-tag/every-answer", "accelerate-tag/first-of-five", "accelerate-tag/five-at-once",
			"accelerate-tag/gone", "accelerate-tag/last-of-five", "accelerate-tag/longest", "accelerate-tag/stale", "accelerate-tag/twice",
		},
		Accelerate: on(invalidate, ignoreInvalidation()),
	},
	{
		Name:       "tags are ignored",
		Kills:      []string{"accelerate-tag/drop", "accelerate-tag/first-of-five", "accelerate-tag/stale"},
		Accelerate: on(query, send(remove(tagsAt))),
	},
	{
		Name:       "an invalidation is done later",
		Kills:      []string{"accelerate-tag/drop", "accelerate-tag/gone"},
		Accelerate: bringsBack(invalidate, cached, 0, "ttl"),
	},
	{
		Name:       "an invalidation only makes stale",
		Kills:      []string{"accelerate-tag/gone", "accelerate-tag/stale"},
		Accelerate: bringsBack(invalidate, cached.where(sends(swrAt)), 0, "swr"),
	},
	{
		Name:       "what is stale is not invalidated",
		Kills:      []string{"accelerate-tag/stale"},
		Accelerate: bringsBack(invalidate, cached.where(not(sends(ttlAt))), 0, "swr"),
	},
	{
		Name:       "nothing is kept any more under a tag that was invalidated",
		Kills:      []string{"accelerate-tag/drop"},
		Accelerate: bansTags(),
	},
	{
		Name:       "an answer carries the last of its tags alone",
		Kills:      []string{"accelerate-tag/first-of-five"},
		Accelerate: on(query, send(first(tagsAt, -1))),
	},
	{
		Name:       "an answer carries the first of its tags alone",
		Kills:      []string{"accelerate-tag/last-of-five"},
		Accelerate: on(query, send(first(tagsAt, 1))),
	},
	{
		Name:       "an invalidation is one of the first of its tags",
		Kills:      []string{"accelerate-tag/five-at-once"},
		Accelerate: on(invalidate, send(first("/tags", 1))),
	},
	{
		Name:       "a tag is known of the first answer that carries it",
		Kills:      []string{"accelerate-tag/every-answer"},
		Accelerate: on(cached, oneOwner()),
	},
	{
		Name:       "an invalidation of a tag drops all",
		Kills:      []string{"accelerate-tag/others-stay", "accelerate-tag/whole-names"},
		Accelerate: drops(invalidate.answered(200), cached),
	},
	{
		Name:       "an invalidation drops the answers without tags too",
		Kills:      []string{"accelerate-tag/others-stay"},
		Accelerate: drops(invalidate.answered(200), cached.where(not(sends(tagsAt)))),
	},
	{
		Name:       "a tag is compared by its beginning",
		Kills:      []string{"accelerate-tag/whole-names"},
		Accelerate: dropsAlso(func(asked, seen string) bool { return strings.HasPrefix(seen, asked) }),
	},
	{
		Name:       "an underscore in a tag stands for any character",
		Kills:      []string{"accelerate-tag/whole-names"},
		Accelerate: dropsAlso(withUnderscores),
	},
	{
		Name:       "an invalidation does not say for which tags",
		Kills:      []string{"accelerate-tag/longest", "accelerate-tag/shortest", "accelerate-tag/told", "accelerate-tag/twice", "accelerate-tag/unknown"},
		Accelerate: on(invalidate.answered(200), body(set("/invalidatedTags", []any{}))),
	},
	{
		Name:       "an invalidation says that it did not work",
		Kills:      []string{"accelerate-tag/told", "accelerate-tag/twice", "accelerate-tag/unknown"},
		Accelerate: on(invalidate.answered(200), body(set("/success", false))),
	},
	{
		Name:       "an invalidation does not say whether it worked",
		Kills:      []string{"accelerate-tag/told", "accelerate-tag/unknown"},
		Accelerate: on(invalidate.answered(200), body(remove("/success"))),
	},
	{
		Name:  "an invalidation tells the tags that something carried",
		Kills: []string{"accelerate-tag/told", "accelerate-tag/unknown"},
		Accelerate: knowingTags(invalidate, func(_, seen []string) Defect {
			return body(edit("/invalidatedTags", func(tags any) any {
				list, _ := tags.([]any)
				return slices.DeleteFunc(list, func(tag any) bool { return !slices.Contains(seen, tag.(string)) })
			}))
		}),
	},
	{
		Name:  "a tag that nothing carries is a bad request",
		Kills: []string{"accelerate-tag/told", "accelerate-tag/unknown"},
		Accelerate: knowingTags(invalidate, func(asked, seen []string) Defect {
			if len(asked) > 0 && !slices.ContainsFunc(asked, func(tag string) bool { return slices.Contains(seen, tag) }) {
				return answer(http.StatusBadRequest, `{"code":"P6005","message":"no such tag"}`)
			}
			return nothing
		}),
	},
	{
		Name:       "a tag that is given twice is a bad request",
		Kills:      []string{"accelerate-tag/twice"},
		Accelerate: on(invalidate.where(twoAlike), answer(http.StatusBadRequest, `{"code":"P6005","message":"twice"}`)),
	},
	{
		Name:       "a tag has 63 characters at the most",
		Kills:      []string{"accelerate-tag/longest"},
		Accelerate: on(anything.where(anyTag(func(tag string) bool { return len(tag) > 63 })), answer(http.StatusBadRequest, `{"code":"P6005","message":"too long"}`)),
	},
	{
		Name:       "a tag is cut after 32 characters",
		Kills:      []string{"accelerate-tag/longest"},
		Accelerate: on(invalidate.answered(200), body(edit("/invalidatedTags/*", func(tag any) any { text, _ := tag.(string); return text[:min(len(text), 32)] }))),
	},
	{
		Name:       "a tag has two characters at least",
		Kills:      []string{"accelerate-tag/shortest"},
		Accelerate: on(anything.where(anyTag(func(tag string) bool { return len(tag) == 1 })), answer(http.StatusBadRequest, `{"code":"P6005","message":"too short"}`)),
	},
	{
		Name:       "a tag has no capital letters",
		Kills:      []string{"accelerate-tag/longest", "accelerate-tag/shortest", "accelerate-tag/told", "accelerate-tag/whole-names"},
		Accelerate: on(anything.where(anyTag(func(tag string) bool { return strings.ContainsFunc(tag, unicode.IsUpper) })), answer(http.StatusBadRequest, `{"code":"P6005","message":"capitals"}`)),
	},
	{
		Name:       "a sixth tag is left out",
		Kills:      []string{"accelerate-tag/six"},
		Accelerate: on(invalidate, send(first("/tags", mostTags))),
	},
	{
		Name:       "an invalidation of no tag is none",
		Kills:      []string{"accelerate-tag/none"},
		Accelerate: on(invalidate.where(noTag), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "a tag may have hyphens",
		Kills:      []string{"accelerate-tag/bad-character"},
		Accelerate: on(invalidate, send(without(characters(func(c rune) bool { return c == '-' })))),
	},
	{
		Name:       "a tag may have any letters",
		Kills:      []string{"accelerate-tag/not-ascii"},
		Accelerate: on(invalidate, send(without(characters(func(c rune) bool { return c > unicode.MaxASCII })))),
	},
	{
		Name:       "the end of a tag is before its line break",
		Kills:      []string{"accelerate-tag/line-break"},
		Accelerate: on(invalidate, send(without(characters(func(c rune) bool { return c == '\n' })))),
	},
	{
		Name:       "a tag may be of any length",
		Kills:      []string{"accelerate-tag/too-long"},
		Accelerate: on(invalidate, send(without(func(tag any) bool { text, _ := tag.(string); return len(text) > 64 }))),
	},
	{
		Name:       "a tag may be empty",
		Kills:      []string{"accelerate-tag/empty-tag"},
		Accelerate: on(invalidate, send(without(func(tag any) bool { return tag == "" }))),
	},
	{
		Name:       "a number is a tag",
		Kills:      []string{"accelerate-tag/no-text"},
		Accelerate: on(invalidate, send(without(func(tag any) bool { _, ok := tag.(string); return !ok }))),
	},
	{
		Name: "a refused invalidation drops the good tags",
		Kills: []string{
			"accelerate-tag/bad-character", "accelerate-tag/empty-tag", "accelerate-tag/line-break", "accelerate-tag/no-text", "accelerate-tag/not-ascii",
			"accelerate-tag/six", "accelerate-tag/too-long",
		},
		Accelerate: drops(invalidate.answered(400), cached.where(sends(tagsAt))),
	},
	{
		Name:       "tags may be one tag",
		Kills:      []string{"accelerate-tag/no-list"},
		Accelerate: on(invalidate, send(edit("/tags", listed))),
	},
	{
		Name:       "an invalidation without tags is one of nothing",
		Kills:      []string{"accelerate-tag/missing"},
		Accelerate: on(invalidate.where(anObject, not(sends("/tags"))), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "tags that are null are no tags",
		Kills:      []string{"accelerate-tag/tags-null"},
		Accelerate: on(invalidate.where(sendsText(`"tags":null`)), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "an invalidation without a body is one of nothing",
		Kills:      []string{"accelerate-tag/no-body"},
		Accelerate: on(invalidate.where(func(r *http.Request) bool { return len(sent(r)) == 0 }), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "an invalidation that is no JSON breaks the server",
		Kills:      []string{"accelerate-tag/no-json"},
		Accelerate: on(invalidate.where(func(r *http.Request) bool { return len(sent(r)) > 0 && sentJSON(r) == nil }), status(400, 500)),
	},
	{
		Name:       "a list is an invalidation",
		Kills:      []string{"accelerate-tag/no-object"},
		Accelerate: on(invalidate.where(func(r *http.Request) bool { _, list := sentJSON(r).([]any); return list }), answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)),
	},
	{
		Name:       "an invalidation needs no key",
		Kills:      []string{"accelerate-tag/without-key"},
		Accelerate: on(invalidate.where(not(carries("Authorization"))), sendKey()),
	},
	{
		Name:       "an invalidation takes any key",
		Kills:      []string{"accelerate-tag/unknown-key"},
		Accelerate: on(invalidate.where(unknownKey), sendKey()),
	},
	{
		Name:       "an invalidation is done before the key is looked at",
		Kills:      []string{"accelerate-tag/unknown-key", "accelerate-tag/without-key"},
		Accelerate: drops(invalidate.answered(401), cached.where(sends(tagsAt))),
	},
	{
		Name:       "tags alone have an answer kept for a minute",
		Kills:      []string{"accelerate-tag/tags-alone"},
		Accelerate: on(cached.where(not(sends(ttlAt)), not(sends(swrAt))), send(set(ttlAt, 60))),
	},
	{
		Name:       "an answer has the tags of before too",
		Kills:      []string{"accelerate-tag/other-tags-later"},
		Accelerate: on(cached, allTags()),
	},
	{
		Name:       "an answer has the tags with which it was kept first",
		Kills:      []string{"accelerate-tag/other-tags-later"},
		Accelerate: on(cached.where(sends(tagsAt)), firstOf(tagsAt)),
	},
	{
		Name:       "a refreshed answer has no tags",
		Kills:      []string{"accelerate-tag/after-a-refresh"},
		Accelerate: on(cached.where(sends(swrAt)), from(2, send(remove(tagsAt)))),
	},
	{
		Name:       "a late refresh brings back what was dropped",
		Kills:      []string{"accelerate-all/race", "accelerate-tag/race"},
		Accelerate: bringsBack(anything.where(anInvalidation), cached, 10, "swr"),
	},
	{
		Name:       "who asks after an invalidation gets what a refresh read before it",
		Kills:      []string{"accelerate-all/race", "accelerate-tag/race"},
		Accelerate: bringsBack(anything.where(anInvalidation), cached, 15, "miss"),
	},
	{
		Name:       "an invalidation is one of every environment",
		Kills:      []string{"accelerate-all/other-environment", "accelerate-tag/other-environment"},
		Accelerate: on(anything.where(anInvalidation), sendsFirst(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+targetOf(r).APIKey) })),
	},
	{
		Name:       "an invalidation is one of the first environment",
		Kills:      []string{"accelerate-all/other-environment", "accelerate-tag/other-environment"},
		Accelerate: on(anything.where(anInvalidation), sendKey()),
	},
	{
		Name:       "an invalidation of all is ignored",
		Kills:      []string{"accelerate-all/everything", "accelerate-all/gone", "accelerate-all/race"},
		Accelerate: on(invalidateAll, ignoreInvalidation()),
	},
	{
		Name:  "an invalidation of all is one of all tags",
		Kills: []string{"accelerate-all/everything", "accelerate-all/gone"},
		Accelerate: knowingTags(invalidateAll, func(_, seen []string) Defect {
			if len(seen) == 0 {
				return answer(http.StatusOK, `{"success":true,"invalidatedTags":[]}`)
			}
			return before(func(r *http.Request) { invalidating(r, seen) })
		}),
	},
	{
		Name:       "an invalidation of all says that it did not work",
		Kills:      []string{"accelerate-all/everything"},
		Accelerate: on(invalidateAll.answered(200), body(set("/success", false))),
	},
	{
		Name:       "an invalidation of all needs a body",
		Kills:      []string{"accelerate-all/everything", "accelerate-all/gone"},
		Accelerate: on(invalidateAll.where(func(r *http.Request) bool { return len(sent(r)) == 0 }), answer(http.StatusBadRequest, `{"code":"P6005","message":"no body"}`)),
	},
	{
		Name:       "an invalidation of all only makes stale",
		Kills:      []string{"accelerate-all/gone"},
		Accelerate: bringsBack(invalidateAll, cached.where(sends(swrAt)), 0, "swr"),
	},
	{
		Name:       "after an invalidation of all nothing is kept any more",
		Kills:      []string{"accelerate-all/everything"},
		Accelerate: on(query, from(3, send(remove(strategyAt)), saysCached("miss"))),
	},
	{
		Name:       "an invalidation of all needs no key",
		Kills:      []string{"accelerate-all/without-key"},
		Accelerate: on(invalidateAll.where(not(carries("Authorization"))), sendKey()),
	},
	{
		Name:       "an invalidation of all takes any key",
		Kills:      []string{"accelerate-all/without-key"},
		Accelerate: on(invalidateAll.where(unknownKey), sendKey()),
	},
	{
		Name:       "an invalidation of all is done before the key is looked at",
		Kills:      []string{"accelerate-all/without-key"},
		Accelerate: drops(invalidateAll.answered(401), cached),
	},
}

// nothing is broken.
func nothing(target http.RoundTripper) http.RoundTripper { return target }

// anInvalidation tests for one of both kinds.
func anInvalidation(r *http.Request) bool { return invalidate.match(r) || invalidateAll.match(r) }

// invalidating makes of a request to empty the cache one to drop tags.
func invalidating(r *http.Request, tags []string) {
	r.URL.Path, r.URL.RawPath = strings.TrimSuffix(r.URL.Path, "-all"), ""
	setSent(r, encode(map[string]any{"tags": tags[:min(len(tags), mostTags)]}))
}

// twoAlike tests for a tag that is given twice.
func twoAlike(r *http.Request) bool {
	tags := textsAt(sentJSON(r), "/tags")
	slices.Sort(tags)
	return len(slices.Compact(slices.Clone(tags))) < len(tags)
}

// noTag tests for an empty list.
func noTag(r *http.Request) bool {
	tags, _ := at(sentJSON(r), "/tags")
	list, ok := tags.([]any)
	return ok && len(list) == 0
}

// anObject tests for a body that is one.
func anObject(r *http.Request) bool {
	_, ok := sentJSON(r).(map[string]any)
	return ok
}

// listed makes a list of a tag.
func listed(tags any) any {
	if tag, ok := tags.(string); ok {
		return []any{tag}
	}
	return tags
}

// unknownKey tests for a key that nobody has.
func unknownKey(r *http.Request) bool {
	target := targetOf(r)
	key := r.Header.Get("Authorization")
	return key != "" && key != "Bearer "+target.APIKey && key != "Bearer "+target.OtherAPIKey
}

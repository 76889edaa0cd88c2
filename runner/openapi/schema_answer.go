package openapi

import "sync"

// answers are what a schema was asked before. The steps of a long document ask the
// same of few schemas.
type answers struct {
	types    answer[[]string]
	members  answer[memberNames]
	readOnly answer[bool]
	enum     answer[[]any]
	required answer[[]string]

	mu sync.Mutex
	// steps are those of JSON Pointers, by their tokens, properties those of names.
	steps, properties map[string]step
}

// step is where a token leads.
type step struct {
	schema *Schema
	absent bool
}

// answer is found once. What it holds must not be changed.
type answer[T any] struct {
	asked sync.Once
	known T
}

func (a *answer[T]) once(find func() T) T {
	a.asked.Do(func() { a.known = find() })
	return a.known
}

// step takes one step of a JSON Pointer.
func (s *Schema) step(token string) (*Schema, bool) {
	return s.answers.step(&s.answers.steps, token, func() (*Schema, bool) { return s.look().at(s, token) })
}

// step finds where a name leads, once.
func (a *answers) step(known *map[string]step, name string, find func() (*Schema, bool)) (*Schema, bool) {
	a.mu.Lock()
	found, ok := (*known)[name]
	a.mu.Unlock()
	if ok {
		return found.schema, found.absent
	}
	found.schema, found.absent = find()
	a.mu.Lock()
	defer a.mu.Unlock()
	if first, ok := (*known)[name]; ok { // somebody was faster
		return first.schema, first.absent
	}
	if *known == nil {
		*known = map[string]step{}
	}
	(*known)[name] = found
	return found.schema, found.absent
}

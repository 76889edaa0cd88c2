package openapi

import "sync"

// answers are what a schema was asked before. The steps of a long document ask the
// same of few schemas.
type answers struct {
	types   answer[[]string]
	members answer[memberNames]

	mu sync.Mutex
	// steps are those of JSON Pointers, by their tokens.
	steps map[string]step
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
	s.answers.mu.Lock()
	known, ok := s.answers.steps[token]
	s.answers.mu.Unlock()
	if ok {
		return known.schema, known.absent
	}
	known.schema, known.absent = s.look().at(s, token)
	s.answers.mu.Lock()
	defer s.answers.mu.Unlock()
	if first, ok := s.answers.steps[token]; ok { // somebody was faster
		return first.schema, first.absent
	}
	if s.answers.steps == nil {
		s.answers.steps = map[string]step{}
	}
	s.answers.steps[token] = known
	return known.schema, known.absent
}

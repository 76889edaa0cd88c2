package pulse

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

// ask asks for the list, and gives its names.
func (l *listing) ask(ctx context.Context, read func(context.Context) ([]*namedStream, error)) chan string {
	answer := make(chan string, 1)
	go func() {
		all, err := l.get(ctx, read)
		var names []string
		for _, n := range all {
			names = append(names, n.Name)
		}
		if err != nil {
			names = append(names, err.Error())
		}
		answer <- strings.Join(names, " ")
	}()
	return answer
}

// TestListsAreShared has many ask while a list is read: they get one that was begun
// after it, all the same, with what was stored before they asked; also when the first of
// them does not wait any more.
func TestListsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l listing
		stored, reads, goOn := []*namedStream{{Name: "a"}}, 0, make(chan struct{})
		read := func(context.Context) ([]*namedStream, error) {
			reads++
			all := stored
			<-goOn
			return all, nil
		}
		first := l.ask(t.Context(), read)
		synctest.Wait()
		stored = append(stored, &namedStream{Name: "b"})
		hasty, leave := context.WithCancel(t.Context())
		gone := l.ask(hasty, read)
		synctest.Wait()
		var others []chan string
		for range 50 {
			others = append(others, l.ask(t.Context(), read))
		}
		synctest.Wait()
		leave()
		if got := <-gone; got != context.Canceled.Error() {
			t.Errorf("who does not wait any more: %q", got)
		}
		close(goOn)
		if got := <-first; got != "a" {
			t.Errorf("the first list: %q, want a", got)
		}
		for i, other := range others {
			if got := <-other; got != "a b" {
				t.Errorf("list %d of those that asked later: %q, want a b", i, got)
			}
		}
		if got := <-l.ask(t.Context(), read); got != "a b" || reads != 3 {
			t.Errorf("a list of its own: %q, the reading number %d; want a b, number 3", got, reads)
		}
	})
}

// TestListThatFails fails for who shares it, and not for the next.
func TestListThatFails(t *testing.T) {
	t.Parallel()
	var l listing
	broken := errors.New("broken")
	read := func(context.Context) ([]*namedStream, error) { return []*namedStream{{Name: "a"}}, broken }
	if _, err := l.get(t.Context(), read); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
	broken = nil
	if all, err := l.get(t.Context(), read); err != nil || len(all) != 1 {
		t.Errorf("the next: %v, %v", all, err)
	}
}

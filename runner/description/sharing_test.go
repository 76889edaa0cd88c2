package description

import (
	"runtime"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// TestWhoWaitsForAnInterruptedReadReadsItself: whether the second comes while the
// first still reads or after it gave up.
func TestWhoWaitsForAnInterruptedReadReadsItself(t *testing.T) {
	t.Parallel()
	for range 200 {
		var cache Cache
		k, done, began := key{uri: "https://example.com/x.yml"}, make(chan error), make(chan bool)
		_, err := cache.get(k, func() (*text, error) {
			go func() {
				close(began)
				_, err := cache.get(k, func() (*text, error) { return &text{file: &source.File{}}, nil })
				done <- err
			}()
			<-began
			for range 100 { // mostly long enough for the second to wait
				runtime.Gosched()
			}
			return nil, &retrieve.Error{Reason: retrieve.Interrupted}
		})
		if second := <-done; err == nil || second != nil {
			t.Fatalf("the first got %v, the second %v", err, second)
		}
	}
}

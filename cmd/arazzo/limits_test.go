package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestLimitOfSubscribers opens one subscription more than --max-subscribers says.
func TestLimitOfSubscribers(t *testing.T) {
	t.Parallel()
	r := startReference(t, "--max-subscribers", "2")
	subscribe := func() *http.Response { return r.pulse(t, http.MethodPost, "/subscribe", `{"model":"User"}`) }
	for range 2 {
		if got := subscribe(); got.StatusCode != http.StatusOK {
			t.Errorf("a subscription within the limit: %s", got.Status)
		}
	}
	refused := subscribe()
	body, err := io.ReadAll(refused.Body)
	if err != nil {
		t.Fatal(err)
	}
	const want = `"code":"TooManySubscriptions","message":"There are 2 subscriptions, the most there may be: try again when one has ended."`
	if refused.StatusCode != http.StatusInternalServerError || !strings.Contains(string(body), want) {
		t.Errorf("one more: %s %s", refused.Status, body)
	}
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(); err != nil {
		t.Error(err)
	}
}

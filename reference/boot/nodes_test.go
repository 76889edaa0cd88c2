package boot

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/broker"
	"github.com/arazzo-conformance/arazzo/reference/internal/eventually"
	"github.com/arazzo-conformance/arazzo/reference/internal/natstest"
	"github.com/arazzo-conformance/arazzo/reference/pulse"
)

// What is invalidated on one node is gone on the others too, of that environment alone.
func TestNodesInvalidateTogether(t *testing.T) {
	t.Parallel()
	_, nats := natstest.Start(t, 1)
	log := &said{}
	o := Options{
		Log:          slog.New(slog.NewTextHandler(log, nil)),
		Environments: []Environment{environment(t, "a"), environment(t, "b")},
		Storage:      pulse.Storage{NATS: broker.Remote{URL: nats[0]}},
	}
	one, two := start(t, o), start(t, o)
	const query = `{"query":"{ findManyUser { id } }","extensions":{"cacheStrategy":{"ttl":3600,"tags":["users"]}}}`
	info := func(r *Reference, key string) map[string]string {
		status, text := with(t, key, http.MethodPost, r.AccelerateURL+"/2024/a/graphql", query)
		var got struct {
			Extensions struct{ AccelerateInfo map[string]string }
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s: %v", status, text, err)
		}
		return got.Extensions.AccelerateInfo
	}
	ask := func(r *Reference, key string) string { return info(r, key)["cacheStatus"] }
	var apart []string
	for _, r := range []*Reference{one, two} {
		for _, key := range []string{"a", "b"} {
			eventually.True(t, "the nodes to hear each other", func() bool { return ask(r, key) == "ttl" })
		}
		apart = append(apart, info(r, "b")["lastModified"])
	}
	for _, invalidation := range []struct{ route, body string }{{"/invalidate", `{"tags":["users"]}`}, {"/invalidate-all", ``}} {
		if status, text := with(t, "a", http.MethodPost, one.AccelerateURL+invalidation.route, invalidation.body); status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
		if got := ask(one, "a"); got != "miss" {
			t.Errorf("the node that answered %s has a %s", invalidation.route, got)
		}
		eventually.True(t, "the other node to drop it", func() bool { return ask(two, "a") == "miss" })
	}
	for i, r := range []*Reference{one, two} {
		// A machine that stands still for long has the nodes begin anew.
		if info(r, "b")["lastModified"] != apart[i] && !strings.Contains(log.String(), "may have been missed") {
			t.Errorf("node %d dropped the other environment's answer", i)
		}
	}
}

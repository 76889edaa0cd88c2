package runner_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/arazzo-conformance/arazzo/runner"
)

// BenchmarkVisits is what a visit of a step costs beside the exchange: one operation
// is a run of 1,000 visits, of which the transport answers each at once. The yardstick
// builds the same requests and decodes the same answers.
func BenchmarkVisits(b *testing.B) {
	const visits = 1000
	b.Run("yardstick", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			server := &answers{last: visits}
			for range visits {
				request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://api.test/poll", nil)
				if err != nil {
					b.Fatal(err)
				}
				response, err := server.RoundTrip(request)
				if err != nil {
					b.Fatal(err)
				}
				text, err := io.ReadAll(response.Body)
				if err != nil {
					b.Fatal(err)
				}
				var value any
				if err := json.Unmarshal(text, &value); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		location := poll(b, polled)
		b.ReportAllocs()
		for b.Loop() {
			plan, err := runner.Load(b.Context(), location, runner.Options{
				Transport: &answers{last: visits}, Brief: true, MaxSteps: visits, PollInterval: -1,
			})
			if err != nil {
				b.Fatal(err)
			}
			if result := plan.Run(b.Context()); result.Status != runner.Succeeded {
				b.Fatal(result.Status)
			}
		}
	})
}

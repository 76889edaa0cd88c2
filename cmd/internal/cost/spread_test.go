package cost

import "testing"

func TestSpread(t *testing.T) {
	t.Parallel()
	got := SpreadOf([]Process{{Wall: 3}, {Wall: 1}, {Wall: 2}}, func(_ int, s Process) float64 { return s.Wall }).Text("%.0f")
	if want := "1 / 2 / 3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

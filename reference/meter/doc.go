// Package meter counts where things happen, at the price of an atomic addition:
// what is counted here a scrape reads later, in whatever form it likes. It knows
// nothing of Prometheus, so that no hot path does.
package meter

// Package cost holds what the measuring programs share: what an ended process cost,
// and the spread of several such figures.
package cost

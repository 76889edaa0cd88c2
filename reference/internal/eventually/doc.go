// Package eventually is how tests of the reference wait for what is bound to happen
// and has no event of its own.
package eventually

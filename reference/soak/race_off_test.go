//go:build !race

package soak

// buildFlags make the program as its users build it.
var buildFlags = []string{"build"}

//go:build race

package soak

// buildFlags make the program one that watches itself, when the tests do.
var buildFlags = []string{"build", "-race"}

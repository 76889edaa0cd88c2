// Package smalldisk gives tests of the reference a file system that they may fill. It
// has one on Linux only.
package smalldisk

// Package asktest asks servers for the tests of the suite's packages.
package asktest

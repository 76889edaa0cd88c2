// Package postgrestest gives each test a database of its own, in one cluster for
// the whole test binary. Only tests import it.
package postgrestest

// Package published reads what sixteen providers have published: 293 Arazzo documents
// with the OpenAPI files that they name, in an archive beside the checkout. It is
// for tests, which are skipped where the archive is not there.
//
// Its own tests run those documents: for each branch of each workflow a server is
// made from the OpenAPI files whose answers lead the run there (branch_test.go).
package published

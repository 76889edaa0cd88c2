// Package published reads what sixteen providers have published: 293 Arazzo documents
// with the OpenAPI files that they name, in an archive beside the checkout. It is
// for tests, which are skipped where the archive is not there.
//
// Its own tests run those documents (branch_test.go): for each branch of each workflow
// a server is made from the OpenAPI files whose answers lead the run there. Nothing of
// what is expected comes from the runner, nothing of it is trusted:
//
//   - document_test.go reads the documents and OpenAPI files with a YAML library,
//     expression_test.go and condition_test.go evaluate what is written in them.
//   - branch_plan_test.go lists the branches, and the ways through a workflow that take
//     one of them.
//   - generator_test.go makes values that schemas (schema_test.go) allow, texts among
//     them that no URL or form carries as they are. steering_test.go changes what the
//     conditions look at until the wanted ones hold and no other does, and asks the
//     description whether it lets the operation answer so.
//   - expectation_test.go foretells the requests, the visits with their outputs and the
//     verdict; wire_test.go takes what was sent apart and compares it, and check_test.go
//     shows that this can fail. The runner's own contract checks judge the same.
//   - repair_test.go adds the parameters that some documents miss, so that they run too.
//
// testdata/branches.txt has the figures, and of everything that was not run, not taken
// or not as the descriptions say, the reason. go test -update writes it anew.
package published

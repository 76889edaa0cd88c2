// Package sqlsource changes rows for the cases of Pulse, where a target offers Pulse
// alone: on the loopback interface it serves of Accelerate's executeQuery as much as
// those cases ask for, as plain SQL on the tables of the fixture.
//
// It answers one root field with variables (createOne, createMany, updateOne,
// updateMany, deleteOne, deleteMany, findUnique, findMany, executeRaw) of the models in
// fixture.prisma, with their scalars and nothing nested, and batches of these, as a
// transaction or not. What else there is in Prisma's queries is refused by name.
//
// It shares nothing with the reference: a fault of the reference's engine cannot hide in
// it.
//
//   - source.go: the server, and what of the API is around a query.
//   - request.go: what a query asks for, read from GraphQL.
//   - statement.go: the SQL of it.
//   - model.go: the models, their tables, and how a value is written and read.
package sqlsource

package conformance

// Features are what implementations may have beyond the core, and declare: by name,
// what a case that needs it asks for.
var Features = map[string]string{
	"aggregates":    "aggregateModel and groupByModel of the query engine",
	"batch":         "several queries in one request, as a transaction or not",
	"environments":  "several environments, each with its own key and database",
	"filters":       "operators in the filters of events, beyond equality",
	"last-event-id": "resumption by the header Last-Event-ID",
	"nested-writes": "a mutation that writes related records",
	"old-rows":      "old rows by REPLICA IDENTITY FULL and USING INDEX",
	"prisma-schema": "models, fields and enums by the names of the Prisma schema, where the database's differ",
	"queries":       "filters, orders and pages of queries, beyond the core",
	"raw":           "queryRaw and executeRaw",
	"relations":     "related records in the answers of queries",
	"takeover":      "the newest consumer of a named stream has it, the connection of an earlier one ends",
	"values":        "fields of every scalar type of Prisma",
}

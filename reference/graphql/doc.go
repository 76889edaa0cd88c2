// Package graphql reads the GraphQL documents of Prisma Client's protocol: one
// operation whose fields have arguments and selections to any depth, and the values
// of its variables.
//
// It knows no schema. What the names mean, and which values fit, is judged by
// package queryschema.
//
// Fragments, directives and subscriptions are errors, as in Prisma's query engine;
// variables, aliases and several root fields are understood beyond it.
//
//	document.go   a text -> its fields; merge.go those that are asked for twice
//	variable.go   the values in it, those of variables included; object.go objects
//	canonical.go  the one text of all documents that ask for the same
package graphql

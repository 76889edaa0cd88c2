// Package psl reads the Prisma Schema Language: the models, enums and relations of
// a schema.prisma file, or of a folder of such files, with the names that they have
// in the database.
//
// # What is judged
//
// Read trusts that Prisma itself accepts the schema and judges what it needs: the
// syntax, that names are declared once, that each type is a scalar, an enum or a
// model of the schema, that two things do not have one name in the database, and
// that a relation names fields that there are. What it does not know, such as an
// attribute of a later Prisma, is a warning. Everything told has its file, line and
// column, in characters from 1.
//
// The first mistake of syntax ends the reading of its file; all others are told at
// once.
//
// # What is left out
//
// Generators, comments, indexes, and the datasource's URL: which database is watched
// is said elsewhere. Composite types are refused: Prisma has them for MongoDB only.
package psl

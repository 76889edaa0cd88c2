// Package psl reads the Prisma Schema Language: the models, enums and relations of
// a schema.prisma file, or of a folder of such files, with the names that they have
// in the database.
//
// # What is judged
//
// Read trusts that Prisma itself accepts the schema and judges what it needs: the
// syntax, that names are declared once, that each type is a scalar, an enum or a
// model of the schema, that two things do not have one name in the database, that ids
// are required, and that each relation is whole. It is whole where one field of the
// other model leads back under its name; where one side names the fields that hold the
// key, of the types of what they refer to, which is a key of the other model; where
// those are unique if neither side is a list; or where both are lists, of models that
// have an @id of one field. What it does not know, such as an attribute of a later
// Prisma, is a warning. Everything told has its file, line and column, in characters
// from 1.
//
// The first mistake of syntax ends the reading of its file; all others are told at
// once, those of who holds a relation's key when there are no others.
//
// # What is left out
//
// Generators, comments, indexes, and the datasource's URL: which database is watched
// is said elsewhere. Composite types are refused: Prisma has them for MongoDB only.
package psl

package prismatest

import _ "embed"

// Everything is a text that has all that a schema may have: every scalar type with
// its native types, optional, as a list and with each default; enums; every form of key
// and of relation; and names in the database that would be SQL if they were not quoted.
//
//go:embed everything.prisma
var Everything string

// Package demo is the database that programs and tests show the reference on: a
// small blog with users, profiles and posts, described in demo.sql, and the Prisma
// schema of it, demo.prisma.
package demo

package psl

import (
	"fmt"
	"strings"
)

// Position is a place in a schema file. Line and Column, in characters, count from
// 1.
type Position struct {
	File         string
	Line, Column int
}

// String is the position as editors and terminals know it, FILE:LINE:COLUMN.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// At is the position itself; whatever has a place embeds one.
func (p Position) At() Position { return p }

// Problem is something wrong at a place in a schema.
type Problem struct {
	Position
	// Message says what was found, what was expected and, where it is not plain,
	// what to do.
	Message string
}

// Error is the problem with its position, on one line.
func (p Problem) Error() string { return p.Position.String() + ": " + p.Message }

// String is Error.
func (p Problem) String() string { return p.Error() }

// Problems is an error that is several.
type Problems []Problem

// maxTold bounds how many problems an error shows.
const maxTold = 20

// Error is a line for each of the first twenty problems.
func (p Problems) Error() string {
	var lines []string
	for _, one := range p[:min(len(p), maxTold)] {
		lines = append(lines, one.Error())
	}
	if more := len(p) - maxTold; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// shown quotes a piece of the schema for a message; only the beginning of a long one
// is shown.
func shown(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return fmt.Sprintf("%q", text)
}

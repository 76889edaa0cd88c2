package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Check is one of the things that are compared.
type Check string

// The checks. Request is all that is sent; the others are of a response.
const (
	Status      Check = "status"
	ContentType Check = "content-type"
	Schema      Check = "schema"
	Header      Check = "header"
	Request     Check = "request"
)

// Checks lists them all.
var Checks = []Check{Status, ContentType, Schema, Header, Request}

// Level is how much a mismatch matters.
type Level string

// The levels. What is off is not compared, a warning is told, and an error fails
// the step.
const (
	Off   Level = "off"
	Warn  Level = "warn"
	Error Level = "error"
)

var levels = []Level{Off, Warn, Error}

// Levels are those of the checks. One that is not there is a warning.
type Levels map[Check]Level

// Of is the level of a check.
func (l Levels) Of(c Check) Level {
	if level, ok := l[c]; ok {
		return level
	}
	return Warn
}

// Every gives all checks one level.
func Every(level Level) Levels {
	l := Levels{}
	for _, c := range Checks {
		l[c] = level
	}
	return l
}

// Set reads settings such as "status=error,schema=off". A check that they give two
// levels, one that is not known and a level that is none are errors.
func (l Levels) Set(settings ...string) error {
	given := Levels{}
	for _, setting := range settings {
		for part := range strings.SplitSeq(setting, ",") {
			name, text, found := strings.Cut(strings.TrimSpace(part), "=")
			check, level := Check(strings.TrimSpace(name)), Level(strings.TrimSpace(text))
			if !found {
				return fmt.Errorf("%q is not NAME=LEVEL, such as schema=error", part)
			}
			if err := (Levels{check: level}).Err(); err != nil {
				return err
			}
			if before, twice := given[check]; twice && before != level {
				return fmt.Errorf("the check %s is given two levels, %s and %s", check, before, level)
			}
			given[check], l[check] = level, level
		}
	}
	return nil
}

// Err tells of a check that is not known, or of a level that is none.
func (l Levels) Err() error {
	for _, check := range slices.Sorted(maps.Keys(l)) {
		level := l[check]
		if !slices.Contains(Checks, check) {
			return unknown("check", string(check), Checks)
		}
		if !slices.Contains(levels, level) {
			return unknown("level", string(level), levels)
		}
	}
	return nil
}

func unknown[T ~string](what, name string, known []T) error {
	var names []string
	for _, k := range known {
		names = append(names, string(k))
	}
	text := fmt.Sprintf("there is no %s %q: there are %s", what, name, strings.Join(names, ", "))
	if near := source.Nearest(name, names); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
	}
	return fmt.Errorf("%s", text)
}

package conformance

import (
	"fmt"
	"regexp"
	"strings"
)

// program is how the commands begin that repeat a run; goTest what they may begin with
// in its place.
const (
	program = "arazzo conformance"
	goTest  = "go test ./conformance -count=1 -args"
)

// WithGo is a command of a report for who has the source and Go: the flags are the same.
func WithGo(command string) string { return strings.Replace(command, program, goTest, 1) }

// repeat is the command that repeats the run. Keys, and the database's URL, which has a
// password in it, are to be put into variables of the shell.
func (o *Options) repeat() string {
	words := o.target()
	add := func(name, value string) {
		if value != "" {
			words = append(words, "--"+name, quoted(value))
		}
	}
	if o.Parallel != sideBySide {
		add(parallelFlag, fmt.Sprint(o.Parallel))
	}
	add(knownFlag, o.knownFile)
	add(runFlag, o.Run.String())
	add(skipFlag, o.Skip.String())
	return strings.Join(words, " ")
}

// repeatCase is the command that runs one case alone.
func (o *Options) repeatCase(id string) string {
	return strings.Join(append(o.target(), "--"+runFlag, id), " ")
}

// target is the beginning of both: what is judged, and how.
func (o *Options) target() []string {
	words := []string{program}
	add := func(name, value string) {
		if value != "" {
			words = append(words, "--"+name, value)
		}
	}
	if !o.Bundled {
		add(pulseFlag, quoted(shownURL(o.Target.PulseURL)))
		if !o.RowsBySQL {
			add(accelerateFlag, quoted(shownURL(o.Target.AccelerateURL)))
		}
		add(keyFlag, `"$API_KEY"`)
		if o.Target.OtherAPIKey != "" {
			add(otherKeyFlag, `"$OTHER_API_KEY"`)
		}
		for _, file := range o.caCerts {
			add(caCertFlag, quoted(file))
		}
	}
	if o.DatabaseURL != "" {
		add(databaseFlag, `"$DATABASE_URL"`)
	}
	if o.Profile != AllProfile {
		add(profileFlag, string(o.Profile))
	}
	add(featuresFlag, quoted(o.featuresFile))
	if o.Timescale != 1 {
		add(timescaleFlag, fmt.Sprint(o.Timescale))
	}
	return append(words, o.Also...)
}

// plain is a word that the shell takes as it is.
var plain = regexp.MustCompile(`^[a-zA-Z0-9_./:,@%+=-]+$`)

// quoted is a word for the shell; empty stays empty.
func quoted(word string) string {
	if word == "" || plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

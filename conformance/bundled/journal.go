package bundled

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// What is kept of a log: a line may have the stack of a panic in it.
const (
	mostLines     = 200
	mostLineBytes = 4 << 10
)

// journal keeps the last errors that a server logged.
type journal struct {
	mutex sync.Mutex
	lines []line
}

type line struct {
	at   time.Time
	text string
}

// logger writes errors into the journal, and all that there is to another log, if there
// is one.
func (j *journal) logger(also *slog.Logger) *slog.Logger {
	errs := slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelError})
	if also == nil {
		return slog.New(errs)
	}
	return slog.New(slog.NewMultiHandler(errs, also.Handler()))
}

// Write takes one line, as [slog.TextHandler] writes them.
func (j *journal) Write(p []byte) (int, error) {
	text := bytes.TrimSuffix(p, []byte("\n"))
	if len(text) > mostLineBytes {
		text = append(text[:mostLineBytes:mostLineBytes], "…"...)
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if len(j.lines) == mostLines {
		j.lines = j.lines[1:]
	}
	j.lines = append(j.lines, line{time.Now(), strings.ToValidUTF8(string(text), "")})
	return len(p), nil
}

// since are the lines from a time on.
func (j *journal) since(from time.Time) []string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	var lines []string
	for _, l := range j.lines {
		if !l.at.Before(from) {
			lines = append(lines, l.text)
		}
	}
	return lines
}

// Logged are the last lines that the reference logged as errors from a time on: the one
// on which the condition holds, or with none the target.
func (r *Reference) Logged(name conformance.Condition, from time.Time) []string {
	if c := r.conditions[name]; c != nil {
		return c.logged.since(from)
	}
	return r.logged.since(from)
}

package serve

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
)

// logging is the flags that say how the reference's log is written, on standard
// error.
type logging struct{ format, level string }

func (l *logging) flags(flags *pflag.FlagSet) {
	flags.StringVar(&l.format, "log-format", "text", "how the log is written: text, or json, a line each")
	flags.StringVar(&l.level, "log-level", "info", "what the log has at least: debug, with every request, info, warn or error")
}

func (l *logging) logger(to io.Writer) (*slog.Logger, error) {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, known := levels[l.level]
	if !known {
		return nil, exit.Usage{Err: fmt.Errorf("--log-level: expected debug, info, warn or error, found %q", l.level)}
	}
	o := &slog.HandlerOptions{Level: level}
	switch l.format {
	case "text":
		return slog.New(slog.NewTextHandler(to, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, o)), nil
	default:
		return nil, exit.Usage{Err: fmt.Errorf("--log-format: expected text or json, found %q", l.format)}
	}
}

// teller tells a person who waits how far it is: as lines of their own, but in a log
// that programs read as lines of that log.
func (l *logging) teller(to io.Writer, log *slog.Logger) func(line string) {
	if l.format == "json" {
		return func(line string) { log.Info("reference: progress", "line", line) }
	}
	return func(line string) { fmt.Fprintln(to, line) }
}

package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// cleanWithin bounds the cleaning up, so that a target that hangs does not keep who
// interrupted the run.
const cleanWithin = 30 * time.Second

// cleanInterrupted bounds it after an interruption: somebody waits for the end.
const cleanInterrupted = 5 * time.Second

// page is how many rows are looked for at a time.
const page = 500

// written are the models of the fixture, what refers to others first, with the fields
// in which a row that a case wrote has its name, and those that it is deleted by.
var written = []struct {
	model  string
	fields []string
	key    string
	// lacking is true for a model that only some implementations know.
	lacking bool
}{
	{model: "Entry", fields: []string{"title", "body"}, key: "id"},
	{model: "Account", fields: []string{"email", "name"}, key: "id"},
	{model: "Sample", fields: []string{"label"}, key: "id"},
	{model: "Pair", fields: []string{"b", "note"}, key: "b"},
	{model: "Ticket", fields: []string{"code", "note"}, key: "id"},
	{model: "Renamed", fields: []string{"fullName"}, key: "id", lacking: true},
}

// Clean deletes what was made under a name: the streams, and the rows, whose names
// begin with it. It tells what could not be deleted.
func Clean(ctx context.Context, t Target, name string) error {
	return t.inEach(ctx, func(ctx context.Context, c *client) error {
		return errors.Join(c.deleteStreams(ctx, name), c.deleteRows(ctx, name))
	})
}

// CleanStreams deletes the streams alone: of rows there may be any number, of streams
// not.
func CleanStreams(ctx context.Context, t Target, name string) error {
	return t.inEach(ctx, func(ctx context.Context, c *client) error { return c.deleteStreams(ctx, name) })
}

// inEach does something in each environment that the target has a key of, within
// [cleanWithin].
func (t Target) inEach(ctx context.Context, do func(context.Context, *client) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, cleanWithin, fmt.Errorf("not within %s", cleanWithin))
	defer cancel()
	var errs []error
	for _, key := range []string{t.APIKey, t.OtherAPIKey} {
		if key == "" {
			continue
		}
		t.APIKey = key
		c := newClient(t, 1)
		errs = append(errs, do(ctx, c))
		c.http.Close()
	}
	return errors.Join(errs...)
}

func (c *client) deleteStreams(ctx context.Context, name string) error {
	if c.target.PulseURL == "" {
		return nil
	}
	a, err := c.pulse(ctx, http.MethodGet, "/streams", nil)
	if err != nil {
		return fmt.Errorf("the streams cannot be listed: %w", err)
	}
	streams, ok := member(a.json, "data").([]any)
	if a.status != http.StatusOK || !ok {
		return fmt.Errorf("the streams cannot be listed: %s", a.said())
	}
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for _, stream := range streams {
		of, _ := member(stream, "name").(string)
		if !strings.HasPrefix(of, name) {
			continue
		}
		group.Go(func() error {
			a, err := c.pulse(ctx, http.MethodDelete, "/streams/"+segment(of), nil)
			if err == nil && a.status != http.StatusNoContent && a.status != http.StatusNotFound {
				err = errors.New(a.said())
			}
			if err != nil {
				return fmt.Errorf("the stream %s stays: %w", of, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (c *client) deleteRows(ctx context.Context, name string) error {
	if c.target.AccelerateURL == "" {
		return nil
	}
	var stay []string
	var first error
	for _, w := range written {
		if errors.As(first, &unanswered{}) {
			break // nor is the rest
		}
		for _, field := range w.fields {
			if err := c.deleteWhere(ctx, w.model, field, w.key, name); err != nil && !w.lacking {
				stay = append(stay, w.model)
				first = cmp.Or(first, err)
				break
			}
		}
	}
	if first == nil {
		return nil
	}
	return fmt.Errorf("rows of %s stay: %w", strings.Join(stay, ", "), first)
}

// deleteWhere deletes the rows in which a field begins with the name, by queries that
// the cases use as well.
func (c *client) deleteWhere(ctx context.Context, model, field, key, name string) error {
	selected := key
	if field != key {
		selected += " " + field
	}
	find := fmt.Sprintf(`query ($name: String!) { findMany%[1]s(where: {%[2]s: {startsWith: $name}}, orderBy: {%[3]s: asc}, take: %[4]d) { %[5]s } }`, model, field, key, page, selected)
	remove := fmt.Sprintf(`mutation ($keys: [%s!]!) { deleteMany%s(where: {%s: {in: $keys}}) { count } }`, typeOf[key], model, key)
	for {
		data, err := c.query(ctx, find, map[string]any{"name": name})
		if err != nil {
			return err
		}
		rows, _ := data["findMany"+model].([]any)
		if len(rows) == 0 {
			return nil
		}
		keys := make([]any, 0, len(rows))
		for _, row := range rows {
			// A server that answers with more than it was asked for must not lose it.
			if of, _ := member(row, field).(string); strings.HasPrefix(of, name) {
				keys = append(keys, member(row, key))
			}
		}
		if len(keys) == 0 {
			return fmt.Errorf("findMany%s answers rows that it was not asked for", model)
		}
		if _, err := c.query(ctx, remove, map[string]any{"keys": keys}); err != nil {
			return err
		}
		if len(rows) < page {
			return nil
		}
	}
}

// typeOf are the types of the keys.
var typeOf = map[string]string{"id": "Int", "b": "String"}

package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner/sse"
)

// eventWithin bounds the way of a row to Pulse, from its commit to the consumer: a
// hundred times what it takes where both are on one machine.
const eventWithin = 20 * time.Second

// tables are queries that touch every table that core cases need.
var tables = []struct{ model, query string }{
	{"Account", "query { findManyAccount(take: 1) { id email name score active } }"},
	{"Entry", "query { findManyEntry(take: 1) { id accountId title body } }"},
	{"Sample", "query { findManySample(take: 1) { id label } }"},
	{"Pair", "query { findManyPair(take: 1) { a b note } }"},
	{"Ticket", "query { findManyTicket(take: 1) { id code note } }"},
}

// tablesWithin bounds the time until a server sees tables that were made for it a
// moment ago: our own looks at its database once in a second.
const (
	tablesWithin = 5 * time.Second
	tablesAgain  = 100 * time.Millisecond
)

// askTables asks whether the models of the cases are there.
func (s *smoke) askTables(ctx context.Context) bool {
	c := report.Check{Name: "the tables of the cases are there"}
	lacking, why := s.lackingTables(ctx)
	if s.o.DatabaseURL != "" && !s.o.RowsBySQL { // they may have been made just now
		giveUp := time.Now().Add(lasting(tablesWithin, s.o.Timescale))
		for len(lacking) > 0 && time.Now().Before(giveUp) && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(tablesAgain):
			}
			lacking, why = s.lackingTables(ctx)
		}
	}
	if len(lacking) > 0 {
		c.Found = fmt.Sprintf("no answer from %s: %s", strings.Join(lacking, ", "), why)
		c.Next = s.withTables()
	}
	return s.found(c)
}

// withTables says what gives a target the tables.
func (s *smoke) withTables() string {
	if s.o.DatabaseURL != "" {
		return fmt.Sprintf("they are in the database of --%s: see that it is that of the environment of --%s, and start the server with conformance/fixture.prisma; arazzo conformance --fixture DIR writes it", databaseFlag, keyFlag)
	}
	return "load conformance/fixture.sql into the database (--database-url URL does it), and start the server with conformance/fixture.prisma; arazzo conformance --fixture DIR writes both files"
}

// lackingTables are the models that cannot be asked for, and why the first cannot.
func (s *smoke) lackingTables(ctx context.Context) (lacking []string, why string) {
	for _, t := range tables {
		if _, err := s.query(ctx, t.query, nil); err != nil {
			lacking, why = append(lacking, t.model), cmp.Or(why, err.Error())
		}
	}
	return lacking, why
}

// askDatabase asks whether the row that was written through Accelerate is in the database
// whose URL is known: the tables were made in that one, and the report says its version.
func (s *smoke) askDatabase(ctx context.Context) {
	if s.o.HasAccount == nil || s.o.RowsBySQL { // then it is the row of that database which came out of Pulse
		return
	}
	c := report.Check{Name: "the database is the target's"}
	ctx, cancel := context.WithTimeoutCause(ctx, s.within, fmt.Errorf("no answer within %s", s.within))
	defer cancel()
	has, err := s.o.HasAccount(ctx, s.run+smokeSuffix)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	switch {
	case err != nil:
		c.Found, c.Next = err.Error(), fmt.Sprintf("see that the database of --%s answers", databaseFlag)
	case !has:
		c.Found = fmt.Sprintf("the row that was written through Accelerate is not in the database of --%s, which has the tables of the cases now", databaseFlag)
		c.Next = fmt.Sprintf("give --%s the database of the environment of --%s, or leave it out where the tables are there", databaseFlag, keyFlag)
	}
	s.found(c)
}

// askOtherKey asks whether the key of the second environment, where there is one, is
// taken, and of a database with the tables in which nothing is of the first.
func (s *smoke) askOtherKey(ctx context.Context) {
	if s.target.OtherAPIKey == "" || s.o.RowsBySQL {
		return
	}
	other := *s.client
	other.target.APIKey = s.target.OtherAPIKey
	c := report.Check{Name: "the other key is that of another database"}
	data, err := other.query(ctx, "query ($email: String!) { findUniqueAccount(where: {email: $email}) { id } }", map[string]any{"email": s.run + smokeSuffix})
	switch {
	case err != nil:
		c.Found = err.Error()
		c.Next = fmt.Sprintf("give --%s the key of a second environment, and load conformance/fixture.sql into its database too", otherKeyFlag)
	case member(data, "findUniqueAccount") != nil:
		c.Found = "the row that was written with the first key is there"
		c.Next = fmt.Sprintf("give --%s the key of an environment with a database of its own, or leave it out", otherKeyFlag)
	}
	s.found(c)
}

// askRow asks whether a row can be written, and whether it comes out of Pulse.
func (s *smoke) askRow(ctx context.Context) bool {
	name := s.run + smokeSuffix
	s.made = true
	if s.o.Profile.asks(Pulse) && !s.askStream(ctx, name) {
		return false
	}
	s.look(ctx, s.client, s.run)
	c := report.Check{Name: "a row can be written"}
	_, err := s.query(ctx, "mutation ($email: String!, $name: String!) { createOneAccount(data: {email: $email, name: $name}) { id email } }", map[string]any{"email": name, "name": goesOn})
	if err != nil {
		c.Found, c.Next = err.Error(), "the key and the database role have to be allowed to write the tables of conformance/fixture.sql"
	}
	if !s.found(c) || !s.o.Profile.asks(Pulse) {
		return c.Next == ""
	}
	c = report.Check{Name: "the row comes out of Pulse"}
	if err := s.await(ctx, name); err != nil {
		c.Found = err.Error()
		c.Next = "give both APIs the same database, and the key of the same environment in it; Pulse has to follow its logical replication (wal_level=logical)"
		if s.o.RowsBySQL {
			c.Next = fmt.Sprintf("give --%s the database of the environment of --%s; Pulse has to follow its logical replication (wal_level=logical)", databaseFlag, keyFlag)
		}
		if errors.As(err, new(noEventsError)) {
			c.Next = "events are sent with Content-Type: text/event-stream; clients do not read them under another"
		}
	}
	return s.found(c)
}

// askStream makes the stream that the row is to come out of.
func (s *smoke) askStream(ctx context.Context, name string) bool {
	c := report.Check{Name: "a stream can be made"}
	a, err := s.pulse(ctx, http.MethodPost, "/streams", map[string]any{"name": name, "model": "Account"})
	switch {
	case err != nil:
		c.Found, c.Next = err.Error(), "the server's log may say why"
	case a.status != http.StatusCreated:
		c.Found = a.said()
		c.Next = "Pulse has to know the models of conformance/fixture.prisma in the database of its key, and event persistence has to be on"
	}
	return s.found(c)
}

// await reads the stream until it tells of the row.
func (s *smoke) await(ctx context.Context, name string) error {
	within := lasting(eventWithin, s.o.Timescale)
	ctx, cancel := context.WithTimeoutCause(ctx, within, fmt.Errorf("no event of it within %s", within))
	defer cancel()
	response, err := s.send(ctx, http.MethodGet, s.target.PulseURL, "/streams/"+segment(name)+"/events", nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.Status != http.StatusOK {
		return fmt.Errorf("GET /streams/%s/events was answered %d", name, response.Status)
	}
	if media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); media != eventStream {
		return noEventsError{fmt.Sprintf("GET /streams/%s/events was answered with the Content-Type %q", name, response.Header.Get("Content-Type"))}
	}
	return tellsOf(ctx, sse.NewReader(response.Body), name)
}

// eventStream is the media type of events.
const eventStream = "text/event-stream"

// noEventsError says what came in place of events.
type noEventsError struct{ text string }

func (e noEventsError) Error() string { return e.text }

// tellsOf reads events until one has the name in its row.
func tellsOf(ctx context.Context, events *sse.Reader, name string) error {
	for {
		event, err := events.Next()
		switch {
		case err != nil && ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, io.EOF):
			return errors.New("the stream ended before the event of it")
		case err != nil:
			return err
		}
		var data any
		if json.Unmarshal([]byte(event.Data), &data) == nil && member(member(data, "created"), "email") == name {
			return nil
		}
	}
}

package mutant

import (
	"bufio"
	"io"
	"net/http"
	"strings"
)

// pulseOrder break which changes have events, in which order they come, and what a
// subscription is.
var pulseOrder = []Mutant{
	{
		Name:  "the first two events are swapped",
		Kills: []string{"pulse-order/batch-order", "pulse-order/commit-order", "pulse-order/nested", "pulse-order/one-row", "pulse-subscribe/live"},
		Pulse: events(swap()),
	},
	{
		Name:  "the second event is lost",
		Kills: []string{"pulse-order/one-row"},
		Pulse: events(lose(2)),
	},
	{
		Name:  "a statement has one event, whatever it creates",
		Kills: []string{"pulse-order/create-many"},
		Pulse: events(when(has("/action", "create"), withhold(2))),
	},
	{
		Name:  "a statement has one event, whatever it changes",
		Kills: []string{"pulse-order/update-many"},
		Pulse: events(when(has("/action", "update"), withhold(2))),
	},
	{
		Name:  "a statement has one event, whatever it deletes",
		Kills: []string{"pulse-order/delete-many"},
		Pulse: events(when(has("/action", "delete"), withhold(2))),
	},
	{
		Name:  "each event comes twice",
		Kills: []string{"pulse-order/create-many", "pulse-order/one-row", "pulse-subscribe/once"},
		Pulse: events(twice()),
	},
	{
		Name: "what never happened has an event",
		Kills: []string{
			"pulse-order/batch-rolled-back", "pulse-order/nested-rolled-back", "pulse-order/refused", "pulse-order/rolled-back",
			"pulse-order/truncate", "pulse-order/untouched",
		},
		Pulse: events(ghost(
			edit("/created/a", one), edit("/created/score", one), edit("/created/note", none),
			edit("/after/score", one), edit("/after/note", none),
		)),
	},
	{
		Name:  "an upsert is always a create",
		Kills: []string{"pulse-order/upsert"},
		Pulse: events(when(hasMember("/after/score"), document(set("/action", "create"), rename("", "after", "created")))),
	},
	{
		Name:  "what the database deletes by itself has no event",
		Kills: []string{"pulse-order/cascade"},
		Pulse: events(when(has("/modelName", "Entry"), when(has("/action", "delete"), withhold(1)))),
	},
	{
		Name:  "an event in the middle of many is lost",
		Kills: []string{"pulse-order/thousand"},
		Pulse: events(lose(500)),
	},
	{
		Name:  "what did not come through Prisma has no event",
		Kills: []string{"pulse-order/raw", "pulse-subscribe/live"},
		Pulse: events(withhold(1)),
	},

	{
		Name:  "a subscription begins with its second event",
		Kills: []string{"pulse-subscribe/live"},
		Pulse: on(subscribe, events(lose(1))),
	},
	{
		Name:  "the headers of a subscription come with its first event",
		Kills: []string{"pulse-subscribe/live"},
		Pulse: on(subscribe, headersLate()),
	},
	{
		Name:  "a subscription ends after its first event",
		Kills: []string{"pulse-subscribe/every-action"},
		Pulse: on(subscribe, events(closeAfter(1))),
	},
	{
		Name:  "a subscription tells of new rows alone",
		Kills: []string{"pulse-subscribe/every-action"},
		Pulse: on(subscribe, events(when(isNoCreate, withhold(1)))),
	},
	{
		Name:  "a subscription has the events of other models too",
		Kills: []string{"pulse-subscribe/one-model"},
		Pulse: on(subscribe, events(ghost(set("/modelName", "Ticket")))),
	},
	{
		Name:  "a subscription begins with what streams were sent",
		Kills: []string{"pulse-subscribe/no-history"},
		Pulse: eavesdrop(),
	},
	{
		Name:  "a subscription goes on where the client was",
		Kills: []string{"pulse-subscribe/missed"},
		Pulse: replay(1),
	},
	{
		Name:  "a second subscriber is sent nothing",
		Kills: []string{"pulse-subscribe/two-subscribers"},
		Pulse: on(subscribe, from(2, events(withhold(1)))),
	},
	{
		Name:  "a subscription's filter is forgotten",
		Kills: []string{"pulse-subscribe/filtered"},
		Pulse: on(subscribe, send(edit("/filter/create", only("b")))),
		Alone: true, // else rows of others come, which the filter kept away
	},
	{
		Name:  "a subscription without a filter has creates alone",
		Kills: []string{"pulse-subscribe/without-filter"},
		Pulse: on(subscribe.where(not(sends("/filter"))), send(set("/filter", creates()))),
	},
	{
		Name: "a subscription to nothing is opened, and stays silent",
		Kills: []string{
			"pulse-subscribe/filter-of-another-type", "pulse-subscribe/model-of-another-type", "pulse-subscribe/refused-filter",
			"pulse-subscribe/unknown-model", "pulse-subscribe/without-body", "pulse-subscribe/without-model",
		},
		Pulse: on(subscribe.answered(http.StatusBadRequest), answer(http.StatusOK, ": live"), header("Content-Type", "text/event-stream")),
	},
	{
		Name:  "a subscription needs event persistence",
		Kills: []string{"pulse-subscribe/live", "pulse-subscribe/without-persistence"},
		Pulse: on(subscribe, answer(http.StatusBadRequest, `{"code":"P6106","message":"Event persistence is off."}`)),
	},
}

// ghost sends, before the first event, a changed one with an id of its own.
func ghost(changes ...change) eventDefect {
	const id = "00000000000000000000000001"
	return func(_ *http.Request, to sink) func(event) {
		first := true
		return func(e event) {
			if first {
				first = false
				to.send(e.changed(append(changes, set("/id", id))).with("id", id))
			}
			to.send(e)
		}
	}
}

// one and none stand for the values of a row that was never there.
func one(any) any  { return 1 }
func none(any) any { return "none" }

// isNoCreate tests for the event of a row that was there before.
func isNoCreate(e event) bool { return textAt(e.data(), "/action") != "create" }

// headersLate keeps the headers of a stream until there is an event.
func headersLate() Defect {
	return after(func(_ *http.Request, response *http.Response) {
		var first strings.Builder
		lines := bufio.NewReader(response.Body)
		for !strings.HasPrefix(first.String(), "data:") && !strings.Contains(first.String(), "\ndata:") {
			line, err := lines.ReadString('\n')
			first.WriteString(line)
			if err != nil {
				break
			}
		}
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(strings.NewReader(first.String()), lines), response.Body}
	})
}

package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// smoke asks, before any case, whether the right thing is asked at all: whether there
// is an answer, whether it is that of the API, whether the key, the tables and the
// database are those that were meant. What is wrong there would make all cases fail,
// and none of them would say why.
type smoke struct {
	*client
	*neighbours
	o *Options
	// run begins the names of what it makes.
	run    string
	checks []report.Check
	// made is true when something was made that is to be deleted.
	made bool
}

// everything asks all that makes sense after what was found so far. An error means that
// it was interrupted.
func (s *smoke) everything(ctx context.Context) error {
	reached := true
	for _, a := range apis {
		if s.o.Profile.asks(a.api) && !(a.api == Accelerate && s.o.RowsBySQL) {
			reached = s.askAPI(ctx, a) && reached
		}
	}
	if reached && s.askTables(ctx) && s.askRow(ctx) {
		s.askDatabase(ctx)
		s.askOtherKey(ctx)
	}
	return ctx.Err()
}

// found notes the answer to a question, and tells whether it is as it should be.
func (s *smoke) found(c report.Check) bool {
	c.OK, c.Found = c.Next == "", s.target.shown(c.Found)
	s.checks = append(s.checks, c)
	return c.OK
}

// described is what smoke knows of an API.
type described struct {
	api   API
	title string
	flag  string
	file  string
	// url is its base URL, mark what no other product answers.
	url  func(Target) string
	mark func(context.Context, *client, string) (answer, error)
	// marked tells whether the answer to mark is that of the API to a key it takes.
	marked func(answer) bool
}

var apis = []described{
	{
		api: Pulse, title: "Pulse", flag: pulseFlag, file: "specs/prisma-pulse-openapi.yml",
		url: func(t Target) string { return t.PulseURL },
		mark: func(ctx context.Context, c *client, base string) (answer, error) {
			return c.ask(ctx, http.MethodGet, base, "/streams", nil)
		},
		marked: func(a answer) bool {
			_, list := member(a.json, "data").([]any)
			return a.status == http.StatusOK && list
		},
	},
	{
		api: Accelerate, title: "Accelerate", flag: accelerateFlag, file: "specs/prisma-accelerate-openapi.yml",
		url: func(t Target) string { return t.AccelerateURL },
		mark: func(ctx context.Context, c *client, base string) (answer, error) {
			return c.ask(ctx, http.MethodPost, base, graphqlPath, query("query { findManyAccount(take: 1) { id } }", nil))
		},
		marked: func(a answer) bool {
			_, data := member(a.json, "data").(map[string]any)
			_, errs := member(a.json, "errors").([]any)
			code, _ := member(a.json, "code").(string)
			return a.status == http.StatusOK && (data || errs) || a.status == http.StatusBadRequest && strings.HasPrefix(code, "P6")
		},
	},
}

// askAPI asks whether an API is there, and takes the key.
func (s *smoke) askAPI(ctx context.Context, d described) bool {
	base := d.url(s.target)
	health, err := s.ask(ctx, http.MethodGet, base, "/health", nil)
	if err != nil {
		return s.found(unreachable(d, base, err))
	}
	answers := report.Check{Name: d.title + " answers"}
	if !s.o.Bundled { // which is elsewhere each time
		answers.Found = shownURL(base)
	}
	s.found(answers)
	marked, err := d.mark(ctx, s.client, base)
	if err != nil {
		return s.found(unreachable(d, base, err))
	}
	is := report.Check{Name: "what answers is " + d.title, Found: "as " + d.file + " has it"}
	if !d.speaks(marked, health) {
		is.Found, is.Next = s.another(ctx, d, health, marked)
		return s.found(is)
	}
	s.found(is)
	return s.found(key(d, marked))
}

// speaks tells whether the answers are those of the API, be they refusals. A 404 to an
// operation that it has is none, though another API of the same family gives one of the
// same form.
func (d described) speaks(marked, health answer) bool {
	return d.marked(marked) || marked.status != http.StatusNotFound && marked.refuses() || marked.denies(health)
}

// denies tells whether a key is refused by who answers for its health as the APIs do.
func (a answer) denies(health answer) bool {
	return (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden) && health.healthy()
}

// healthy tells whether the answer is a health as both documents have it, good or bad.
func (a answer) healthy() bool {
	switch member(a.json, "status") {
	case "healthy", "degraded", "unavailable":
		return a.status == http.StatusOK || a.status == http.StatusServiceUnavailable
	default:
		return false
	}
}

// unreachable is the check of an API that gives no HTTP answer.
func unreachable(d described, base string, err error) report.Check {
	c := report.Check{
		Name: d.title + " answers", Unreachable: true, Found: shownURL(base) + ": " + err.Error(),
		Next: fmt.Sprintf("start the server, or correct --%s; nothing was judged", d.flag),
	}
	var known *exchange.Error
	switch {
	case !errors.As(err, &known):
	case known.Code == exchange.TooLarge: // it is an answer, and that of nothing that is meant
		c.Unreachable = false
	case known.Code == exchange.Untrusted && strings.Contains(known.Fix, "--client-cert"): // a flag of arazzo run
		c.Next = "let the server take who has no certificate, or name a proxy before it that has one"
	case known.Code == exchange.Untrusted && strings.Contains(known.Fix, "--"):
		c.Next = fmt.Sprintf("give the authority's certificate: --%s FILE; or correct --%s", caCertFlag, d.flag)
	case known.Fix != "":
		c.Next = known.Fix
	}
	return c
}

// key is the check of the key, by the answer to a request that needs one.
func key(d described, marked answer) report.Check {
	c := report.Check{Name: d.title + " takes the key", Found: marked.said()}
	switch {
	case marked.status == http.StatusUnauthorized || marked.status == http.StatusForbidden:
		c.Next = fmt.Sprintf("give --%s the key of an environment of the server, as clients send it behind Bearer", keyFlag)
	case marked.status == http.StatusMethodNotAllowed:
		c.Next = fmt.Sprintf("give --%s the base URL alone: paths such as %s are added to it", d.flag, strings.Fields(marked.request)[1])
	case !d.marked(marked):
		c.Next = "the server is at fault: its log says why"
	default:
		c.Found = ""
	}
	return c
}

// another says what answers, where it is not the API, and what to do about it.
func (s *smoke) another(ctx context.Context, d described, health, marked answer) (found, next string) {
	next = fmt.Sprintf("give --%s the base URL of a server of %s; nothing was judged", d.flag, d.file)
	for _, other := range apis {
		if other.api == d.api {
			continue
		}
		if a, err := other.mark(ctx, s.client, d.url(s.target)); err == nil && other.marked(a) {
			return fmt.Sprintf("it is %s: %s; and %s", other.title, plainly(a), marked.said()),
				fmt.Sprintf("the URL of %s stands behind --%s: exchange the two", other.title, d.flag)
		}
	}
	if engineProtocol(marked) {
		return fmt.Sprintf("it speaks Prisma Client's own engine protocol, as prisma-accelerate-local does, and not GraphQL over HTTP: %s; %s", marked.said(), health.said()), next
	}
	if strings.HasPrefix(marked.media, "text/html") || strings.HasPrefix(health.media, "text/html") {
		return fmt.Sprintf("it is a web page: %s; %s", marked.said(), health.said()), next
	}
	return fmt.Sprintf("it is something else: %s; %s", marked.said(), health.said()), next
}

// plainly tells of an answer that is as it should be.
func plainly(a answer) string { return fmt.Sprintf("%s was answered %d", a.request, a.status) }

// engineProtocol tells the errors of Prisma's Data Proxy, which are objects of one
// member named after them.
func engineProtocol(a answer) bool {
	for _, name := range []string{"EngineNotStarted", "Unauthorized", "InteractiveTransactionMisrouted", "InvalidRequestError"} {
		if member(a.json, name) != nil {
			return true
		}
	}
	return false
}

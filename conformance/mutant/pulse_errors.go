package mutant

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
)

// pulseErrors break what an error tells, and what becomes of what no client should send.
var pulseErrors = []Mutant{
	{
		Name:  "an error of Pulse has an empty message",
		Kills: []string{"pulse-error/message", "pulse-error/server-failure"},
		Pulse: body(edit("/message", func(any) any { return "" })),
	},
	{
		Name:  "an error of Pulse has an empty code",
		Kills: []string{"pulse-error/code"},
		Pulse: body(edit("/code", func(any) any { return "" })),
	},
	{
		Name:  "an error of Pulse has no code",
		Kills: []string{"pulse-error/code", "pulse-error/message"},
		Pulse: body(remove("/code")),
	},
	{
		Name:  "an error of Pulse has another code each time",
		Kills: []string{"pulse-error/code"},
		Pulse: body(edit("/code", func(any) any { return fmt.Sprint("E", rand.Uint64()) })),
	},
	{
		Name:  "all errors of Pulse have one code",
		Kills: []string{"pulse-error/codes"},
		Pulse: body(edit("/code", func(any) any { return "P6100" })),
	},
	{
		Name:  "an error of Pulse is a page",
		Kills: []string{"pulse-error/message"},
		Pulse: on(anything.answered(http.StatusBadRequest), header("Content-Type", "text/html"), rawBody("<h1>Bad request</h1>")),
	},
	{
		Name:  "Pulse reads as much JSON as there is",
		Kills: []string{"pulse-error/malformed", "pulse-error/two-values"},
		Pulse: on(createStream.where(isBrokenJSON).answered(http.StatusBadRequest), madeStream()),
	},
	{
		Name:  "Pulse takes an empty body for an empty object",
		Kills: []string{"pulse-error/empty-body"},
		Pulse: on(subscribe.where(isEmpty).answered(http.StatusBadRequest), answer(http.StatusOK, ": live"), header("Content-Type", "text/event-stream")),
	},
	{
		Name:  "a body that is no object is a failure of Pulse",
		Kills: []string{"pulse-error/list", "pulse-error/scalar"},
		Pulse: on(anything.where(isNoObject), answer(http.StatusInternalServerError, pulseFailure)),
	},
	{
		Name:  "Pulse hangs up on JSON that is too deep",
		Kills: []string{"pulse-error/deep"},
		Pulse: on(anything.where(sendsText("[[[[")), hangUp()),
	},
	{
		Name:  "a name that is not in ASCII is a failure of Pulse",
		Kills: []string{"pulse-error/odd-names"},
		Pulse: on(createStream.where(isNotASCII), answer(http.StatusInternalServerError, pulseFailure)),
	},
	{
		Name:  "a member that nobody knows is a failure of Pulse",
		Kills: []string{"pulse-error/odd-members"},
		Pulse: on(createStream.where(sends("/__proto__")), answer(http.StatusInternalServerError, pulseFailure)),
	},
	{
		Name:  "a slash in a name is a bad request",
		Kills: []string{"pulse-error/odd-paths"},
		Pulse: on(consume.where(hasSlash), answer(http.StatusBadRequest, `{"code":"InvalidRequest","message":"No such path."}`)),
	},
	{
		Name:  "a method that a path does not have does nothing, and is said to be done",
		Kills: []string{"pulse-error/methods"},
		Pulse: status(http.StatusMethodNotAllowed, http.StatusOK),
	},
	{
		Name:  "any path is a page",
		Kills: []string{"pulse-error/unknown-path"},
		Pulse: on(requests{method: http.MethodGet, path: "/nowhere"}, answer(http.StatusOK, "<h1>Pulse</h1>")),
	},
	{
		Name:  "a failure of Pulse is a gateway's",
		Kills: []string{"pulse-error/server-failure"},
		Pulse: status(http.StatusInternalServerError, http.StatusBadGateway),
	},
	{
		Name:  "a failure of Pulse is the client's fault",
		Kills: []string{"pulse-error/server-failure"},
		Pulse: status(http.StatusInternalServerError, http.StatusBadRequest),
	},
}

// pulseFailure is an error of the server.
const pulseFailure = `{"code":"P6100","message":"Something broke."}`

func isBrokenJSON(r *http.Request) bool { return !isEmpty(r) && !json.Valid(sent(r)) }

func isEmpty(r *http.Request) bool { return len(sent(r)) == 0 }

func isNoObject(r *http.Request) bool {
	text := strings.TrimSpace(string(sent(r)))
	return text != "" && text[0] != '{'
}

func isNotASCII(r *http.Request) bool {
	return strings.ContainsFunc(string(sent(r)), func(r rune) bool { return r > 127 })
}

func hasSlash(r *http.Request) bool { return strings.Contains(r.URL.EscapedPath(), "%2F") }

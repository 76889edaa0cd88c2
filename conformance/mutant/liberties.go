package mutant

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Liberties are no defects: in them is done in another way than the target does it what
// the documents leave open. No core case may see them, for a third party can rightly
// differ so.
func Liberties() []Mutant {
	return []Mutant{
		{Name: "what need not be told is not told", Pulse: terse, Accelerate: terseAccelerate},
		{Name: "what may be told in any way is told in another", Pulse: otherwise, Accelerate: otherwiseAccelerate},
	}
}

var (
	terse = stacked(
		events(withoutField("id")),
		body(remove("/meta")),
	)
	terseAccelerate = stacked(
		on(query, body(remove("/extensions"))),
		on(query, noHeader("X-Accelerate-Region"), noHeader("X-Accelerate-Last-Modified"), noHeader("X-Accelerate-Request-Id"), noHeader("X-Accelerate-Signature")),
		on(query, ifAnswered("/errors", noHeader("X-Accelerate-Cache-Status"))),
		body(remove("/meta"), remove("/errors/*/meta"), remove("/region")),
	)
	otherwise = stacked(
		on(anything.where(sendsKeyAs("bearer KEY", "BEARER KEY")), answer(http.StatusUnauthorized, `{"code":"NoKey","message":"The word Bearer is missing."}`)),
		on(consume.where(not(carries("Authorization"))), telling()),
		on(createStream.where(not(carries("Authorization")), not(sends("/name"))), answer(http.StatusBadRequest, `{"code":"NoName","message":"A stream needs a name."}`)),
		on(createStream.answered(http.StatusCreated), body(set("/status", "paused"))),
		pausing(),
		on(listStreams, body(edit("/data", reversed))),
		on(health.answered(http.StatusOK), body(set("/status", "degraded"))),
		events(document(set("/extra", true)), withField("event", "change"), garble("\n", "\r\n")),
		body(set("/extra", true)),
		on(anything.where(puts), status(http.StatusMethodNotAllowed, http.StatusNotImplemented)),
		codedBy("E"),
		text(`(\.[0-9]+)?Z"`, `+00:00"`),
	)
	otherwiseAccelerate = stacked(
		on(anything.where(sendsKeyAs("bearer KEY")), answer(http.StatusUnauthorized, refusal)),
		on(query.where(not(carries("Authorization")), not(sendsWhere("/query", isText))), answer(http.StatusBadRequest, refusal)),
		on(query.where(asks("createMany")), writtenBackwards()),
		on(query.answered(http.StatusOK), signedAnew()),
		on(query, editHeader("X-Accelerate-Last-Modified", toTheSecond), body(edit("/extensions/accelerateInfo/lastModified", func(v any) any { return toTheSecond(fmt.Sprint(v)) }))),
		on(health.answered(http.StatusOK), body(set("/status", "degraded"), edit("/timestamp", func(v any) any { return toTheSecond(fmt.Sprint(v)) }))),
		body(set("/extra", true), edit("/errors/*/code", func(any) any { return "P6999" })),
		on(anything.where(puts), status(http.StatusMethodNotAllowed, http.StatusNotImplemented)),
		codedBy("P6"),
		header("Content-Type", "application/json; charset=utf-8"),
	)
)

// puts tests for a method that no path of either API has: RFC 9110, section 9.1, has 501
// for what a server implements nowhere.
func puts(r *http.Request) bool { return r.Method == http.MethodPut }

// toTheSecond is a moment without the parts of its second.
func toTheSecond(moment string) string {
	second, _, _ := strings.Cut(strings.TrimSuffix(moment, "Z"), ".")
	return second + "Z"
}

// codedBy gives errors codes made of their status.
func codedBy(prefix string) Defect {
	return after(func(_ *http.Request, response *http.Response) {
		if response.StatusCode >= http.StatusBadRequest && !isStream(response) {
			code := func(any) any { return prefix + strconv.Itoa(response.StatusCode) }
			setBody(response, changed(bodyOf(response), []change{edit("/code", code)}))
		}
	})
}

// signedAnew signs each answer with the id of its request, so that no two have one
// signature.
func signedAnew() Defect {
	return after(func(_ *http.Request, response *http.Response) {
		signature := response.Header.Get("X-Accelerate-Request-Id")
		response.Header.Set("X-Accelerate-Signature", signature)
		setBody(response, changed(bodyOf(response), []change{set("/extensions/accelerateInfo/signature", signature)}))
	})
}

// writtenBackwards has the rows of one statement written from the last to the first: in
// which order they are, and their events come, commit order leaves open. It knows the
// lists of Pair in a document, and of any model in the variable data.
func writtenBackwards() Defect {
	return send(
		edit("/variables/data", reversed),
		editText("/query", func(query string) string {
			return pairs.ReplaceAllStringFunc(query, func(list string) string {
				rows := strings.Split(strings.Trim(list, "[{}]"), "}, {")
				slices.Reverse(rows)
				return "[{" + strings.Join(rows, "}, {") + "}]"
			})
		}),
	)
}

// pairs are the rows of a statement that creates several of model Pair.
var pairs = regexp.MustCompile(`\[\{a: [^\[\]]*\}\]`)

// pausing lists the streams that nobody consumes as paused.
func pausing() Defect {
	return sharing(func() Defect {
		var consumers counts
		list := on(listStreams.answered(http.StatusOK), body(edit("/data/*", func(stream any) any {
			if consumers.of(textAt(stream, "/name")) > 0 {
				return stream
			}
			return set("/status", "paused")(stream)
		})))
		watch := on(consume.answered(http.StatusOK), after(func(r *http.Request, response *http.Response) {
			name := nameOf(r)
			consumers.add(name, 1)
			response.Body = &closing{response.Body, func() { consumers.add(name, -1) }}
		}))
		return stacked(list, watch)
	})
}

// counts are numbers by name.
type counts struct {
	mutex sync.Mutex
	known map[string]int
}

func (c *counts) add(name string, n int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.known == nil {
		c.known = map[string]int{}
	}
	c.known[name] += n
}

func (c *counts) of(name string) int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.known[name]
}

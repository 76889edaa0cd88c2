package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is an implementation of both APIs that does as much as smoke asks for, and no
// more, with things to go wrong.
type fake struct {
	mutex *sync.Mutex
	// streams are the events of each stream, accounts the addresses of the rows.
	streams  map[string][]string
	accounts []string
	deleted  []string

	// lacking are models that it does not know; the first late times nobody is known.
	lacking []string
	late    int
	// apart keeps rows from Pulse, deaf refuses to make streams, stuck to delete them,
	// plain sends events as text, and mixing shows the key of the second environment the
	// rows of the first.
	apart, deaf, stuck, plain, mixing bool
	// runs are the other runs whose rows are there, with their numbers, each time that
	// somebody asks; nil for none.
	runs func() map[string]int
	// health is asked before each answer to GET /health; nil for none.
	health func()
}

const (
	fakeKey      = "fake-key"
	fakeOtherKey = "fake-other-key"
)

// start serves the fake, and gives it as a target.
func (f *fake) start(t *testing.T) Target {
	t.Helper()
	f.mutex, f.streams = &sync.Mutex{}, map[string][]string{}
	pulse, accelerate := httptest.NewServer(http.HandlerFunc(f.pulse)), httptest.NewServer(http.HandlerFunc(f.accelerate))
	t.Cleanup(pulse.Close)
	t.Cleanup(accelerate.Close)
	return Target{PulseURL: pulse.URL, AccelerateURL: accelerate.URL, APIKey: fakeKey}
}

// admitted answers the health and who has no key, as both APIs do.
func (f *fake) admitted(w http.ResponseWriter, r *http.Request, code string) bool {
	switch {
	case r.URL.Path == "/health":
		if f.health != nil {
			f.health()
		}
		respond(w, http.StatusOK, map[string]any{"status": "healthy", "timestamp": time.Now().UTC().Format(time.RFC3339)})
	case r.Header.Get("Authorization") != "Bearer "+fakeKey && r.Header.Get("Authorization") != "Bearer "+fakeOtherKey:
		respond(w, http.StatusUnauthorized, map[string]any{"code": code, "message": "No."})
	default:
		return true
	}
	return false
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (f *fake) pulse(w http.ResponseWriter, r *http.Request) {
	if !f.admitted(w, r, "P6102") {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	name, consumes := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/streams/"), "/events")
	switch {
	case r.URL.Path == "/streams" && r.Method == http.MethodGet:
		list := []any{}
		for name := range f.streams {
			list = append(list, map[string]any{"name": name})
		}
		respond(w, http.StatusOK, map[string]any{"data": list})
	case r.URL.Path == "/streams" && f.deaf:
		respond(w, http.StatusBadRequest, map[string]any{"code": "P6101", "message": "There is no model Account."})
	case r.URL.Path == "/streams":
		var asked struct{ Name string }
		_ = json.NewDecoder(r.Body).Decode(&asked)
		f.streams[asked.Name] = []string{}
		respond(w, http.StatusCreated, map[string]any{"name": asked.Name})
	case consumes:
		w.Header().Set("Content-Type", map[bool]string{false: "text/event-stream; charset=utf-8", true: "text/plain"}[f.plain])
		for _, event := range f.streams[name] {
			fmt.Fprintf(w, "data: %s\n\n", event)
		}
	case f.stuck:
		respond(w, http.StatusInternalServerError, map[string]any{"code": "P6100", "message": "It hangs."})
	case r.Method == http.MethodDelete:
		delete(f.streams, name)
		f.deleted = append(f.deleted, name)
		w.WriteHeader(http.StatusNoContent)
	default:
		respond(w, http.StatusNotFound, map[string]any{"code": "P6104", "message": "There is no such path."})
	}
}

// operation is the root field of a query.
var operation = regexp.MustCompile(`(findMany|findUnique|createOne|updateOne|deleteMany)([A-Z][a-z]+)\(`)

func (f *fake) accelerate(w http.ResponseWriter, r *http.Request) {
	if !f.admitted(w, r, "P6002") {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if !strings.HasSuffix(r.URL.Path, "/graphql") {
		respond(w, http.StatusNotFound, map[string]any{"code": "P6005", "message": "There is no such path."})
		return
	}
	text, _ := io.ReadAll(r.Body)
	var asked struct {
		Query     string
		Variables map[string]any
	}
	_ = json.Unmarshal(text, &asked)
	root := operation.FindStringSubmatch(asked.Query)
	f.late--
	if slices.Contains(f.lacking, root[2]) || f.late >= 0 {
		respond(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"code": "P6000", "message": "There is no " + root[2] + "."}}})
		return
	}
	if root[1] == "findUnique" && !f.mixing {
		respond(w, http.StatusOK, map[string]any{"data": map[string]any{root[1] + root[2]: nil}})
		return
	}
	respond(w, http.StatusOK, map[string]any{"data": map[string]any{root[1] + root[2]: f.run(root[1], root[2], asked.Variables)}})
}

// run does what a query asks for. The id of a row is its place.
func (f *fake) run(operation, model string, variables map[string]any) any {
	switch {
	case operation == "createOne":
		f.accounts = append(f.accounts, variables["email"].(string))
		event, _ := json.Marshal(map[string]any{"id": "1", "action": "create", "created": variables})
		for name := range f.streams {
			if !f.apart {
				f.streams[name] = append(f.streams[name], `{"created": {"email": "of another"}}`, string(event))
			}
		}
		return map[string]any{"id": 1}
	case operation == "deleteMany":
		for _, id := range variables["keys"].([]any) {
			f.deleted = append(f.deleted, model+" "+f.accounts[int(id.(float64))])
			f.accounts[int(id.(float64))] = ""
		}
		return map[string]any{"count": 1}
	}
	rows := []any{}
	if variables["name"] == goesOn {
		if f.runs != nil {
			for email, number := range f.runs() {
				rows = append(rows, map[string]any{"email": email, "score": number})
			}
		}
		return rows
	}
	if name, ok := variables["name"].(string); ok && model == "Account" {
		for id, account := range f.accounts {
			if strings.HasPrefix(account, name) {
				rows = append(rows, map[string]any{"id": id, "email": account})
			}
		}
	}
	return rows
}

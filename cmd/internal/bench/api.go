package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// api is the API of the cases, a process that says on its standard output where it
// listens, and how many requests came since it was last asked.
type api struct {
	process *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Scanner
	url     string
}

func startAPI(self string) (*api, error) {
	a := &api{process: exec.Command(self, "api")}
	a.process.Stderr = os.Stderr
	answers, err := a.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if a.ask, err = a.process.StdinPipe(); err != nil {
		return nil, err
	}
	a.answers = bufio.NewScanner(answers)
	if err := a.process.Start(); err != nil {
		return nil, err
	}
	if !a.answers.Scan() {
		a.stop()
		return nil, errors.New("the API did not start")
	}
	a.url = a.answers.Text()
	return a, nil
}

// sent is how many requests came since it was last called.
func (a *api) sent() (int, error) {
	if _, err := io.WriteString(a.ask, "count\n"); err != nil {
		return 0, err
	}
	if !a.answers.Scan() {
		return 0, errors.New("the API is gone")
	}
	return strconv.Atoi(a.answers.Text())
}

// stop ends the API, which goes when nobody can ask it any more.
func (a *api) stop() {
	if a == nil || a.process.Process == nil {
		return
	}
	_ = a.ask.Close()
	_ = a.process.Wait()
}

// item is what the API keeps.
type item struct {
	ID   int      `json:"id"`
	Name string   `json:"name"`
	Qty  int      `json:"qty"`
	Tags []string `json:"tags"`
}

// shop is the API's state.
type shop struct {
	mu          sync.Mutex
	items       map[int]item
	last, count int
}

// serveAPI is the role api.
func serveAPI([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &shop{items: map[int]item{}}
	server := &http.Server{Handler: s.handler()}
	go func() { _ = server.Serve(listener) }()
	fmt.Println("http://" + listener.Addr().String())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(s.anew())
	}
	return server.Close()
}

// anew empties the shop, and returns how many requests it had.
func (s *shop) anew() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := s.count
	s.items, s.last, s.count = map[int]item{}, 0, 0
	return count
}

func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("POST /items", s.create)
	mux.HandleFunc("GET /items", s.list)
	mux.HandleFunc("GET /items/{id}", s.get)
	mux.HandleFunc("DELETE /items/{id}", s.delete)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.count++
		mux.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *shop) create(w http.ResponseWriter, r *http.Request) {
	var created item
	if err := json.NewDecoder(r.Body).Decode(&created); err != nil || created.Name == "" {
		answer(w, http.StatusBadRequest, map[string]string{"error": "not an item"})
		return
	}
	s.last++
	created.ID = s.last
	s.items[created.ID] = created
	answer(w, http.StatusCreated, created)
}

func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	ids := slices.Sorted(maps.Keys(s.items))
	if limit, err := strconv.Atoi(r.URL.Query().Get("limit")); err == nil && limit < len(ids) {
		ids = ids[:limit]
	}
	found := []item{}
	for _, id := range ids {
		found = append(found, s.items[id])
	}
	answer(w, http.StatusOK, map[string]any{"items": found, "total": len(found)})
}

func (s *shop) get(w http.ResponseWriter, r *http.Request) {
	if found, ok := s.items[idOf(r)]; ok {
		answer(w, http.StatusOK, found)
		return
	}
	answer(w, http.StatusNotFound, map[string]string{"error": "no such item"})
}

func (s *shop) delete(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.items[idOf(r)]; !ok {
		answer(w, http.StatusNotFound, map[string]string{"error": "no such item"})
		return
	}
	delete(s.items, idOf(r))
	w.WriteHeader(http.StatusNoContent)
}

func idOf(r *http.Request) int {
	id, err := strconv.Atoi(strings.TrimSpace(r.PathValue("id")))
	if err != nil {
		return 0
	}
	return id
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// asked is the body of a question, as far as the yardsticks look at it.
type asked struct {
	Variables struct {
		ID   int `json:"id"`
		Take int `json:"take"`
	} `json:"variables"`
}

type user struct {
	ID    int    `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

// nestedSQL is the best that we know to write by hand.
func nestedSQL(after, take string) string {
	return `SELECT json_build_object('data', json_build_object('users', coalesce(json_agg(u), '[]')))::text FROM (
 SELECT u.id, u.email, u.name, (SELECT coalesce(json_agg(json_build_object('id', p.id, 'title', p.title) ORDER BY p.id), '[]') FROM posts p WHERE p.user_id = u.id) AS posts
 FROM users u WHERE u.id > ` + after + ` ORDER BY u.id LIMIT ` + take + `) u`
}

// hand are the hand-written handlers.
type hand struct {
	pool *pgxpool.Pool
	mu   sync.RWMutex
	kept map[[sha256.Size]byte][]byte
	// same is what /same answers, header by header.
	same recorded
}

// yardstick is the role of the hand-written server. It says its address.
func yardstick(args []string) error {
	flags := flag.NewFlagSet(yardstickRole, flag.ContinueOnError)
	database := flags.String("database", "", "the database `URL`")
	same := flags.String("same", "", "the `FILE` with the answer that /same gives")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := pgxpool.ParseConfig(*database)
	if err != nil {
		return err
	}
	config.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return err
	}
	h := &hand{pool: pool, kept: map[[sha256.Size]byte][]byte{}}
	if *same != "" {
		if h.same, err = readRecorded(*same); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /same", h.serveSame)
	mux.HandleFunc("POST /cache", h.answering(h.fromCache))
	mux.HandleFunc("POST /one", h.answering(h.one))
	mux.HandleFunc("POST /nested", h.answering(h.nested))
	fmt.Fprintf(os.Stdout, "http://%s\n", listener.Addr())
	return http.Serve(listener, mux)
}

// answering writes what a function makes of a body.
func (h *hand) answering(answer func(context.Context, []byte) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			body, err = answer(r.Context(), body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // the client is gone
	}
}

func (h *hand) serveSame(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	header := w.Header()
	for name, values := range h.same.Header {
		header[name] = values
	}
	_, _ = w.Write(h.same.Body)
}

func (h *hand) user(ctx context.Context, id int) ([]byte, error) {
	var u user
	if err := h.pool.QueryRow(ctx, "SELECT id, email, name FROM users WHERE id = $1", id).Scan(&u.ID, &u.Email, &u.Name); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"data": map[string]any{"user": u}})
}

func (h *hand) one(ctx context.Context, body []byte) ([]byte, error) {
	var a asked
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	return h.user(ctx, a.Variables.ID)
}

func (h *hand) nested(ctx context.Context, body []byte) (answer []byte, err error) {
	var a asked
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	err = h.pool.QueryRow(ctx, nestedSQL("$1", "$2"), a.Variables.ID, a.Variables.Take).Scan(&answer)
	return answer, err
}

func (h *hand) fromCache(ctx context.Context, body []byte) ([]byte, error) {
	key := sha256.Sum256(body)
	h.mu.RLock()
	answer, ok := h.kept[key]
	h.mu.RUnlock()
	if ok {
		return answer, nil
	}
	answer, err := h.one(ctx, body)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kept[key] = answer
	return answer, nil
}

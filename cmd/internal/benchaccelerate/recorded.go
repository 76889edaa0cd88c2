package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// recorded is an answer of our server, for a yardstick to give the same.
type recorded struct {
	Header http.Header
	Body   []byte
}

func readRecorded(path string) (r recorded, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

// sameAs starts the hand-written server for the answer that ours gives to a question.
func (b *bench) sameAs(body string) starter {
	return func(ctx context.Context) (*service, error) {
		path := filepath.Join(b.folder, "answer.json")
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			if err := b.record(ctx, path, body); err != nil {
				return nil, err
			}
		}
		return b.hand(ctx, "-same", path)
	}
}

// record keeps what our server answers the second time, from its cache.
func (b *bench) record(ctx context.Context, path, body string) (err error) {
	s, err := b.ours(ctx)
	if err != nil {
		return err
	}
	defer func() {
		_, killed := s.kill()
		err = errors.Join(err, killed)
	}()
	var r recorded
	for range 2 {
		if r, err = s.ask(ctx, body); err != nil {
			return err
		}
	}
	r.Header.Del("Date") // net/http gives its own
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func (s *service) ask(ctx context.Context, body string) (recorded, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+graphQL, strings.NewReader(body))
	if err != nil {
		return recorded{}, err
	}
	request.Header.Set("Authorization", "Bearer "+apiKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return recorded{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("asked %s it answered %s: %s", body, response.Status, answer)
	}
	return recorded{response.Header, answer}, err
}

package jsonhttp

import (
	"encoding/json"
	"net/http"
)

// Write answers with a JSON document. An answer is about a moment: nobody should
// keep it.
func Write(w http.ResponseWriter, status int, document any) {
	begin(w, status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	// A peer that is gone gets no answer, and needs none.
	_ = encoder.Encode(document)
}

// WriteText answers with JSON that is text already. encoding/json, which would read
// it again, refuses what is nested more than 10,000 deep, after the status is sent.
func WriteText(w http.ResponseWriter, status int, text []byte) {
	begin(w, status)
	// As above.
	_, _ = w.Write(append(text[:len(text):len(text)], '\n'))
}

func begin(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

package jsonhttp

import (
	"encoding/json"
	"net/http"
)

// Write answers with a JSON document. An answer is about a moment: nobody should
// keep it.
func Write(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	// A peer that is gone gets no answer, and needs none.
	_ = encoder.Encode(document)
}

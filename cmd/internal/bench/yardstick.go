package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
)

// limit is the role that sends the requests of a flow of so many rounds, over one
// kept connection, decodes the answers and looks at their status: bench limit URL N.
func limit(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("limit takes a URL and a number of rounds, not %q", args)
	}
	rounds, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	c := caller{base: args[0]}
	for range rounds {
		c.call("GET", "/health", nil, 200)
		one := c.call("POST", "/items", map[string]any{"name": "item-one", "qty": 3, "tags": []string{"a", "b"}}, 201)
		c.call("GET", "/items/"+idIn(one), nil, 200)
		c.call("GET", "/items?limit=10", nil, 200)
		two := c.call("POST", "/items", map[string]any{"name": "item-two", "qty": 7, "tags": []string{"a", "b"}}, 201)
		c.call("GET", "/items/"+idIn(two), nil, 200)
		c.call("GET", "/items?limit=5", nil, 200)
		c.call("DELETE", "/items/"+idIn(one), nil, 204)
		c.call("DELETE", "/items/"+idIn(two), nil, 204)
		c.call("GET", "/health", nil, 200)
	}
	return c.err
}

// caller sends requests until one of them fails.
type caller struct {
	base string
	err  error
}

func (c *caller) call(method, path string, body any, want int) any {
	if c.err != nil {
		return nil
	}
	var value any
	value, c.err = exchange(method, c.base+path, body, want)
	return value
}

func exchange(method, url string, body any, want int) (value any, err error) {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = bytes.NewReader(encoded)
	}
	request, err := http.NewRequest(method, url, text)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s was answered with %s", method, url, response.Status)
	}
	if err == nil && len(answer) > 0 {
		err = json.Unmarshal(answer, &value)
	}
	return value, err
}

func idIn(value any) string {
	object, _ := value.(map[string]any)
	id, _ := object["id"].(float64)
	return strconv.Itoa(int(id))
}

// decode is the role that reads JSON into any: bench decode FILE.
func decode(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("decode takes a file, not %q", args)
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var value any
	return json.Unmarshal(text, &value)
}

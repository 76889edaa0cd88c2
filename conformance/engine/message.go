package engine

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Reply is what the server answers.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// Close ends the connection, without an answer where Status is 0.
	Close bool
	// Hang never answers.
	Hang bool
}

// UnmarshalYAML reads a reply, or its status alone.
func (r *Reply) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&r.Status)
	}
	var written struct {
		Status  int                  `yaml:"status"`
		Headers map[string]Spellings `yaml:"headers"`
		JSON    yaml.Node            `yaml:"json"`
		Body    yaml.Node            `yaml:"body"`
		Base64  yaml.Node            `yaml:"base64"`
		Close   bool                 `yaml:"close"`
		Hang    bool                 `yaml:"hang"`
	}
	if err := strictly(node, &written); err != nil {
		return err
	}
	r.Status, r.Close, r.Hang, r.Header = written.Status, written.Close, written.Hang, http.Header{}
	for name, values := range written.Headers {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	content, err := readContent(node, written.JSON, written.Body, written.Base64)
	switch {
	case err != nil:
		return err
	case content.JSON.Given:
		r.Body = []byte(shown(content.JSON.Value))
		if r.Header["Content-Type"] == nil {
			r.Header.Set("Content-Type", "application/json")
		}
	case len(content.Texts) > 0:
		r.Body = []byte(content.Texts[0])
	}
	if r.Status == 0 && !r.Hang && (!r.Close || len(r.Header) > 0 || r.Body != nil) {
		r.Status = http.StatusOK
	}
	return nil
}

// Request is what the server has to be asked.
type Request struct {
	Server, Method string
	Target         Spellings
	Headers        map[string]Spellings
	Absent         []string
	Content        Content
}

// Content is what a body has to be: nothing, one of some texts, a JSON value, or the
// parts of a multipart body.
type Content struct {
	Texts Spellings
	JSON  JSON
	Parts []Part
}

// Part is one part of a multipart body.
type Part struct {
	Name, Filename string
	// Type is not judged where it is empty.
	Type    string
	Content Content
}

// UnmarshalYAML reads a request, or its method and target alone.
func (r *Request) UnmarshalYAML(node *yaml.Node) error {
	r.Server = "api"
	if node.Kind == yaml.ScalarNode {
		method, target, _ := strings.Cut(node.Value, " ")
		r.Method, r.Target = method, Spellings{target}
		return nil
	}
	written := struct {
		Server  string               `yaml:"server"`
		Method  string               `yaml:"method"`
		Target  Spellings            `yaml:"target"`
		Headers map[string]Spellings `yaml:"headers"`
		Absent  []string             `yaml:"absent"`
		Body    yaml.Node            `yaml:"body"`
		JSON    yaml.Node            `yaml:"json"`
		Base64  yaml.Node            `yaml:"base64"`
		Parts   []Part               `yaml:"parts"`
	}{Server: r.Server}
	if err := strictly(node, &written); err != nil {
		return err
	}
	content, err := readContent(node, written.JSON, written.Body, written.Base64)
	if err == nil && written.Parts != nil && !content.empty() {
		err = severalBodies(node)
	}
	if err != nil {
		return err
	}
	content.Parts = written.Parts
	r.Server, r.Method, r.Target, r.Headers, r.Absent = written.Server, written.Method, written.Target, written.Headers, written.Absent
	r.Content = content
	return nil
}

// UnmarshalYAML reads a part.
func (p *Part) UnmarshalYAML(node *yaml.Node) error {
	var written struct {
		Name     string    `yaml:"name"`
		Filename string    `yaml:"filename"`
		Type     string    `yaml:"type"`
		Body     yaml.Node `yaml:"body"`
		JSON     yaml.Node `yaml:"json"`
	}
	if err := strictly(node, &written); err != nil {
		return err
	}
	content, err := readContent(node, written.JSON, written.Body, yaml.Node{})
	p.Name, p.Filename, p.Type, p.Content = written.Name, written.Filename, written.Type, content
	return err
}

func (c Content) empty() bool { return len(c.Texts) == 0 && !c.JSON.Given && c.Parts == nil }

func severalBodies(of *yaml.Node) error {
	return fmt.Errorf("line %d: there are several bodies", of.Line)
}

// readContent reads the one body that a message has.
func readContent(of *yaml.Node, value, body, bytes yaml.Node) (c Content, err error) {
	given := 0
	for _, node := range []yaml.Node{value, body, bytes} {
		if node.Kind != 0 {
			given++
		}
	}
	switch {
	case given > 1:
		err = severalBodies(of)
	case value.Kind != 0:
		c.JSON.Given = true
		c.JSON.Value, err = jsonValue(&value)
	case body.Kind != 0:
		err = c.Texts.UnmarshalYAML(&body)
	case bytes.Kind != 0:
		var text []byte
		text, err = base64.StdEncoding.DecodeString(bytes.Value)
		c.Texts = Spellings{string(text)}
	}
	return c, err
}

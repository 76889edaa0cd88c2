package published_test

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

// response is the Response Object for a status, nil where none is declared.
func (op *operation) response(status int) map[string]any {
	code := strconv.Itoa(status)
	declared := object(op.node["responses"])
	for _, name := range []string{code, code[:1] + "XX", code[:1] + "xx", "default"} {
		if r, ok := declared[name]; ok {
			if found := object(op.api.follow(r)); found != nil {
				return found
			}
			return map[string]any{}
		}
	}
	return nil
}

// success is the first declared answer of success.
func (op *operation) success() map[string]any {
	for _, name := range sortedKeys(object(op.node["responses"])) {
		if strings.HasPrefix(name, "2") || name == "default" {
			return object(op.api.follow(object(op.node["responses"])[name]))
		}
	}
	return nil
}

// content is the media type that a response has, JSON where it can, and its schema.
func (op *operation) content(response map[string]any) (media string, schema any) {
	if op.api.isSwagger() {
		if response["schema"] == nil {
			return "", nil
		}
		for _, name := range op.produces {
			if name, _ := name.(string); isJSON(name) {
				return name, response["schema"]
			}
		}
		return "application/json", response["schema"]
	}
	content := object(response["content"])
	return preferred(content)
}

func preferred(content map[string]any) (media string, schema any) {
	names := sortedKeys(content)
	i := slices.IndexFunc(names, isJSON)
	if i < 0 && len(names) > 0 {
		i = 0
	}
	if i < 0 {
		return "", nil
	}
	media = names[i]
	if strings.Contains(media, "*") {
		media = "application/json"
	}
	return media, get(content[names[i]], "schema")
}

func isJSON(media string) bool {
	name, _, err := mime.ParseMediaType(media)
	return err == nil && (name == "application/json" || strings.HasSuffix(name, "+json"))
}

// requestSchema is what the operation says of a body of that media type; empty takes
// the first one.
func (op *operation) requestSchema(media string) (name string, raw any) {
	if op.api.isSwagger() {
		return op.swaggerBody(media)
	}
	content := object(op.body["content"])
	if media == "" {
		media, _ = preferred(content)
	}
	bare, _, _ := mime.ParseMediaType(media)
	for declared, entry := range content {
		if one, _, _ := mime.ParseMediaType(declared); one == bare || declared == "*/*" {
			return media, get(entry, "schema")
		}
	}
	return media, nil
}

// swaggerBody is the parameter in: body, or a form of the parameters in: formData.
func (op *operation) swaggerBody(media string) (name string, raw any) {
	if media == "" && len(op.consumes) > 0 {
		media, _ = op.consumes[0].(string)
	}
	members := map[string]any{}
	for _, p := range op.parameters {
		switch text(p, "in") {
		case "body":
			return media, p["schema"]
		case "formData":
			members[text(p, "name")] = p
		}
	}
	return media, map[string]any{"type": "object", "properties": members}
}

// declared is the Parameter Object of that name and place.
func (op *operation) declared(name, in string) map[string]any {
	for _, p := range op.parameters {
		if text(p, "in") == in && (text(p, "name") == name || in == "header" && strings.EqualFold(text(p, "name"), name)) {
			return p
		}
	}
	return nil
}

// parameterSchema is what it says of the value.
func (op *operation) parameterSchema(p map[string]any) schema {
	raw := p["schema"]
	if op.api.isSwagger() {
		raw = p
	}
	if content := object(p["content"]); len(content) > 0 {
		_, raw = preferred(content)
	}
	if raw == nil {
		return nil
	}
	return read(raw, op.api, 0)
}

// uses are what the operations ask of the values that expressions name as a whole.
func (d *document) uses() map[string]schema {
	found := map[string]schema{}
	add := func(e string, s schema) {
		if whole.MatchString(e) && !found[e].contradicts(s) {
			found[e] = append(found[e][:len(found[e]):len(found[e])], s...)
		}
	}
	for _, s := range d.steps {
		if s.operation == nil {
			continue
		}
		for _, p := range s.parameters {
			if e, ok := p.value.(string); ok {
				add(e, s.operation.parameterSchema(s.operation.declared(p.name, p.in)))
			}
		}
		if s.hasBody {
			_, raw := s.operation.requestSchema(s.contentType)
			walk(s.body, read(raw, s.operation.api, 0), add)
		}
	}
	return found
}

// headers are the expressions that go into headers, which carry less than the rest of
// a request.
func (d *document) headers() map[string]bool {
	found := map[string]bool{}
	for _, s := range d.steps {
		for _, p := range s.parameters {
			if p.in == "header" {
				for _, e := range embedded.FindAllString(textOf(p.value), -1) {
					found[e] = true
				}
			}
		}
	}
	return found
}

func walk(v any, s schema, add func(string, schema)) {
	switch x := v.(type) {
	case string:
		add(x, s)
	case []any:
		for _, item := range x {
			walk(item, s.items(0), add)
		}
	case map[string]any:
		for _, name := range sortedKeys(x) {
			one, _ := s.property(name, 0)
			walk(x[name], one, add)
		}
	}
}

func (d *document) inputSchema() schema { return read(any(d.inputs), nil, 0) }

// makeInputs gives every input a value that fits where it is used, or only those that
// are required.
func (d *document) makeInputs(further map[string]schema, onlyRequired bool) map[string]any {
	g := &generator{request: true}
	made := map[string]any{}
	names, required := d.inputSchema().properties()
	for _, name := range names {
		s, _ := d.inputSchema().property(name, 0)
		if onlyRequired && !slices.Contains(required, name) {
			continue
		}
		if more := further["$inputs."+name]; !s.contradicts(more) {
			s = append(s[:len(s):len(s)], more...)
		}
		g.wild = !d.inHeaders["$inputs."+name]
		made[name] = g.value(s, name, 1)
	}
	return made
}

// withDefaults are the inputs as the workflow sees them.
func (d *document) withDefaults(given map[string]any) map[string]any {
	all := map[string]any{}
	for name, raw := range object(d.inputs["properties"]) {
		if preset, ok := object(raw)["default"]; ok {
			all[name] = preset
		}
	}
	for name, value := range given {
		all[name] = value
	}
	return all
}

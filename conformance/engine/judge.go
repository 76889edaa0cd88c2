package engine

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
)

// Judge compares what was seen with what the case expects. Each complaint is a line;
// none means that the runner did what the document says.
func (c *Case) Judge(requests []Recorded, report Report) []string {
	var j judge
	for i, want := range c.Requests {
		if i >= len(requests) {
			j.add("request %d was not sent: %s %s", i+1, want.Method, want.Target[0])
			continue
		}
		j.request(fmt.Sprintf("request %d", i+1), want, requests[i])
	}
	for i, got := range requests[min(len(requests), len(c.Requests)):] {
		j.add("request %d is one too many: %s %s", len(c.Requests)+i+1, got.Method, got.Target)
	}
	j.report(c, report)
	return j.complaints
}

// judge collects complaints.
type judge struct{ complaints []string }

func (j *judge) add(format string, values ...any) {
	j.complaints = append(j.complaints, fmt.Sprintf(format, values...))
}

func (j *judge) differ(what, want, got string) {
	j.add("%s:\n  want %s\n  got  %s", what, want, got)
}

func (j *judge) report(c *Case, got Report) {
	unclear := got.Verdict == Unsuccessful && c.Verdict != Succeeded
	if got.Verdict != c.Verdict && !unclear {
		j.differ("the verdict", string(c.Verdict), string(got.Verdict))
	}
	if c.Failing != "" && got.Failing != "" && got.Failing != c.Failing {
		j.differ("the failing step", c.Failing, got.Failing)
	}
	want := c.Outputs
	if want == nil && c.Verdict != Succeeded {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, ok := got.Outputs[name]
		if !ok {
			j.add("the output %s is missing", name)
		} else if !same(want[name], value) {
			j.differ("the output "+name, shown(want[name]), shown(value))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got.Outputs)) {
		if _, ok := want[name]; !ok {
			j.add("the output %s is one too many: %s", name, shown(got.Outputs[name]))
		}
	}
}

func (j *judge) request(which string, want Request, got Recorded) {
	if want.Server != got.Server {
		j.differ(which+", the server", want.Server, got.Server)
	}
	if want.Method != got.Method {
		j.differ(which+", the method", want.Method, got.Method)
	}
	if !slices.Contains(want.Target, got.Target) {
		j.differ(which+", the target", strings.Join(want.Target, " or "), got.Target)
	}
	for _, name := range slices.Sorted(maps.Keys(want.Headers)) {
		if values := got.Header.Values(name); !slices.Equal(values, want.Headers[name]) {
			j.differ(which+", the header "+name, strings.Join(want.Headers[name], " | "), strings.Join(values, " | "))
		}
	}
	for _, name := range want.Absent {
		if values := got.Header.Values(name); len(values) > 0 {
			j.add("%s, the header %s was sent: %s", which, name, strings.Join(values, " | "))
		}
	}
	if want.Content.Parts != nil {
		j.multipart(which, want.Content.Parts, got)
		return
	}
	j.content(which+", the body", want.Content, got.Body)
}

func (j *judge) content(what string, want Content, got []byte) {
	switch {
	case want.JSON.Given:
		value, err := decodeJSON(got)
		if err != nil {
			j.add("%s is not JSON (%v): %q", what, err, got)
		} else if !same(want.JSON.Value, value) {
			j.differ(what, shown(want.JSON.Value), shown(value))
		}
	case len(want.Texts) > 0 && !slices.Contains(want.Texts, string(got)):
		j.differ(what, fmt.Sprintf("%q", want.Texts), fmt.Sprintf("%q", got))
	case len(want.Texts) == 0 && len(got) > 0:
		j.add("%s: there should be none: %q", what, got)
	}
}

func (j *judge) multipart(which string, want []Part, got Recorded) {
	media, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(media, "multipart/") {
		j.differ(which+", the header Content-Type", "multipart/form-data with a boundary", got.Header.Get("Content-Type"))
		return
	}
	if bytes.Contains(got.Body, []byte("--"+parameters["boundary"]+"\n")) { // which the reader takes too (RFC 2046, section 5.1.1)
		j.add("%s, the parts are not divided by lines that end with CRLF", which)
	}
	reader := multipart.NewReader(bytes.NewReader(got.Body), parameters["boundary"])
	for i := 0; ; i++ {
		part, err := reader.NextRawPart()
		if err == io.EOF && i >= len(want) {
			return
		}
		name := fmt.Sprintf("%s, part %d", which, i+1)
		switch {
		case err == io.EOF:
			j.add("%s was not sent: %s", name, want[i].Name)
			return
		case err != nil:
			j.add("%s cannot be read: %v", name, err)
			return
		case i >= len(want):
			j.add("%s is one too many: %s", name, part.FormName())
			return
		}
		j.part(name, want[i], part)
	}
}

func (j *judge) part(name string, want Part, got *multipart.Part) {
	if got.FormName() != want.Name {
		j.differ(name+", its name", want.Name, got.FormName())
	}
	if got.FileName() != want.Filename {
		j.differ(name+", its filename", want.Filename, got.FileName())
	}
	if media := got.Header.Get("Content-Type"); want.Type != "" && media != want.Type {
		j.differ(name+", its type", want.Type, media)
	}
	body, err := io.ReadAll(io.LimitReader(got, largestBody))
	if err != nil {
		j.add("%s cannot be read: %v", name, err)
		return
	}
	j.content(name, want.Content, body)
}

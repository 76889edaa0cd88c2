package rule_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/rule"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// unshown are the rules of which docs/rules.md has no example, with the reason.
var unshown = map[string]string{
	"arazzo/document-too-large": "an example would have 64 MiB",
	"arazzo/forbidden-source":   "only documents from the web are confined",
	"arazzo/insecure-source":    "nothing is read from the web here",
	"arazzo/not-asyncapi":       "a source is read as what its text looks like",
	"arazzo/not-openapi":        "a source is read as what its text looks like",
	"arazzo/not-utf8":           "the page itself is UTF-8",
	"arazzo/too-many-documents": "an example would have a hundred files",
}

// TestRulesPage holds docs/rules.md to the table, and its examples to what it says
// of them: a bad one breaks its rule, and those that its fence names besides; a
// good one breaks neither the rule nor any that is an error.
func TestRulesPage(t *testing.T) {
	t.Parallel()
	p := readPage(t)
	var listed []string
	for _, r := range rule.Rules {
		listed = append(listed, r.Code)
	}
	var shown []string
	for _, s := range p.sections {
		shown = append(shown, s.code)
	}
	if diff := cmp.Diff(listed, shown); diff != "" {
		t.Fatalf("the table and the sections of the page differ (-table +page):\n%s", diff)
	}
	for i, s := range p.sections {
		t.Run(strings.TrimPrefix(s.code, "arazzo/"), func(t *testing.T) {
			t.Parallel()
			if want := attributes(rule.Rules[i]); s.attributes != want || s.prose == "" {
				t.Errorf("the section begins with %q, want %q and a reason after it", s.attributes, want)
			}
			p.judge(t, s)
		})
	}
}

// attributes is the line below a section's heading.
func attributes(r rule.Rule) string {
	parts := []string{string(r.Severity)}
	if r.Basis != "-" {
		parts = append(parts, r.Basis)
	}
	if r.Dialect {
		parts = append(parts, "dialect")
	}
	return "*" + strings.Join(parts, "; ") + "*"
}

func (p *page) judge(t *testing.T, s section) {
	t.Helper()
	kinds := ""
	for _, e := range s.examples {
		kinds += e.kind + " "
		found := p.validate(t, e)
		text := e.text + "\n" + rendered(nil, found)
		codes := codesOf(found)
		switch {
		case e.kind == "good" && slices.Contains(codes, s.code), e.kind == "good" && found.Failed():
			t.Errorf("the good example breaks a rule:\n%s", text)
		case e.kind == "bad":
			want := append([]string{s.code}, e.codes...)
			slices.Sort(want)
			if diff := cmp.Diff(want, codes); diff != "" {
				t.Errorf("the bad example breaks other rules than it says (-want +got):\n%s\n%s", diff, text)
			}
		}
	}
	if want := map[bool]string{true: "", false: "bad good "}[unshown[s.code] != ""]; kinds != want {
		t.Errorf("the examples are %q, want %q", kinds, want)
	}
}

func codesOf(found source.Diagnostics) []string {
	var codes []string
	for _, d := range found {
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// filePattern is the line of an example that begins another file.
var filePattern = regexp.MustCompile(`(?m)^# ([a-z-]+\.yml)\n`)

// validate completes an example to a document, and validates that.
func (p *page) validate(t *testing.T, e example) source.Diagnostics {
	files := maps.Clone(p.sources)
	for m := filePattern.FindAllStringSubmatchIndex(e.text, -1); len(m) > 0; m = m[:len(m)-1] {
		last := m[len(m)-1]
		files[e.text[last[2]:last[3]]], e.text = e.text[last[1]:], e.text[:last[0]]
	}
	entry := "example." + e.language
	switch {
	case strings.HasPrefix(e.text, "openapi:") && !e.whole:
		files["pets.yml"], files[entry] = e.text, p.frame
	case e.whole:
		files[entry] = e.text
	default:
		files[entry] = p.complete(e.text)
	}
	before, found := newLibrary(t, files).validate(entry)
	return append(before, found...)
}

var topKey = regexp.MustCompile(`(?m)^([$A-Za-z-]+):`)

// block is one field of a document, with its lines.
type block struct{ key, text string }

func blocks(text string) []block {
	var found []block
	starts := topKey.FindAllStringSubmatchIndex(text, -1)
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		found = append(found, block{text[m[2]:m[3]], text[m[0]:end]})
	}
	return found
}

// complete puts an example's fields into the frame: those of a document in place
// of the frame's, others into its workflow.
func (p *page) complete(text string) string {
	given := map[string]bool{}
	var document, workflow strings.Builder
	for _, b := range blocks(text) {
		given[b.key] = true
		if slices.Contains([]string{"arazzo", "$self", "info", "sourceDescriptions", "workflows", "components"}, b.key) || strings.HasPrefix(b.key, "x-") {
			document.WriteString(b.text)
			continue
		}
		for line := range strings.Lines(b.text) {
			fmt.Fprintf(&workflow, "  %s", line)
		}
	}
	if workflow.Len() > 0 {
		given["workflows"] = true
		document.WriteString("workflows:\n- workflowId: example\n" + workflow.String())
	}
	head := ""
	for _, b := range blocks(p.frame) {
		if !given[b.key] {
			head += b.text
		}
	}
	return head + document.String()
}

// page is docs/rules.md.
type page struct {
	frame    string
	sources  map[string]string
	sections []section
}

type section struct {
	code, attributes, prose string
	examples                []example
}

// example is a fenced block, and what its fence says of it.
type example struct {
	language, kind, text string
	whole                bool
	// codes are those that the example breaks besides its section's.
	codes []string
}

var (
	headingPattern = regexp.MustCompile("^## `([^`]+)`$")
	fencePattern   = regexp.MustCompile("^```(yaml|json) (.*)$")
)

func readPage(t testing.TB) *page {
	t.Helper()
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	p := &page{sources: map[string]string{}}
	lines := strings.Split(string(text), "\n")
	for i := 0; i < len(lines); i++ {
		if m := headingPattern.FindStringSubmatch(lines[i]); m != nil {
			p.sections = append(p.sections, section{code: m[1]})
			continue
		}
		m := fencePattern.FindStringSubmatch(lines[i])
		if m == nil {
			p.prose(lines[i])
			continue
		}
		end := i + 1 + slices.Index(lines[i+1:], "```")
		p.block(m[1], strings.Fields(m[2]), strings.Join(lines[i+1:end], "\n")+"\n")
		i = end
	}
	return p
}

func (p *page) prose(line string) {
	if len(p.sections) == 0 || line == "" {
		return
	}
	s := &p.sections[len(p.sections)-1]
	if s.attributes == "" {
		s.attributes = line
		return
	}
	s.prose += line
}

func (p *page) block(language string, words []string, text string) {
	switch kind := words[0]; kind {
	case "frame":
		p.frame = text
	case "bad", "good":
		e := example{language: language, kind: kind, text: text, whole: language == "json"}
		for _, word := range words[1:] {
			if word == "whole" {
				e.whole = true
			} else {
				e.codes = append(e.codes, word)
			}
		}
		s := &p.sections[len(p.sections)-1]
		s.examples = append(s.examples, e)
	default:
		p.sources[kind] = text
	}
}

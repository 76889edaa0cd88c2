package conformance

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/conformance/report"
)

// The fixture: the tables that the cases need, and the Prisma schema of them.
var (
	//go:embed fixture.sql
	FixtureSQL string
	//go:embed fixture.prisma
	FixtureSchema string
)

//go:embed cases/*.yml
var documents embed.FS

// Case is one workflow that an implementation is judged by.
type Case struct {
	// ID is FILE/WORKFLOW, such as pulse-create/twice.
	ID string `yaml:"id"`
	// Title is what an implementation does, in a sentence.
	Title string `yaml:"-"`
	// Requirements are the ids of what it proves.
	Requirements []string     `yaml:"requirement"`
	Level        report.Level `yaml:"level"`
	// Features are what a target has to declare for it; a core case has none.
	Features []string `yaml:"features"`
	// Condition is how the target has to be started; empty where any will do.
	Condition Condition `yaml:"condition"`
	// Alone is true when nothing else may be asked of the target meanwhile.
	Alone bool `yaml:"alone"`

	file, workflow string
	// apis and inputs are what the document and the workflow name.
	apis, inputs []string
}

// document is as much of an Arazzo document as the suite reads by itself.
type document struct {
	SourceDescriptions []struct {
		URL string `yaml:"url"`
	} `yaml:"sourceDescriptions"`
	Workflows []struct {
		ID      string    `yaml:"workflowId"`
		Summary string    `yaml:"summary"`
		Block   yaml.Node `yaml:"x-conformance"`
		Inputs  struct {
			Properties map[string]any `yaml:"properties"`
		} `yaml:"inputs"`
	} `yaml:"workflows"`
}

// Cases lists the cases by their ids. No case is an error.
func Cases() ([]Case, error) {
	cases, err := loaded()
	return slices.Clone(cases), err
}

// loaded are the cases, which are read once.
var loaded = sync.OnceValues(load)

func load() ([]Case, error) {
	files, err := documents.ReadDir("cases")
	if err != nil {
		return nil, fmt.Errorf("listing the cases: %w", err)
	}
	var cases []Case
	var faults []error
	for _, file := range files {
		if strings.HasSuffix(file.Name(), descriptionSuffix) {
			continue
		}
		found, err := casesOf(file.Name())
		if err != nil {
			faults = append(faults, fmt.Errorf("cases/%s: %w", file.Name(), err))
		}
		cases = append(cases, found...)
	}
	if len(cases) == 0 {
		faults = append(faults, errors.New("there is no case"))
	}
	slices.SortFunc(cases, func(a, b Case) int { return strings.Compare(a.ID, b.ID) })
	return cases, errors.Join(faults...)
}

// casesOf reads the cases of one document.
func casesOf(file string) ([]Case, error) {
	text, err := documents.ReadFile("cases/" + file)
	if err != nil {
		return nil, err
	}
	var d document
	if err := yaml.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	var cases []Case
	for _, w := range d.Workflows {
		if w.Block.IsZero() {
			continue
		}
		c := Case{file: file, workflow: w.ID, Title: w.Summary}
		if err := strictly(&w.Block, &c); err != nil {
			return nil, fmt.Errorf("workflow %s: x-conformance: %w", w.ID, err)
		}
		for _, s := range d.SourceDescriptions {
			c.apis = append(c.apis, path.Base(s.URL))
		}
		for name := range w.Inputs.Properties {
			c.inputs = append(c.inputs, name)
		}
		slices.Sort(c.inputs)
		cases = append(cases, c)
	}
	return cases, nil
}

// strictly decodes a node, in which what is not known is an error.
func strictly(node *yaml.Node, to any) error {
	text, err := yaml.Marshal(node)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	return decoder.Decode(to)
}

// Text is the text of the document that the case stands in.
func (c Case) Text() string {
	text, _ := documents.ReadFile("cases/" + c.file) // it was read before
	return string(text)
}

// Uses tells whether the case needs the API at a target: whether its document names
// one of that API's descriptions.
func (c Case) Uses(api API) bool {
	return slices.ContainsFunc(c.apis, func(file string) bool {
		return strings.HasPrefix(file, string(api)) || strings.HasPrefix(file, "prisma-"+string(api))
	})
}

// IsWhere tells whether the id of the case says where it stands.
func (c Case) IsWhere() bool {
	return c.ID == strings.TrimSuffix(c.file, path.Ext(c.file))+"/"+c.workflow
}

package engine

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Case is one case. Package documentation says what each field holds.
type Case struct {
	// Name is SECTION/NAME, from its file.
	Name string `yaml:"-"`

	Title       string                `yaml:"title"`
	Rows        []string              `yaml:"rows"`
	Level       Level                 `yaml:"level"`
	Pick        string                `yaml:"pick"`
	Dialect     string                `yaml:"dialect"`
	Version     string                `yaml:"version"`
	Document    string                `yaml:"document"`
	Sources     map[string]string     `yaml:"sources"`
	Workflow    string                `yaml:"workflow"`
	Inputs      Object                `yaml:"inputs"`
	Credentials map[string]Credential `yaml:"credentials"`
	Replies     []Reply               `yaml:"replies"`
	Requests    []Request             `yaml:"requests"`
	Verdict     Verdict               `yaml:"verdict"`
	Failing     string                `yaml:"failing"`
	// Outputs is nil where the case has none.
	Outputs Object `yaml:"outputs"`

	text []byte
}

// Level is how binding the behaviour is.
type Level string

// The levels.
const (
	Must      Level = "must"
	Should    Level = "should"
	May       Level = "may"
	Behaviour Level = "behaviour"
	Position  Level = "position"
)

// Verdict is how a workflow ended.
type Verdict string

// The verdicts. Unsuccessful is a runner's alone: failed or refused, it does not
// say which.
const (
	Succeeded    Verdict = "succeeded"
	Failed       Verdict = "failed"
	Refused      Verdict = "refused"
	Unsuccessful Verdict = "unsuccessful"
)

// Credential is what meets a security scheme: a value, or what a grant needs.
type Credential struct {
	Value        string `yaml:"-"`
	ClientID     string `yaml:"clientId"`
	ClientSecret string `yaml:"clientSecret"`
	Username     string `yaml:"username"`
	Password     string `yaml:"password"`
}

// UnmarshalYAML reads a text or the parts of a grant.
func (c *Credential) UnmarshalYAML(node *yaml.Node) error {
	type grant Credential
	if node.Kind == yaml.ScalarNode {
		c.Value = node.Value
		return nil
	}
	return strictly(node, (*grant)(c))
}

//go:embed cases sources
var files embed.FS

// Load reads all cases, sorted by name.
func Load() ([]*Case, error) {
	var cases []*Case
	var faults []error
	err := fs.WalkDir(files, "cases", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		c, err := Parse(strings.TrimSuffix(strings.TrimPrefix(name, "cases/"), ".yml"), text)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
		cases = append(cases, c)
		return nil
	})
	return cases, errors.Join(append(faults, err)...)
}

// Parse reads the text of one case and checks that it is whole.
func Parse(name string, text []byte) (*Case, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	if len(root.Content) != 1 {
		return nil, errors.New("the file is empty")
	}
	c := &Case{Name: name, text: text}
	if err := strictly(root.Content[0], c); err != nil {
		return nil, err
	}
	if c.Workflow == "" {
		c.Workflow = "w"
	}
	return c, errors.Join(c.faults()...)
}

// Section is the folder of the case.
func (c *Case) Section() string { return path.Dir(c.Name) }

// addresses writes the servers' hosts and ports in place of the names that cases have.
func addresses(api, other string) *strings.Replacer {
	return strings.NewReplacer("api.test", api, "other.test", other)
}

// source is the text of a file beside the document.
func source(given string) (string, error) {
	if strings.Contains(given, "\n") {
		return given, nil
	}
	text, err := files.ReadFile("sources/" + given)
	return string(text), err
}

var (
	rowForm     = regexp.MustCompile(`^S-\d{3}$`)
	dialectForm = regexp.MustCompile(`^D\d{1,2}$`)
	nameForm    = regexp.MustCompile(`^[a-z-]+/[a-z0-9_]+$`)
	versionForm = regexp.MustCompile(`(?m)^[{"\s]*arazzo"?:\s*["']?([0-9.]+)`)
)

// faults are what the case lacks or contradicts itself in.
func (c *Case) faults() []error {
	var found []error
	check := func(ok bool, format string, values ...any) {
		if !ok {
			found = append(found, fmt.Errorf(format, values...))
		}
	}
	said := versionForm.FindStringSubmatch(c.Document)
	notForm := func(form *regexp.Regexp) func(string) bool {
		return func(text string) bool { return !form.MatchString(text) }
	}
	check(nameForm.MatchString(c.Name), "its name %q is not SECTION/NAME in small letters", c.Name)
	check(c.Title != "" && !strings.Contains(c.Title, "\n"), "it needs a title of one line")
	check(len(c.Rows) > 0 && !slices.ContainsFunc(c.Rows, notForm(rowForm)), "rows %q are not S-NNN", c.Rows)
	check(slices.Contains([]Level{Must, Should, May, Behaviour, Position}, c.Level), "there is no level %q", c.Level)
	check((c.Level == Position) == (c.Pick != ""), "a position has a pick, and nothing else has")
	check(c.Dialect == "" || dialectForm.MatchString(c.Dialect) && c.Level == Position, "a dialect is D1 to D19, and a position")
	check(said != nil && said[1] == c.Version, "the document is not of the version %q", c.Version)
	check(slices.Contains([]Verdict{Succeeded, Failed, Refused}, c.Verdict), "there is no verdict %q", c.Verdict)
	check(len(c.Replies) == len(c.Requests), "there are %d replies for %d requests", len(c.Replies), len(c.Requests))
	check(c.Verdict != Refused || len(c.Requests) == 0 && c.Outputs == nil && c.Failing == "", "nothing comes of what is refused")
	check(c.Failing == "" || c.Verdict == Failed, "a step is failing where the verdict is failed")
	for name, given := range c.Sources {
		_, err := source(given)
		check(err == nil && path.Base(name) == name, "the source %s: %v", name, err)
	}
	for i, r := range c.Requests {
		check(r.Method != "" && len(r.Target) > 0, "request %d needs a method and a target", i+1)
		check(r.Server == "api" || r.Server == "other", "request %d: there is no server %q", i+1, r.Server)
	}
	return found
}

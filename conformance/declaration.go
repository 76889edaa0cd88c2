package conformance

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Declaration is what an implementation says of itself: who it is, and which features
// it has. Its file is
//
//	implementation:
//	  name: my-pulse
//	  version: 1.2.3
//	  url: https://example.com/my-pulse
//	  contact: me@example.com
//	features: [filters, old-rows]
//
// of which the name is required.
type Declaration struct {
	Implementation struct {
		Name    string `yaml:"name"`
		Version string `yaml:"version"`
		URL     string `yaml:"url"`
		Contact string `yaml:"contact"`
	} `yaml:"implementation"`
	Features []string `yaml:"features"`
}

// ReadDeclaration reads a declaration. What it does not know is an error: a feature
// that is misspelt would leave out what is meant to be judged.
func ReadDeclaration(from io.Reader) (*Declaration, error) {
	d := &Declaration{}
	decoder := yaml.NewDecoder(from)
	decoder.KnownFields(true)
	if err := decoder.Decode(d); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("it is not as a features file is, implementation: {name, version, url, contact} and features: [...]: %s", ofGo.ReplaceAllString(err.Error(), ""))
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("it has more than one YAML document; expected one")
	}
	if d.Implementation.Name == "" {
		return nil, errors.New("implementation.name is missing: reports are headed by it")
	}
	for _, feature := range d.Features {
		if _, known := Features[feature]; !known {
			return nil, unknownFeature(feature)
		}
	}
	slices.Sort(d.Features)
	d.Features = slices.Compact(d.Features)
	return d, nil
}

// ofGo is what the reader of YAML tells of the program, which is for nobody here.
var ofGo = regexp.MustCompile(` in type (struct \{.*\}|[a-z]+\.[A-Za-z]+)| into (struct \{.*\}|[a-z]+\.[A-Za-z]+)`)

func unknownFeature(feature string) error {
	all := slices.Sorted(maps.Keys(Features))
	if near := source.Nearest(feature, all); len(near) > 0 {
		return fmt.Errorf("there is no feature %s: is %s meant?", feature, strings.Join(near, " or "))
	}
	return fmt.Errorf("there is no feature %s: they are %s", feature, strings.Join(all, ", "))
}

// lacks says why the target cannot be asked of a case: it does not declare the features
// of it. Without a declaration all is asked, for to leave out what nobody spoke of
// would be a green that means nothing; but who has one key has one environment.
func (o *Options) lacks(c Case) string {
	for _, feature := range c.Features {
		switch {
		case o.Declaration != nil && !slices.Contains(o.Declaration.Features, feature):
			return fmt.Sprintf("the feature %s is not declared: %s", feature, Features[feature])
		case feature == environmentsFeature && o.Target.OtherAPIKey == "":
			return fmt.Sprintf("the feature %s needs the key of a second environment: --%s", feature, otherKeyFlag)
		case o.RowsBySQL && slices.Contains(queried, feature):
			return fmt.Sprintf("the feature %s needs an Accelerate that the rows are written through, and --%s names none", feature, accelerateFlag)
		}
	}
	if o.Target.PulseURL == "" && c.Uses(Pulse) {
		return "it asks Pulse as well, and --pulse names none"
	}
	return ""
}

// queried are the features that a source of rows by SQL does not have.
var queried = []string{"aggregates", "nested-writes", "queries", "relations"}

// environmentsFeature is the one that takes more of who asks than a name.
const environmentsFeature = "environments"

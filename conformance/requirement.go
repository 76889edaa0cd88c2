package conformance

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/specs"
)

// Observation is how it can be seen whether an implementation meets a requirement.
type Observation string

// The observations. What is controlled needs a server that was started, or broken, on
// purpose.
const (
	BlackBox   Observation = "black-box"
	Controlled Observation = "controlled"
	Never      Observation = "never"
)

// Requirement is one testable statement of the two OpenAPI documents.
type Requirement struct {
	// ID is such as PULSE-CREATE-05.
	ID        string `yaml:"id"`
	Statement string `yaml:"statement"`
	// Place is where the statement is made: a file of package specs and a JSON Pointer
	// into it.
	Place string       `yaml:"place"`
	Level report.Level `yaml:"level"`
	// Feature is what an implementation declares that meets an extended requirement.
	Feature string `yaml:"feature"`
	// Position is what we take where the document is silent.
	Position string      `yaml:"position"`
	Observe  Observation `yaml:"observe"`
	// Reason says why a requirement is never observed.
	Reason string `yaml:"reason"`
}

// Requirements lists what is required, in the order of specs/requirements.yaml.
func Requirements() ([]Requirement, error) {
	var all []Requirement
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(specs.Requirements)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("reading specs/requirements.yaml: %w", err)
	}
	return all, nil
}

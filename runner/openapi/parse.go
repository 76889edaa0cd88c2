package openapi

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// parse turns the text into nodes. Aliases stay aliases: nothing is expanded.
func parse(file *source.File) (*yaml.Node, *source.Diagnostic) {
	whole := source.Position{File: file}
	if len(file.Text) > source.MaxBytes {
		return nil, &source.Diagnostic{
			Code: "document-too-large", Severity: source.Error, Position: whole,
			Message:  fmt.Sprintf("the OpenAPI description has %d bytes", len(file.Text)),
			Expected: fmt.Sprintf("at most %d bytes", source.MaxBytes),
			Fix:      "split the description, or keep only the operations the workflows use",
		}
	}
	if strings.HasPrefix(strings.TrimSpace(file.Text), "{") {
		if root, err := parseJSON(file.Text); err == nil {
			return root, nil
		}
		// It may still be YAML, whose flow style also starts with a brace.
	}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(file.Text), &node); err != nil {
		return nil, syntaxError(file, err)
	}
	if node.Kind != yaml.DocumentNode || len(node.Content) == 0 {
		return nil, notOpenAPI(whole, "the file is empty")
	}
	return target(node.Content[0]), nil
}

// yamlError is how the YAML parser words its errors; the line may be missing.
var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

func syntaxError(file *source.File, err error) *source.Diagnostic {
	d := &source.Diagnostic{
		Code: "yaml-syntax", Severity: source.Error, Position: source.Position{File: file},
		Message:  err.Error(),
		Expected: "well-formed YAML 1.2 or JSON",
		Fix:      "look at this line and the one above it: indentation, quotes, a missing colon",
	}
	if parts := yamlError.FindStringSubmatch(err.Error()); parts != nil {
		d.Message = parts[2]
		if line, err := strconv.Atoi(parts[1]); err == nil && line > 0 {
			d.Position.Line, d.Position.Column = line, 1
		}
	}
	return d
}

package conformance

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// bounds are the members of a document that say how long a case waits at the most.
var bounds = []string{"timeout", "retryLimit", "within", "idle", "linger"}

// scaled is a document whose bounds on time are multiplied. It keeps its lines.
func scaled(text string, timescale float64) string {
	if timescale == 1 {
		return text
	}
	var root yaml.Node
	if yaml.Unmarshal([]byte(text), &root) != nil {
		return text // the runner says what is wrong
	}
	lines := strings.Split(text, "\n")
	scale(&root, lines, timescale)
	return strings.Join(lines, "\n")
}

// scale writes the bounds below a node anew, the last ones of a line first: the
// columns of the others stay true.
func scale(node *yaml.Node, lines []string, timescale float64) {
	for i, child := range slices.Backward(node.Content) {
		scale(child, lines, timescale)
		if node.Kind != yaml.MappingNode || i%2 == 0 || !slices.Contains(bounds, node.Content[i-1].Value) {
			continue
		}
		given, err := strconv.Atoi(child.Value)
		if err != nil || child.Kind != yaml.ScalarNode {
			continue
		}
		line := lines[child.Line-1]
		at := child.Column - 1
		lines[child.Line-1] = line[:at] + strconv.Itoa(int(float64(given)*timescale+0.5)) + line[at+len(child.Value):]
	}
}

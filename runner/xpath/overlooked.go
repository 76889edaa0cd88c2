package xpath

import (
	"fmt"
	"strings"
)

// Overlooked tells which names without a prefix the expression cannot have found
// in n's document, because there they stand in a namespace only, and what to write
// instead. It is empty when there are none, whatever the expression came to: ask
// when it selected nothing, or where not() may have made a pass of that.
func (x *Expression) Overlooked(n *Node) string {
	inNone, elsewhere := map[string]bool{}, map[string]*Node{}
	for _, name := range x.names {
		elsewhere[name] = nil
	}
	root := n.root()
	for m := root.next(root); m != nil; m = m.next(root) {
		known, asked := elsewhere[m.local]
		switch {
		case !asked || m.kind != elementKind:
		case m.space == "":
			inNone[m.local] = true
		case known == nil:
			elsewhere[m.local] = m
		}
	}
	var sentences []string
	for _, name := range x.names {
		if found := elsewhere[name]; found != nil && !inNone[name] {
			sentences = append(sentences, found.instead())
		}
	}
	return strings.Join(sentences, "; ")
}

// instead says how an element in a namespace is asked for.
func (n *Node) instead() string {
	write := fmt.Sprintf("*[local-name() = '%s']", n.local)
	if meant := n.document.prefixes[n.prefix]; n.prefix != "" && meant.space == n.space {
		write = n.Name()
	}
	return fmt.Sprintf("%s is in the namespace %s in this document, and a name without prefix is in none: write %s", n.local, n.space, write)
}

package published_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
)

// generator makes values that schemas allow, the same ones each time. Texts and
// numbers differ from place to place, so that a value that ends up in a wrong place
// is found out.
type generator struct {
	// choice says which alternatives are taken, and sparse leaves out what is not
	// required.
	choice  int
	sparse  bool
	request bool
	// wild puts into texts what has a meaning in URLs and forms.
	wild  bool
	count int
	nodes int
}

const (
	deepest = 3   // of what is not required
	bottom  = 10  // of what is
	most    = 400 // nodes, after which only what is required is made
)

func (g *generator) value(s schema, name string, depth int) any {
	g.nodes++
	if values := s.enumeration(); len(values) > 0 {
		if i := slices.IndexFunc(values, func(v any) bool { return v != nil }); i >= 0 {
			return values[i]
		}
		return nil
	}
	kind := "string"
	if types := s.types(); len(types) > 0 {
		kind = types[0]
	}
	switch kind {
	case "object":
		return g.object(s, depth)
	case "array":
		return g.array(s, name, depth)
	case "integer", "number":
		return g.number(s)
	case "boolean":
		return true
	case "null":
		return nil
	default:
		return g.text(s, name)
	}
}

func (g *generator) object(s schema, depth int) any {
	members := map[string]any{}
	names, required := s.properties()
	for _, name := range names {
		one, _ := s.property(name, g.choice)
		isRequired := slices.Contains(required, name)
		wrongWay := g.request && one.says("readOnly") || !g.request && one.says("writeOnly")
		if wrongWay && (g.request || !isRequired) {
			continue
		}
		if isRequired && depth < bottom || !g.sparse && depth < deepest && g.nodes < most {
			members[name] = g.value(one, name, depth+1)
		}
	}
	for _, name := range required {
		if _, there := members[name]; !there && depth < bottom && !slices.Contains(names, name) {
			one, _ := s.property(name, g.choice)
			members[name] = g.value(one, name, depth+1)
		}
	}
	for i := len(members); i < whole64(s.first("minProperties"), 0) || i == 0 && s.isMap() && !g.sparse && depth < deepest; i++ {
		key := fmt.Sprintf("key%d", i+1)
		one, _ := s.property(key, g.choice)
		members[key] = g.value(one, key, depth+1)
	}
	return members
}

// isMap tells an object that has no members of its own but may have any.
func (s schema) isMap() bool {
	names, _ := s.properties()
	return len(names) == 0 && object(s.first("additionalProperties")) != nil
}

func (g *generator) array(s schema, name string, depth int) any {
	least := whole64(s.first("minItems"), 0)
	count := max(1, least)
	if least == 0 && (g.sparse || depth >= bottom) {
		count = 0
	}
	count = min(count, whole64(s.first("maxItems"), count), 20)
	items := make([]any, 0, count)
	one := s.items(g.choice)
	for i := range count {
		if values := one.enumeration(); len(values) > i {
			items = append(items, values[i])
			continue
		}
		items = append(items, g.value(one, name, depth+1))
	}
	return items
}

func whole64(v any, otherwise int) int {
	n, ok := v.(json.Number)
	if !ok {
		return otherwise
	}
	i, err := strconv.Atoi(n.String())
	if err != nil {
		return otherwise
	}
	return i
}

// number is a whole one where the limits let it.
func (g *generator) number(s schema) any {
	g.count++
	low, high := math.Inf(-1), math.Inf(1)
	step := 1.0
	for _, p := range s {
		if n, ok := float(p.raw["minimum"]); ok {
			low = max(low, n)
			if p.raw["exclusiveMinimum"] == true {
				low++
			}
		}
		if n, ok := float(p.raw["maximum"]); ok {
			high = min(high, n)
			if p.raw["exclusiveMaximum"] == true {
				high--
			}
		}
		if n, ok := float(p.raw["exclusiveMinimum"]); ok {
			low = max(low, n+1)
		}
		if n, ok := float(p.raw["exclusiveMaximum"]); ok {
			high = min(high, n-1)
		}
		if n, ok := float(p.raw["multipleOf"]); ok && n >= 1 {
			step = n
		}
	}
	n := float64(100+g.count) * step
	if n > high || n < low {
		switch {
		case !math.IsInf(low, 0):
			n = math.Ceil(low/step) * step
		default:
			n = math.Floor(high/step) * step
		}
	}
	if n > high && !math.IsInf(low, 0) {
		n = (low + high) / 2
	}
	return json.Number(strconv.FormatFloat(n, 'f', -1, 64))
}

func float(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

func (g *generator) text(s schema, name string) any {
	g.count++
	if pattern, ok := s.first("pattern").(string); ok {
		least := whole64(s.first("minLength"), 0)
		if made, ok := g.matching(pattern, least, whole64(s.first("maxLength"), least+6)); ok {
			return made
		}
	}
	format, _ := s.first("format").(string)
	if made := g.formatted(format); made != "" {
		return made
	}
	made := fmt.Sprintf("%s-%d", name, g.count)
	if g.wild && s.first("maxLength") == nil {
		return made + " +&=/?#%41\"é"
	}
	if longest := whole64(s.first("maxLength"), len(made)); len(made) > longest {
		made = strings.TrimLeft(made[len(made)-longest:], "-")
	}
	for least := whole64(s.first("minLength"), 0); len(made) < least; {
		made += "x"
	}
	return made
}

func (g *generator) formatted(format string) string {
	n := g.count
	switch format {
	case "date-time":
		return fmt.Sprintf("2026-01-%02dT%02d:%02d:00Z", 1+n%28, n/60%24, n%60)
	case "date":
		return fmt.Sprintf("20%02d-%02d-%02d", 10+n%80, 1+n%12, 1+n%28)
	case "time":
		return fmt.Sprintf("%02d:%02d:00Z", n/60%24, n%60)
	case "uuid":
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	case "email":
		return fmt.Sprintf("person%d@example.com", n)
	case "uri", "url", "iri", "uri-reference":
		return fmt.Sprintf("https://example.com/%d", n)
	case "hostname":
		return fmt.Sprintf("host%d.example.com", n)
	case "ipv4", "ip":
		return fmt.Sprintf("192.0.2.%d", n%256)
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", n)
	case "byte":
		return "QUJD"
	case "duration":
		return fmt.Sprintf("PT%dS", n)
	}
	return ""
}

// matching makes a text that a regular expression matches, of so many characters
// where it lets it.
func (g *generator) matching(pattern string, least, longest int) (string, bool) {
	parsed, err := syntax.Parse(strings.ReplaceAll(pattern, `\/`, "/"), syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	g.match(&b, parsed, max(least, min(longest, 6)))
	return b.String(), true
}

func (g *generator) match(b *strings.Builder, r *syntax.Regexp, least int) {
	switch r.Op {
	case syntax.OpLiteral:
		b.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		b.WriteRune(g.oneOf(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpConcat:
		for _, sub := range r.Sub {
			g.match(b, sub, least)
		}
	case syntax.OpCapture:
		g.match(b, r.Sub[0], least)
	case syntax.OpAlternate:
		g.match(b, r.Sub[0], least)
	case syntax.OpPlus, syntax.OpStar:
		for count := 0; b.Len() < least || r.Op == syntax.OpPlus && count == 0; count++ {
			before := b.Len()
			if g.match(b, r.Sub[0], 0); b.Len() == before {
				return
			}
		}
	case syntax.OpRepeat:
		for range max(r.Min, min(1, r.Max)) {
			g.match(b, r.Sub[0], 0)
		}
	}
}

// oneOf takes a character of a class: a letter or digit where it has one.
func (g *generator) oneOf(class []rune) rune {
	var candidates []rune
	for i := 0; i+1 < len(class); i += 2 {
		for r := class[i]; r <= class[i+1] && r < 128; r++ {
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				candidates = append(candidates, r)
			}
		}
	}
	if len(candidates) == 0 {
		return class[0]
	}
	g.count = g.count*7 + 1
	if g.count > 1<<20 {
		g.count %= 1 << 10
	}
	return candidates[g.count%len(candidates)]
}

package openapi

import "strings"

// styles are the styles each place allows, its default first. See
// [edition.styles] for those of one version.
var styles = map[string][]string{
	"path":     {"simple", "label", "matrix"},
	"query":    {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header":   {"simple"},
	"cookie":   {"form", "cookie"},
	"formData": {"brackets", "form", "spaceDelimited", "pipeDelimited", "deepObject"},
}

// notation is how one style puts a value's parts together: the columns of the
// table in RFC 6570, appendix A.
type notation struct {
	// first opens the whole, between stands between exploded parts, list between
	// parts that are not exploded.
	first, between, list string
	// named styles write the name before a value; empty follows it when the
	// value is the empty text.
	named bool
	empty string
}

var notations = map[string]notation{
	"simple":         {between: ",", list: ","},
	"label":          {first: ".", between: ".", list: ","},
	"matrix":         {first: ";", between: ";", list: ",", named: true},
	"form":           {between: "&", list: ",", named: true, empty: "="},
	"spaceDelimited": {between: "&", list: "%20", named: true, empty: "="},
	"tabDelimited":   {between: "&", list: "%09", named: true, empty: "="},
	"pipeDelimited":  {between: "&", list: "%7C", named: true, empty: "="},
	"deepObject":     {between: "&", named: true, empty: "="},
	"brackets":       {between: "&", named: true, empty: "="}, // ours, see [Parameter.bracketed]
	"cookie":         {between: "; ", list: ",", named: true, empty: "="},
}

// delimiters divide a list in a header, where nothing is escaped. Elsewhere they are
// escaped, as they would be within a part.
var delimiters = map[string]string{"spaceDelimited": " ", "tabDelimited": "\t", "pipeDelimited": "|"}

// divider is what no part of several may have in it, since nothing would tell it from
// what stands between them; empty where parts are escaped.
func (p *Parameter) divider() string {
	delimiter, delimited := delimiters[p.Style]
	switch {
	case delimited && (!p.Explode || p.In == "header" || p.In == "path"):
		return delimiter
	case p.In == "header", p.In == "cookie" && p.Style == "cookie" && !p.Explode:
		return ","
	default:
		return ""
	}
}

// notation is the style's, with the separator that cookies need, and without the
// name where OpenAPI 2.0 has a delimited list in a path or header.
func (p *Parameter) notation() notation {
	n := notations[p.Style]
	delimiter, delimited := delimiters[p.Style]
	switch {
	case p.In == "cookie":
		n.between = "; "
	case p.In == "path" && delimited:
		return notation{between: n.list, list: n.list}
	case p.In == "header" && delimited:
		return notation{between: delimiter, list: delimiter}
	}
	return n
}

// joined makes one part of many, and none of none.
func (p *Parameter) joined(texts []string) []string {
	if len(texts) == 0 {
		return nil
	}
	return []string{p.pair(strings.Join(texts, p.notation().list))}
}

// pair puts the name before a text that is already escaped, where the style does.
func (p *Parameter) pair(text string) string {
	n := p.notation()
	if !n.named {
		return text
	}
	name := p.Name
	if p.In != "cookie" {
		name = percentEncode(name)
	}
	if text == "" {
		return name + n.empty
	}
	return name + "=" + text
}

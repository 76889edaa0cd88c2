package credential

import (
	"maps"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/secret"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// The members of a credential that has several, as names such as oauth.clientId
// have them, and the objects of a credentials file.
const (
	ClientID       = "clientId"
	ClientSecret   = "clientSecret"
	Username       = "username"
	Password       = "password"
	Scope          = "scope"
	TokenURL       = "tokenUrl"
	Authentication = "clientAuthentication"
)

// members are all of them; the public ones are no secrets.
var (
	members = []string{ClientID, ClientSecret, Username, Password, Scope, TokenURL, Authentication}
	public  = []string{ClientID, Username, Scope, TokenURL, Authentication}
)

// Given is what the caller gave, by name: SCHEME or SOURCE.SCHEME, or one of
// these with a member, such as SCHEME.clientId. It remembers what was asked for.
// It is not for concurrent use.
type Given struct {
	flags  map[string]string
	env    func(name string) (string, bool)
	file   *File
	layers []func(name string) string
	asked  map[string]bool
	// used are the names that asked for something that was given, taken those of
	// one demand.
	used  map[string]bool
	taken []string
}

// NewGiven knows the credentials of flags, then of the environment by the names
// of [secret.Environment], then of a file. env and file may be nil. An empty value
// is none.
func NewGiven(flags map[string]string, env func(name string) (string, bool), file *File) *Given {
	g := &Given{flags: flags, env: env, file: file, asked: map[string]bool{}, used: map[string]bool{}}
	g.layers = append(g.layers, func(name string) string { return flags[name] })
	if env != nil {
		g.layers = append(g.layers, func(name string) string {
			value, _ := env(secret.Environment(name))
			return value
		})
	}
	if file != nil {
		g.layers = append(g.layers, func(name string) string { return file.values[name] })
	}
	return g
}

// Secrets are the secret values of the flags and the file, whether or not
// anything asks for them.
func (g *Given) Secrets() []string {
	var list []string
	all := []map[string]string{g.flags}
	if g.file != nil {
		all = append(all, g.file.values)
	}
	for _, values := range all {
		for name, value := range values {
			if !slices.Contains(public, name[strings.LastIndexByte(name, '.')+1:]) {
				list = append(list, value)
			}
		}
	}
	slices.Sort(list)
	return list
}

// value finds what was given under the first of the names, layer by layer.
func (g *Given) value(names []string) string {
	for i := range g.layers {
		if value := g.inLayer(i, names); value != "" {
			return value
		}
	}
	return ""
}

// inLayer looks into one layer. A name is asked for when none before it gave
// anything there: of two flags for one thing the second has no effect.
func (g *Given) inLayer(layer int, names []string) string {
	for _, name := range names {
		g.asked[name] = true
		if value := g.layers[layer](name); value != "" {
			g.used[name], g.taken = true, append(g.taken, name)
			return value
		}
	}
	return ""
}

// Unused is a credential that nothing asks for.
type Unused struct {
	Name string
	// Near are the names that are asked for and look like it.
	Near []string
	// Position is its place in the credentials file; empty for a flag.
	Position source.Position
}

// Unused lists the flags that nothing asked for, which is likely a mistake, and
// those names of the file that are likely misspelt: a file may serve many
// documents.
func (g *Given) Unused() []Unused {
	asked := slices.Sorted(maps.Keys(g.asked))
	var list []Unused
	for _, name := range slices.Sorted(maps.Keys(g.flags)) {
		if !g.asked[name] {
			list = append(list, Unused{Name: name, Near: source.Nearest(name, asked)})
		}
	}
	if g.file == nil {
		return list
	}
	for _, name := range slices.Sorted(maps.Keys(g.file.values)) {
		near := slices.DeleteFunc(source.Nearest(name, asked), func(other string) bool { return g.used[other] })
		if !g.asked[name] && len(near) > 0 {
			list = append(list, Unused{Name: name, Near: near, Position: g.file.places[name]})
		}
	}
	return list
}

// names are those under which the credential of a source's scheme may be given,
// the one that counts first.
func names(in, scheme, member string) []string {
	suffix := ""
	if member != "" {
		suffix = "." + member
	}
	return []string{in + "." + scheme + suffix, scheme + suffix}
}

// parts looks up the members of a scheme's credential.
func (g *Given) parts(in, scheme string, wanted ...string) map[string]string {
	found := map[string]string{}
	for _, member := range wanted {
		if value := g.value(names(in, scheme, member)); value != "" {
			found[member] = value
		}
	}
	return found
}

// whole is the value that was given for the scheme itself, unless one of the
// marks, members that say that the credential has several, stands before it in
// the order of what counts.
func (g *Given) whole(in, scheme, bound string, marks ...string) (value string, inParts bool) {
	for layer := range g.layers {
		if value := g.inLayer(layer, names(in, scheme, "")); value != "" {
			return value, false
		}
		for _, member := range marks {
			if g.inLayer(layer, names(in, scheme, member)) != "" {
				return "", true
			}
		}
	}
	return bound, false
}

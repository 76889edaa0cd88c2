package environments

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxEnvironments is how many environments a process serves: each has an event log
// and connections of its own.
const maxEnvironments = 100

// members are what an environment has in the file.
var members = []string{
	"name", "databaseUrl", "databaseUrlEnv", "apiKeys", "apiKeysEnv", "apiKeysFile",
	"slot", "publication", "region", "schema",
}

// The forms of names. A name becomes that of a folder, of a label of metrics and of
// what a broker keeps; a slot's is Postgres' (its manual's chapter Replication Slots).
var (
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)
	slotForm = regexp.MustCompile(`^[a-z0-9_]{1,63}$`)
)

// CheckSlot tells what is wrong with the name of a replication slot.
func CheckSlot(name string) error {
	if slotForm.MatchString(name) {
		return nil
	}
	return fmt.Errorf("the slot is %q: Postgres wants lower-case letters, digits and _, at most 63", name)
}

// Read reads an environments file. Paths in it begin in its folder. Of what was found,
// errors are to end the program. The error is that of ctx.
func Read(ctx context.Context, path string) ([]boot.Environment, source.Diagnostics, error) {
	text, err := read(ctx, path)
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		return nil, source.Diagnostics{{
			Code: "environments-not-read", Severity: source.Error, Message: fmt.Sprintf("the environments file %s cannot be read: %v", path, err),
			Expected: "a YAML or JSON file of environments", Fix: "correct --environments",
		}}, nil
	}
	f := newFile(ctx, filepath.Dir(path))
	read := f.read(text.File)
	if f.err != nil {
		return nil, nil, f.err
	}
	found := append(f.found, f.ring.found...)
	if f.secret && text.Exposed {
		found = append(found, warnExposed(text))
	}
	found.Sort()
	return read, found, nil
}

// file is an environments file being read.
type file struct {
	ctx    context.Context
	folder string
	ring   *keyring
	found  source.Diagnostics
	// secret tells that the file itself has a secret.
	secret bool
	// err is that of ctx.
	err error
	// names, databases and slots tell where each was given first.
	names, databases, slots map[string]source.Position
}

func newFile(ctx context.Context, folder string) *file {
	return &file{
		ctx: ctx, folder: folder, ring: newKeyring(),
		names: map[string]source.Position{}, databases: map[string]source.Position{}, slots: map[string]source.Position{},
	}
}

func (f *file) wrong(at source.Position, message, expected, fix string) {
	f.found = append(f.found, &source.Diagnostic{
		Code: "wrong-environment", Severity: source.Error, Position: at, Message: message, Expected: expected, Fix: fix,
	})
}

const shape = "an object such as {environments: [{name: shop, databaseUrlEnv: SHOP_DATABASE_URL, apiKeysFile: shop.keys}]}"

// read reads the whole file. The messages of its syntax may quote the text, and are
// not passed on.
func (f *file) read(text *source.File) []boot.Environment {
	whole := source.Position{File: text}
	if strings.TrimSpace(text.Text) == "" {
		f.wrong(whole, "the environments file is empty", shape, "")
		return nil
	}
	root, err := source.Parse(text)
	if err != nil {
		for _, d := range source.Of(err) {
			whole = d.Position
		}
		f.wrong(whole, "the environments file cannot be read as YAML or JSON here", shape, "look at this line and the one above it: indentation, quotes, a missing colon")
		return nil
	}
	if root.Kind != source.Object {
		f.wrong(root.Position, "the environments file holds "+root.Kind.Article(), shape, "")
		return nil
	}
	f.known(root, "the environments file", []string{"environments"})
	list := root.Get("environments")
	switch {
	case list == nil:
		f.wrong(root.Position, "the environments file does not have the member environments", shape, "")
		return nil
	case list.Kind != source.Array:
		f.wrong(list.Position, "environments is "+list.Kind.Article(), "an array of environments, each an object", "")
		return nil
	case len(list.Items) == 0 || len(list.Items) > maxEnvironments:
		f.wrong(list.Position, fmt.Sprintf("there are %d environments", len(list.Items)), fmt.Sprintf("1 to %d", maxEnvironments), "")
		return nil
	}
	var environments []boot.Environment
	for _, item := range list.Items {
		if item.Kind != source.Object {
			f.wrong(item.Position, "an environment is "+item.Kind.Article(), "an object with the members "+strings.Join(members, ", "), "")
			continue
		}
		environments = append(environments, f.environment(item))
	}
	return environments
}

// known reports the members of an object that mean nothing.
func (f *file) known(v *source.Value, what string, names []string) {
	for _, m := range v.Members {
		if slices.Contains(names, m.Key) {
			continue
		}
		fix := ""
		if near := source.Nearest(m.Key, names); len(near) > 0 {
			fix = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
		}
		f.wrong(m.Position, fmt.Sprintf("%s has the member %q, which means nothing", what, m.Key), "one of "+strings.Join(names, ", "), fix)
	}
}

// environment reads one environment.
func (f *file) environment(v *source.Value) boot.Environment {
	e := boot.Environment{Name: f.name(v)}
	what := "an environment"
	if e.Name != "" {
		what = fmt.Sprintf("the environment %q", e.Name)
	}
	f.known(v, what, members)
	f.database(v, what, &e)
	f.keys(v, what, &e)
	f.kept(v, &e)
	if region, at, ok := f.text(v, "region"); ok {
		if len(region) > 64 {
			f.wrong(at, "the region is longer than 64 bytes", "a word such as eu-central-1", "")
		}
		e.Region = region
	}
	if schema, _, ok := f.text(v, "schema"); ok {
		e.Schema = f.path(schema)
	}
	return e
}

// text is a member that is a text, and not an empty one.
func (f *file) text(v *source.Value, name string) (text string, at source.Position, ok bool) {
	m := v.Get(name)
	if m == nil {
		return "", source.Position{}, false
	}
	text, isText := m.Text()
	switch {
	case !isText:
		fix := ""
		if m.Kind == source.Number || m.Kind == source.Boolean {
			fix = "put it in quotes"
		}
		f.wrong(m.Position, name+" is "+m.Kind.Article(), "a text", fix)
		return "", m.Position, false
	case strings.TrimSpace(text) == "":
		f.wrong(m.Position, name+" is empty", "a text, or no such member", "")
		return "", m.Position, false
	}
	return text, m.Position, true
}

// once reports what was given before.
func (f *file) once(given map[string]source.Position, value string, at source.Position, message, fix string) {
	if first, again := given[value]; again {
		f.wrong(at, fmt.Sprintf("%s, at %s", message, first), "", fix)
		return
	}
	given[value] = at
}

// name reads the environment's name. Names that differ in their case alone would
// share a folder on some machines.
func (f *file) name(v *source.Value) string {
	const expected = "a name of letters, digits, - and _, at most 63, that begins with a letter or digit"
	if v.Get("name") == nil {
		f.wrong(v.Position, "an environment has no name", expected, "")
		return ""
	}
	name, at, ok := f.text(v, "name")
	switch {
	case !ok:
		return ""
	case !nameForm.MatchString(name):
		f.wrong(at, fmt.Sprintf("the name is %q", name), expected, "")
		return ""
	}
	f.once(f.names, strings.ToLower(name), at, fmt.Sprintf("the name %q was given before", name), "give each environment a name of its own")
	return name
}

// database reads where the database is. Each has its own: two environments of one
// would see each other's events.
func (f *file) database(v *source.Value, what string, e *boot.Environment) {
	const expected = "databaseUrl, or databaseUrlEnv with the name of an environment variable that holds it"
	url, at, given := f.text(v, "databaseUrl")
	variable, variableAt, byVariable := f.text(v, "databaseUrlEnv")
	switch {
	case given && byVariable:
		f.wrong(variableAt, what+" has both databaseUrl and databaseUrlEnv", expected, "leave out one of them")
		return
	case byVariable:
		if url, at = os.Getenv(variable), variableAt; url == "" {
			f.wrong(at, fmt.Sprintf("the environment variable %s is not set, or empty", variable), "a URL such as postgres://USER:PASSWORD@HOST:PORT/DATABASE in it", "")
			return
		}
	case given:
		f.secret = true
	default:
		if v.Get("databaseUrl") == nil && v.Get("databaseUrlEnv") == nil {
			f.wrong(v.Position, what+" has no database", expected, "")
		}
		return
	}
	database, err := boot.PlaceOf(url)
	if err == nil {
		_, err = prisma.ReadURL(url)
	}
	if err != nil {
		f.wrong(at, err.Error(), "", "")
		return
	}
	f.once(f.databases, database.String(), at, fmt.Sprintf("the database %s is another environment's already", database), "give each environment a database of its own")
	e.DatabaseURL = url
}

// keys reads who may use the environment.
func (f *file) keys(v *source.Value, what string, e *boot.Environment) {
	const expected = "apiKeys, apiKeysFile or apiKeysEnv"
	any := false
	if list := v.Get("apiKeys"); list != nil {
		any = true
		f.keyList(list, e)
	}
	if path, at, ok := f.text(v, "apiKeysFile"); ok {
		keys, err := f.ring.addFile(f.ctx, f.path(path), place{at, "apiKeysFile"})
		if err != nil {
			f.err = err
		}
		e.Keys = append(e.Keys, keys...)
	}
	if name, at, ok := f.text(v, "apiKeysEnv"); ok {
		e.Keys = append(e.Keys, f.ring.addVariable(name, place{at, "apiKeysEnv"})...)
	}
	if !any && v.Get("apiKeysFile") == nil && v.Get("apiKeysEnv") == nil {
		f.wrong(v.Position, what+" has no API key", expected, "")
	}
}

func (f *file) keyList(list *source.Value, e *boot.Environment) {
	const expected = "an array of texts, each an API key, or sha256: and the hash of one"
	if list.Kind != source.Array || len(list.Items) == 0 {
		found := list.Kind.Article()
		if list.Kind == source.Array {
			found = "empty"
		}
		f.wrong(list.Position, "apiKeys is "+found, expected, "")
		return
	}
	for _, item := range list.Items {
		text, ok := item.Text()
		if !ok {
			f.wrong(item.Position, "an API key is "+item.Kind.Article(), expected, "put it in quotes")
			continue
		}
		f.secret = f.secret || !strings.HasPrefix(text, "sha256:")
		e.Keys = f.ring.add(e.Keys, text, place{Position: item.Position})
	}
}

// path is a path of the file, which begins in the file's folder.
func (f *file) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.folder, path)
}

// kept reads the names of what is kept in the database.
func (f *file) kept(v *source.Value, e *boot.Environment) {
	if slot, at, ok := f.text(v, "slot"); ok {
		if err := CheckSlot(slot); err != nil {
			f.wrong(at, err.Error(), "", "")
		}
		e.Slot = slot
	}
	if publication, at, ok := f.text(v, "publication"); ok {
		if len(publication) > 63 {
			f.wrong(at, "the publication's name is longer than 63 bytes", "the name of a publication, as Postgres has it", "")
		}
		e.Publication = publication
	}
	if e.Slot == "" || e.DatabaseURL == "" {
		return
	}
	if database, err := boot.PlaceOf(e.DatabaseURL); err == nil {
		f.once(f.slots, database.Server+" "+e.Slot, v.Get("slot").Position,
			fmt.Sprintf("the slot %q is another environment's already on this Postgres", e.Slot), "give each environment a slot of its own: slots are the whole server's")
	}
}

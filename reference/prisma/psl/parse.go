package psl

// What the files declare, before it is known what their names mean.
type (
	modelDeclaration struct {
		*Model
		fields     []*fieldDeclaration
		attributes []*attribute
	}
	fieldDeclaration struct {
		*Field
		attributes []*attribute
	}
	enumDeclaration struct {
		*Enum
		values     []*valueDeclaration
		attributes []*attribute
	}
	valueDeclaration struct {
		*EnumValue
		attributes []*attribute
	}
	datasource struct {
		Position
		name     string
		settings []*Argument
	}
	// attribute is @name(arguments) or @@name(arguments).
	attribute struct {
		Position
		name      string
		arguments []*Argument
	}
)

// declarations are what all files declare.
type declarations struct {
	datasources []*datasource
	models      []*modelDeclaration
	enums       []*enumDeclaration
}

// maxDepth bounds how deep values lie in one another.
const maxDepth = 100

// parser reads one file. Its methods stop at the first mistake, which they return.
type parser struct {
	*scanner
	// ahead is the token that is read next.
	ahead token
	into  *declarations
	depth int
}

// parse adds what a file declares.
func parse(file, text string, into *declarations) error {
	p := &parser{scanner: newScanner(file, text), into: into}
	if err := p.advance(); err != nil {
		return err
	}
	for {
		if err := p.skipLines(); err != nil {
			return err
		}
		if p.ahead.kind == endOfFile {
			return nil
		}
		if err := p.block(); err != nil {
			return err
		}
	}
}

func (p *parser) advance() (err error) {
	p.ahead, err = p.next()
	return err
}

func (p *parser) skipLines() error {
	for p.ahead.kind == newline {
		if err := p.advance(); err != nil {
			return err
		}
	}
	return nil
}

// expected is the problem that something else stands next.
func (p *parser) expected(what string) error {
	return Problem{p.ahead.Position, "expected " + what + ", " + p.ahead.found()}
}

// accept goes on over a sign if it stands next.
func (p *parser) accept(s string) (bool, error) {
	if !p.ahead.is(s) {
		return false, nil
	}
	return true, p.advance()
}

// expect goes on over a sign, or fails.
func (p *parser) expect(s, what string) error {
	if !p.ahead.is(s) {
		return p.expected(what)
	}
	return p.advance()
}

// name reads a name.
func (p *parser) name(what string) (token, error) {
	t := p.ahead
	if t.kind != word {
		return t, p.expected(what)
	}
	if t.text[0] == '_' {
		return t, Problem{t.Position, "names begin with a letter, found " + shown(t.text) + ": give it another name, and this one with @map or @@map"}
	}
	return t, p.advance()
}

const blocks = "datasource, generator, model, view or enum"

// block reads a declaration, from its keyword to its closing brace.
func (p *parser) block() error {
	keyword := p.ahead
	if keyword.kind != word {
		return p.expected(blocks)
	}
	if keyword.text == "type" {
		return Problem{keyword.Position, "expected " + blocks + `, found "type": composite types are for MongoDB; in Postgres declare a model, or a field of type Json`}
	}
	body, ok := map[string]func(name token) error{
		"datasource": p.datasource, "generator": p.generator, "model": p.model, "view": p.view, "enum": p.enum,
	}[keyword.text]
	if !ok {
		return p.expected(blocks)
	}
	if err := p.advance(); err != nil {
		return err
	}
	name, err := p.name("the name of the " + keyword.text)
	if err != nil {
		return err
	}
	if err := p.expect("{", "{ after the name of the "+keyword.text); err != nil {
		return err
	}
	return body(name)
}

// lines reads what stands between braces, one a line.
func (p *parser) lines(line func() error) error {
	for {
		if err := p.skipLines(); err != nil {
			return err
		}
		if done, err := p.accept("}"); done || err != nil {
			return err
		}
		if p.ahead.kind == endOfFile {
			return p.expected("}")
		}
		if err := line(); err != nil {
			return err
		}
		if p.ahead.kind != newline && !p.ahead.is("}") {
			return p.expected("the end of the line")
		}
	}
}

func (p *parser) datasource(name token) error {
	settings, err := p.settings()
	p.into.datasources = append(p.into.datasources, &datasource{name.Position, name.text, settings})
	return err
}

func (p *parser) generator(token) error {
	_, err := p.settings()
	return err
}

func (p *parser) settings() (settings []*Argument, err error) {
	err = p.lines(func() error {
		name, err := p.name("a setting such as provider = \"postgresql\"")
		if err != nil {
			return err
		}
		if err := p.expect("=", "= after the name of the setting"); err != nil {
			return err
		}
		value, err := p.value()
		settings = append(settings, &Argument{name.Position, name.text, value})
		return err
	})
	return settings, err
}

func (p *parser) model(name token) error { return p.modelOrView(name, false) }
func (p *parser) view(name token) error  { return p.modelOrView(name, true) }

func (p *parser) modelOrView(name token, isView bool) error {
	m := &modelDeclaration{Model: &Model{Position: name.Position, Name: name.text, Table: name.text, IsView: isView}}
	p.into.models = append(p.into.models, m)
	return p.lines(func() error {
		if p.ahead.is("@@") {
			a, err := p.attribute()
			m.attributes = append(m.attributes, a)
			return err
		}
		f, err := p.field()
		m.fields = append(m.fields, f)
		return err
	})
}

func (p *parser) enum(name token) error {
	e := &enumDeclaration{Enum: &Enum{Position: name.Position, Name: name.text, Type: name.text}}
	p.into.enums = append(p.into.enums, e)
	return p.lines(func() error {
		if p.ahead.is("@@") {
			a, err := p.attribute()
			e.attributes = append(e.attributes, a)
			return err
		}
		name, err := p.name("a value of the enum")
		if err != nil {
			return err
		}
		v := &valueDeclaration{EnumValue: &EnumValue{Position: name.Position, Name: name.text, Label: name.text}}
		e.values = append(e.values, v)
		v.attributes, err = p.attributes()
		return err
	})
}

// field reads a line of a model.
func (p *parser) field() (*fieldDeclaration, error) {
	name, err := p.name("a field, or an attribute such as @@map")
	if err != nil {
		return nil, err
	}
	f := &fieldDeclaration{Field: &Field{Position: name.Position, Name: name.text, Column: name.text}}
	if err := p.fieldType(f.Field); err != nil {
		return nil, err
	}
	f.attributes, err = p.attributes()
	return f, err
}

// fieldType reads NAME or Unsupported("text"), then [] or ?.
func (p *parser) fieldType(f *Field) error {
	name, err := p.name("the type of the field, such as String or Post[]")
	if err != nil {
		return err
	}
	f.Type, f.TypePosition = name.text, name.Position
	if name.text == "Unsupported" {
		if err := p.unsupported(f); err != nil {
			return err
		}
	}
	if f.IsList, err = p.accept("["); err != nil {
		return err
	}
	if f.IsList {
		if err := p.expect("]", "] after ["); err != nil {
			return err
		}
		if p.ahead.is("?") {
			return Problem{p.ahead.Position, `expected no "?" after []: a list cannot be optional, it is empty`}
		}
		return nil
	}
	f.IsOptional, err = p.accept("?")
	return err
}

func (p *parser) unsupported(f *Field) error {
	f.Kind = Unsupported
	if err := p.expect("(", `("the database's type") after Unsupported`); err != nil {
		return err
	}
	if f.Type = p.ahead.text; p.ahead.kind != quoted {
		return p.expected("the database's type as a string")
	}
	if err := p.advance(); err != nil {
		return err
	}
	return p.expect(")", ")")
}

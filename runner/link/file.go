package link

import (
	"slices"

	"github.com/arazzo-conformance/arazzo/runner/expression"
	"github.com/arazzo-conformance/arazzo/runner/payload"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// File is a file that a body names by its path.
type File struct {
	// Path is the path where it is constant, else empty.
	Path string
	At   source.Position
}

// files makes files of the objects that stand for one: of a body in parts each
// part, of any other the whole. In JSON and in a form an object is data; in a form a
// file would be lost, so that one there is an error.
func (at *site) files(body *Body, value *Value) {
	switch {
	case value == nil:
	case IsJSON(body.ContentType):
		at.dataFile(value)
	case payload.IsForm(body.ContentType):
		for _, member := range value.members {
			at.lostFile(member)
		}
	case !payload.IsMultipart(body.ContentType):
		at.file(body, value)
	default:
		for _, part := range slices.Concat(value.members, value.items) {
			at.part(body, part)
			for _, item := range part.items {
				at.part(body, item)
			}
		}
	}
}

// part makes a file of a part, or tells of one within an object, which is JSON.
func (at *site) part(body *Body, v *Value) {
	if at.file(body, v); !v.isFile {
		for _, member := range v.members {
			at.dataFile(member)
		}
	}
}

// partFile makes a file of what replaces a part.
func (at *site) partFile(v *Value) {
	if body := at.step.Body; payload.IsMultipart(body.ContentType) {
		at.file(body, v)
	}
}

func (at *site) lostFile(v *Value) {
	if payload.IsFile(v.from) {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: v.from.Position, Message: "a form in one text cannot carry a file",
			Expected: "contentType: multipart/form-data", Fix: "send the body as multipart/form-data, if the operation takes it",
		})
	}
}

// dataFile warns of an object in JSON that looks like a file: it is sent as it is.
func (at *site) dataFile(v *Value) {
	if payload.IsFile(v.from) {
		at.report(&source.Diagnostic{
			Code: "arazzo/no-effect", Severity: source.Warning, Position: v.from.Position,
			Message: "x-file and x-base64 have no effect in JSON: the object is sent as it stands", Expected: "files in multipart/form-data, or as a whole body of another type",
		})
	}
	for _, part := range slices.Concat(v.members, v.items) {
		at.dataFile(part)
	}
}

// file makes a file of an object that stands for one, and judges what of it is
// constant.
func (at *site) file(body *Body, v *Value) {
	if !payload.IsFile(v.from) {
		return
	}
	v.isFile = true
	members := map[string]any{}
	for i, m := range v.from.Members {
		if members[m.Key] = m.Value.Data(); !v.members[i].isConstant() {
			members[m.Key] = placeholders[m.Key]
		}
	}
	f, err := payload.NewFile(members)
	if path := v.from.Get("x-file"); err == nil && path != nil {
		named := File{At: path.Position}
		if f.Path != placeholders["x-file"] {
			named.Path = f.Path
		}
		body.Files = append(body.Files, named)
	}
	if err != nil {
		at.report(&source.Diagnostic{
			Code: "arazzo/wrong-value", Position: v.from.Position, Message: err.Error(),
			Expected: "an object with x-file or x-base64, and perhaps x-filename and x-content-type",
		})
	}
}

// placeholders stand for what is known when the request is built.
var placeholders = map[string]any{"x-file": "\u2026", "x-base64": "", "x-filename": "a", "x-content-type": "a/b"}

// evaluateFile gives the file. One whose path or content is an optional input that
// nobody gave is left out as a whole.
func (v *Value) evaluateFile(s expression.Scope, leftOut LeftOut) (any, error) {
	members := map[string]any{}
	for i, member := range v.members {
		name := v.from.Members[i].Key
		value, err := member.Evaluate(s, leftOut)
		switch {
		case err == nil:
			members[name] = value
		case !expression.IsOptional(err) || name == "x-file" || name == "x-base64":
			return nil, err
		}
	}
	return payload.NewFile(members)
}

package description

import (
	"fmt"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// aboutLink judges a source description by the document that was found.
func (l *loader) aboutLink(k *link) source.Diagnostics {
	switch {
	case k.err != nil:
		return source.Diagnostics{l.unreadable(k)}
	case k.text == nil:
		return nil
	}
	var found source.Diagnostics
	for _, d := range []*source.Diagnostic{k.found(), k.insecure(), k.byLocation(), k.wrongType(), k.broken()} {
		if d != nil {
			found = append(found, d)
		}
	}
	return found
}

func (k *link) report(severity source.Severity, field, code, message, expected, fix string) *source.Diagnostic {
	return &source.Diagnostic{
		Code: code, Severity: severity, Position: k.At(field), Message: fmt.Sprintf("the source %q ", k.Name) + message,
		Expected: expected, Fix: fix,
	}
}

// found tells which document was taken where the url alone does not (S-024).
func (k *link) found() *source.Diagnostic {
	means, fix := retrieve.Name(k.from.File, k.uri), ""
	if retrieve.IsWeb(k.uri) {
		fix = "to take what is there: --source " + k.name + "=" + means
	}
	switch {
	case k.how == besideDocument:
		return k.report(source.Info, "url", "arazzo/local-copy",
			fmt.Sprintf("means %s; the file beside the document was taken, %s", means, k.File.Name), "", fix)
	case k.how == bySelf && k.uri != k.File.URI && k.Arazzo != k.from:
		return k.report(source.Info, "url", "arazzo/found-by-self",
			fmt.Sprintf("means %s; %s was taken, which calls itself that", means, k.File.Name), "", fix)
	}
	return nil
}

func (k *link) insecure() *source.Diagnostic {
	if !retrieve.IsInsecure(k.File.URI) || k.from.File == k.File {
		return nil
	}
	return insecure(k.At("url"), fmt.Sprintf("the source %q", k.Name))
}

// byLocation tells of a reference that only works while the document stays where
// it is (1.1.0, section 5.5.4.2).
func (k *link) byLocation() *source.Diagnostic {
	if k.Arazzo == nil || k.Arazzo.Self == "" || k.given != "" || k.uri == k.Arazzo.BaseURI {
		return nil
	}
	self := retrieve.Name(k.from.File, k.Arazzo.BaseURI)
	return k.report(source.Warning, "url", "arazzo/reference-by-location",
		"is named by where it lies; it calls itself "+self, "the $self of the document", "write a url that leads to "+self)
}

// wrongType compares the document with what it is said to be (S-032).
func (k *link) wrongType() *source.Diagnostic {
	name, known := kindNames[k.Type]
	switch {
	case k.text.kind == "" && !k.text.found.Failed():
		return k.report(source.Error, "url", "arazzo/unknown-source-type",
			fmt.Sprintf("is no API description and no Arazzo document: %s has none of the fields that tell", k.File.Name),
			"openapi, swagger, asyncapi or arazzo at its root", "correct the url, or say where the document is: --source "+k.name+"=PATH")
	case known && k.text.kind != "" && k.text.kind != k.Type:
		return k.report(source.Error, "type", "arazzo/source-type-mismatch",
			fmt.Sprintf("is said to be %s document; %s is %s document", name, k.File.Name, kindNames[k.text.kind]),
			"type: "+k.text.kind, "correct the type, or the url")
	}
	return nil
}

// broken points from the source to what was found in its document.
func (k *link) broken() *source.Diagnostic {
	errors := 0
	for _, d := range k.text.found {
		if d.Severity == source.Error {
			errors++
		}
	}
	if errors == 0 {
		return nil
	}
	count := fmt.Sprintf("has %d errors", errors)
	if errors == 1 {
		count = "has an error"
	}
	return k.report(source.Error, "url", "arazzo/broken-source", fmt.Sprintf("is damaged: %s %s", k.File.Name, count),
		"a document without errors", "correct it where they are told")
}

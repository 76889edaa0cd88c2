package description

import (
	"errors"
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// noEntry says why there is no entry document.
func (l *loader) noEntry(location string, err error) *source.Diagnostic {
	var failure *retrieve.Error
	if errors.As(err, &failure) && failure.Reason == retrieve.TooLarge {
		return &source.Diagnostic{
			Code: "arazzo/document-too-large", Severity: source.Error,
			Position: source.Position{File: &source.File{Name: retrieve.Shown(location)}},
			Message:  fmt.Sprintf("the document has more than %d bytes", l.Client.MaxBytes),
			Expected: fmt.Sprintf("at most %d bytes", l.Client.MaxBytes),
			Fix:      "divide it into several documents, which name each other as sources of the type arazzo",
		}
	}
	return documentNotFound(location, err)
}

func documentNotFound(location string, err error) *source.Diagnostic {
	fix := "check the path; it is relative to the folder you are in"
	var failure *retrieve.Error
	if errors.As(err, &failure) && failure.Fix != "" {
		fix = failure.Fix
	} else if retrieve.IsWeb(location) {
		fix = "check the URL"
	}
	return &source.Diagnostic{
		Code: "document-not-found", Severity: source.Error,
		Position: source.Position{File: &source.File{Name: retrieve.Shown(location)}},
		Message:  fmt.Sprintf("the document cannot be read: %v", err),
		Expected: "the path or http(s) URL of an Arazzo document", Fix: fix,
	}
}

// unreadable says why a source has no document (D10).
func (l *loader) unreadable(k *link) *source.Diagnostic {
	field := "url"
	var full errFull
	if errors.As(k.err, &full) {
		return k.report(source.Error, field, "arazzo/too-many-documents", "was not read: "+full.message, "fewer or smaller documents", "")
	}
	var failure *retrieve.Error
	if !errors.As(k.err, &failure) {
		failure = &retrieve.Error{Message: k.err.Error()}
	}
	why := failure.Message
	if k.beside != "" && !k.besideFound {
		why += fmt.Sprintf("; nor is there a file %s beside the document", retrieve.Name(k.from.File, k.beside))
	}
	if failure.Reason == retrieve.Forbidden {
		return k.report(source.Error, field, "arazzo/forbidden-source", fmt.Sprintf("must not be read from %s: %s", k.Location, why),
			permitted(k.uri), failure.Fix+"; or say where a copy is: --source "+k.name+"=PATH")
	}
	where := "cannot be read"
	if k.Location != "" {
		where += " from " + k.Location
	}
	return k.report(source.Error, field, "arazzo/source-not-found", where+": "+why,
		expected(k.Type), l.elsewhere(k, failure.Fix))
}

// permitted is what the document could have named.
func permitted(uri string) string {
	if strings.HasPrefix(uri, "file:") {
		return "an http(s) URL, or a document that is on this machine itself"
	}
	return "a host that the entry document names, or that --allow-host allows"
}

func expected(kind string) string {
	return map[string]string{
		kindArazzo: "an Arazzo document", kindAsyncAPI: "an AsyncAPI description", kindOpenAPI: "an OpenAPI description",
	}[kind]
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/credential"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/link"
	"github.com/arazzo-conformance/arazzo/runner/openapi"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// alternative is one requirement of an operation's security, and how far it can
// be met (S-088).
type alternative struct {
	added []*credential.Met
	// own is true when the step itself gives what one of the schemes asks for.
	own bool
	// missing are the schemes that nothing was given for, lacks the members that
	// were left out where something was.
	missing []*openapi.SecurityScheme
	lacks   []string
}

// readCredentials collects what the caller gave, before any step asks for it.
func (p *planner) readCredentials(ctx context.Context) {
	var file *credential.File
	if p.options.CredentialsFile != "" {
		var found source.Diagnostics
		file, found = credential.ReadFile(ctx, p.options.CredentialsFile)
		p.add(found...)
	}
	p.offered = credential.NewGiven(p.options.Credentials, p.options.LookupEnv, file)
	for _, text := range p.offered.Secrets() {
		p.secrets.add(text)
	}
}

// credentials adds the parameters that the operation's security asks for and
// the step does not give itself. One alternative is enough, and it needs all of
// its schemes: one that the step meets alone goes first, then the first that can
// be met; one that asks for nothing serves when no other can be.
func (p *planner) credentials(s *step) {
	var list []alternative
	for _, requirement := range s.Operation.Security {
		list = append(list, p.alternative(s, requirement))
	}
	for i := range s.parameters {
		s.parameters[i].credential = s.isCredential(&s.parameters[i])
	}
	met := slices.IndexFunc(list, func(a alternative) bool { return a.own && len(a.missing)+len(a.added) == 0 })
	if met < 0 {
		met = slices.IndexFunc(list, func(a alternative) bool { return (a.own || len(a.added) > 0) && len(a.missing) == 0 })
	}
	open := slices.ContainsFunc(list, func(a alternative) bool { return len(a.missing) == 0 })
	switch {
	case met >= 0:
		for _, m := range list[met].added {
			p.carry(s, m)
		}
	case len(list) > 0 && !open:
		p.missingCredential(s, list)
	}
}

// isCredential tells whether the step gives by the parameter itself what the API
// asks for.
func (s *step) isCredential(p *parameter) bool {
	for _, requirement := range s.Operation.Security {
		for _, scheme := range requirement.Schemes {
			if name, in := scheme.Carrier(); name != "" && link.Same(p.name, p.in, name, in) {
				return true
			}
		}
	}
	return false
}

// alternative finds what meets the requirement's schemes. Of a scheme that the
// description names and does not define, with a warning, nobody can tell what it
// asks for.
func (p *planner) alternative(s *step, r *openapi.SecurityRequirement) alternative {
	var a alternative
	for _, scheme := range r.Schemes {
		if scheme.Type == "" {
			continue
		}
		if scheme.Type == "mutualTLS" && p.certified(s) {
			a.added = append(a.added, &credential.Met{})
			continue
		}
		met, lacks, err := p.offered.Meet(p.demand(s, scheme, r.Scopes[scheme.ID]))
		var wrong *credential.WrongError
		switch {
		case link.Supplies(s.Step, scheme):
			a.own = true
		case errors.As(err, &wrong):
			p.wrongCredential(s, wrong)
			a.added = append(a.added, &credential.Met{}) // that it is missing is not told as well
		case met != nil:
			a.added = append(a.added, met)
		case link.MaySupply(s.Step, scheme):
			a.own = true
		default:
			a.missing, a.lacks = append(a.missing, scheme), append(a.lacks, lacks...)
		}
	}
	return a
}

// certified tells whether the server gets a certificate of the client. What a
// transport of the caller's has is not known, and its own matter.
func (p *planner) certified(s *step) bool {
	u, err := url.Parse(s.server)
	return p.options.Transport != nil || err == nil && u.Scheme == "https" && p.options.TLS.HasClientCertificate(u.Host)
}

func (p *planner) demand(s *step, scheme *openapi.SecurityScheme, scopes []string) credential.Demand {
	d := credential.Demand{Source: p.nameOf(s.Source), Scheme: scheme, Scopes: scopes, Server: s.server}
	if strings.HasPrefix(s.server, "http") { // with the slash at its end, which a relative URL needs
		d.Server, _ = p.declaredServer(s.Step)
	}
	if api := p.apis[s.Source]; api != nil {
		d.Bound = api.Credential
	}
	return d
}

// carry adds what meets a scheme to the step's parameters. It goes to the server
// of its source alone.
func (p *planner) carry(s *step, m *credential.Met) {
	if m.Name == "" {
		return // a client certificate, which no request carries
	}
	for _, text := range m.Secrets {
		p.secrets.add(text)
	}
	s.parameters = append(s.parameters, parameter{
		name: m.Name, in: m.In, position: s.Position(), wire: openapi.DefaultParameter(m.Name, m.In),
		secret: m.Value, grant: m.Grant, credential: true,
	})
	for _, name := range m.From {
		p.shared(s, name)
	}
	if m.Grant == nil {
		return
	}
	if u, err := url.Parse(m.Grant.TokenURL); err == nil {
		p.way(s, u, true, fmt.Sprintf("--credential %s.%s=https://%s…", m.Grant.Scheme, credential.TokenURL, u.Host))
	}
}

// shared warns of a credential that goes to the servers of several sources because
// their security schemes have one name: such names are common, and what is meant
// for one API is nothing to another.
func (p *planner) shared(s *step, name string) {
	goes := authority(s.server)
	first, known := p.goes[name]
	if !known {
		p.goes[name] = goesTo{p.nameOf(s.Source), goes}
		return
	}
	if first.authority == goes || first.source == p.nameOf(s.Source) || strings.HasPrefix(name, p.nameOf(s.Source)+".") {
		return
	}
	p.report(&source.Diagnostic{
		Code: "shared-credential", Severity: source.Warning, Position: s.Source.At("name"),
		Message: fmt.Sprintf("the credential %q goes to the APIs of two sources, %q at %s and %q at %s",
			name, first.source, first.authority, p.nameOf(s.Source), goes),
		Expected: "a credential for each", Fix: fmt.Sprintf("name them: --credential %s.%s=VALUE, --credential %s.%[2]s=VALUE", first.source, name, p.nameOf(s.Source)),
	})
}

// goesTo is the source whose API was first given a credential.
type goesTo struct{ source, authority string }

func authority(server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	return u.Host
}

func (p *planner) wrongCredential(s *step, wrong *credential.WrongError) {
	if s.server == "" {
		return // what is relative to it cannot be judged
	}
	p.report(&source.Diagnostic{
		Code: "wrong-credential", Position: s.Source.At("name"),
		Message:  fmt.Sprintf("the credential %q: %s", wrong.Name, p.secrets.text(wrong.Message)),
		Expected: wrong.Expected, Fix: wrong.Fix,
	})
}

// missingCredential names every alternative, and every way to give each.
func (p *planner) missingCredential(s *step, list []alternative) {
	var wanted, ways []string
	var inFile string
	for _, a := range list {
		var names []string
		for _, scheme := range a.missing {
			names = append(names, scheme.ID)
			if way := "for " + scheme.ID + ": " + howTo(scheme); !slices.Contains(ways, way) {
				ways = append(ways, way)
			}
			if credential.Ways(scheme.ID, scheme) != nil {
				inFile = "; or in a file, --credentials FILE"
			}
		}
		text := strings.Join(names, " and ")
		if len(a.lacks) > 0 {
			text += fmt.Sprintf(" (%s is still missing)", strings.Join(a.lacks, " and "))
		}
		wanted = append(wanted, text)
	}
	what := p.nameOf(s.Source) + ": " + strings.Join(wanted, ", ")
	if p.wanted[what] {
		return // a credential that several steps need is asked for once
	}
	p.wanted[what] = true
	p.report(&source.Diagnostic{
		Code: "missing-credential", Position: s.Position(),
		Message:  fmt.Sprintf("%s %s needs a credential that was not given", s.Operation.Method, s.Operation.Path),
		Expected: "a credential for " + strings.Join(wanted, ", or for "),
		Fix:      strings.Join(ways, "; ") + inFile,
	})
}

func howTo(scheme *openapi.SecurityScheme) string {
	if way := credential.HowTo(scheme.ID, scheme); way != "" {
		return way
	}
	if scheme.Type == "mutualTLS" {
		return "--client-cert [HOST=]FILE, and a server with https"
	}
	return "no flag gives what its type " + scheme.Type + " asks for"
}

// unusedCredentials warns of credentials that no step asked for: a misspelt name
// would else go unnoticed where a credential is optional.
func (p *planner) unusedCredentials() {
	for _, unused := range p.offered.Unused() {
		d := &source.Diagnostic{
			Code: "unused-credential", Severity: source.Warning, Position: unused.Position,
			Message:  fmt.Sprintf("no operation that runs asks for the credential %q", unused.Name),
			Expected: "the name of a security scheme, or SOURCE.SCHEME",
		}
		if d.Position.File == nil {
			d.Position = p.document.At("sourceDescriptions")
		}
		if len(unused.Near) > 0 {
			d.Fix = fmt.Sprintf("did you mean %s?", strings.Join(unused.Near, " or "))
		}
		p.report(d)
	}
}

// newTokens makes what fetches the tokens of a run.
func (r *run) newTokens(ctx context.Context) *credential.Tokens {
	return credential.NewTokens(ctx, credential.TokenOptions{
		Transport: caught{r.fault, r.client.Transport()}, Timeout: r.options.StepTimeout, Now: r.options.Clock.Now,
		Learn: func(text string) { r.secrets.add(text) }, Hide: r.secrets.text,
		Explain: func(err error, place *url.URL) (string, string) {
			told := exchange.Explain(err, place)
			return told.Message, told.Fix
		},
	})
}

// authorize fetches the tokens that the step's request carries.
func (r *run) authorize(ctx context.Context, s *step, seen *scope) *Problem {
	if limit := r.limit(s); limit.own {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit.time, limit.problem())
		defer cancel()
	}
	for _, p := range s.parameters {
		if p.grant == nil {
			continue
		}
		token, err := r.tokens.Token(ctx, *p.grant)
		var failed *credential.FetchError
		switch {
		case ctx.Err() != nil:
			return interruption(ctx)
		case errors.As(err, &failed):
			return &Problem{Code: "no-token", Message: "the request was not sent: " + failed.Error(), Fix: failed.Fix, unreachable: failed.Unreachable}
		case err != nil:
			return &Problem{Code: "no-token", Message: "the request was not sent: " + err.Error()}
		}
		if seen.tokens == nil {
			seen.tokens = map[credential.Grant]string{}
		}
		seen.tokens[*p.grant] = token
	}
	return nil
}

// rejected gives up the tokens of a request that was answered with 401: the next
// request, such as a retry that the document asks for, gets another. It is not
// sent again by itself: the answer is the document's to judge.
func (r *run) rejected(seen *scope) {
	if seen.response == nil || seen.response.status != http.StatusUnauthorized {
		return
	}
	for grant, token := range seen.tokens {
		r.tokens.Reject(grant, token)
	}
}

// fetchedTokens tells which tokens the run fetched, once for each kind.
func (r *run) fetchedTokens() source.Diagnostics {
	var notes source.Diagnostics
	for _, f := range r.tokens.Fetched() {
		times := "once"
		if f.Fetched > 1 {
			times = fmt.Sprintf("%d times", f.Fetched)
		}
		if f.Refreshed > 0 {
			times += fmt.Sprintf(", %d of them by a refresh token", f.Refreshed)
		}
		scope := "no scope"
		if f.Scope != "" {
			scope = fmt.Sprintf("the scope %q", f.Scope)
		}
		notes = append(notes, &source.Diagnostic{
			Code: "token-fetched", Severity: source.Info, Position: r.document.At("sourceDescriptions"),
			Message: r.secrets.text(fmt.Sprintf("a token for the security scheme %q of %q was fetched %s, from %s by the flow %s, with %s",
				f.Scheme, f.Source, times, f.TokenURL, f.Flow, scope)),
		})
	}
	return notes
}

package credential

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/runner/openapi"
)

// The flows of OAuth 2.0 that need no person, as OpenAPI names them.
const (
	clientCredentials = "clientCredentials"
	passwordFlow      = "password"
)

// Grant is how a token is fetched: everything of which it depends. Two equal
// grants share a token.
type Grant struct {
	// Source and Scheme are whose token it is.
	Source, Scheme string
	// Flow is "clientCredentials" (RFC 6749, section 4.4) or "password" (4.3).
	Flow string
	// TokenURL is the token endpoint, RefreshURL the one for refreshing.
	TokenURL, RefreshURL   string
	ClientID, ClientSecret string
	Username, Password     string
	// Scope is a list separated by spaces; it may be empty.
	Scope string
	// Authentication is how the client is authenticated: "basic", "body", or empty
	// for the former and, where the server does not take that, the latter (RFC
	// 6749, section 2.3.1). A client without a secret stands in the body.
	Authentication string
}

// oauth is an access token, or how one is fetched.
func (g *Given) oauth(d Demand) (*Met, []string, error) {
	value, inParts := g.whole(d.Source, d.Scheme.ID, d.Bound, ClientID, Username)
	if value != "" {
		return bearer(value), nil, nil
	}
	if !inParts {
		return nil, g.unnamed(d), nil
	}
	grant, lacks, err := g.grant(d, g.parts(d.Source, d.Scheme.ID, members...))
	if grant == nil || err != nil {
		return nil, lacks, err
	}
	met := &Met{Grant: grant}
	met.Secrets = grant.secrets()
	return met, nil, nil
}

// unnamed is what is still missing where a secret was given, and not whose it is.
func (g *Given) unnamed(d Demand) []string {
	switch {
	case g.value(names(d.Source, d.Scheme.ID, ClientSecret)) != "":
		g.parts(d.Source, d.Scheme.ID, members...) // they are asked for all the same
		return []string{d.Scheme.ID + "." + ClientID}
	case g.value(names(d.Source, d.Scheme.ID, Password)) != "":
		g.parts(d.Source, d.Scheme.ID, members...)
		return []string{d.Scheme.ID + "." + Username}
	default:
		return nil
	}
}

// secrets are what must not be shown of a grant, in every form in which it travels:
// a server may tell what it was sent.
func (g *Grant) secrets() []string {
	var list []string
	for _, text := range []string{g.ClientSecret, g.Password, passwordIn(g.TokenURL), passwordIn(g.RefreshURL)} {
		if text != "" {
			list = append(list, text)
		}
	}
	if g.ClientSecret != "" {
		// In a header name and secret are encoded first (RFC 6749, section 2.3.1); some
		// servers tell them decoded.
		encoded, plain := url.QueryEscape(g.ClientID)+":"+url.QueryEscape(g.ClientSecret), g.ClientID+":"+g.ClientSecret
		header, unencoded := base64.StdEncoding.EncodeToString([]byte(encoded)), base64.StdEncoding.EncodeToString([]byte(plain))
		list = append(list, encoded, plain, header, unencoded)
	}
	return slices.Compact(list)
}

func passwordIn(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	password, _ := u.User.Password()
	return password
}

// grant is made of the members that were given: with a name and a password it is
// the password flow, else client credentials.
func (g *Given) grant(d Demand, parts map[string]string) (*Grant, []string, error) {
	grant := &Grant{
		Source: d.Source, Scheme: d.Scheme.ID, Flow: clientCredentials,
		ClientID: parts[ClientID], ClientSecret: parts[ClientSecret], Username: parts[Username], Password: parts[Password],
		Scope: parts[Scope], Authentication: parts[Authentication],
	}
	needed, mark := []string{ClientID, ClientSecret}, ClientID
	if grant.Username != "" {
		grant.Flow, needed, mark = passwordFlow, []string{Username, Password}, Username
	}
	if grant.Scope == "" {
		grant.Scope = strings.Join(d.Scopes, " ")
	}
	flow := d.Scheme.Flow(grant.Flow)
	if flow == nil && parts[TokenURL] == "" {
		return nil, nil, d.noFlow(grant.Flow, mark)
	}
	if lacks := missing(d.Scheme.ID, parts, needed...); lacks != nil {
		return nil, lacks, nil
	}
	if grant.Authentication != "" && grant.Authentication != "basic" && grant.Authentication != "body" {
		return nil, nil, &WrongError{
			Name: d.Scheme.ID + "." + Authentication, Message: fmt.Sprintf("the client cannot be authenticated by %q", grant.Authentication),
			Expected: "basic or body; without it basic, and body where the server does not take that",
		}
	}
	for _, member := range members {
		if err := onOneLine(d.Scheme.ID+"."+member, parts[member]); err != nil {
			return nil, nil, err
		}
	}
	return grant, nil, grant.locate(d, flow, parts[TokenURL])
}

// noFlow tells that the scheme does not have the flow that the members are for.
func (d Demand) noFlow(flow, mark string) error {
	var kinds []string
	for _, f := range d.Scheme.Flows {
		kinds = append(kinds, f.Kind)
	}
	declared := "it declares no flow"
	if len(kinds) > 0 {
		declared = "its flows are " + strings.Join(kinds, ", ")
	}
	e := &WrongError{
		Name:     d.Scheme.ID + "." + mark,
		Message:  fmt.Sprintf("it is for the flow %q, and the scheme %q does not have that: %s", flow, d.Scheme.ID, declared),
		Expected: fmt.Sprintf("an access token: --credential %s=TOKEN", d.Scheme.ID),
		Fix:      fmt.Sprintf("get a token elsewhere, or say where they are fetched: --credential %s.%s=URL", d.Scheme.ID, TokenURL),
	}
	if interactive(kinds) {
		e.Fix = fmt.Sprintf("sign in elsewhere, since these flows need a person; or say where tokens are fetched: --credential %s.%s=URL", d.Scheme.ID, TokenURL)
	}
	return e
}

// interactive tells whether a person has to take part in every one of the flows.
func interactive(kinds []string) bool {
	for _, kind := range kinds {
		if kind == clientCredentials || kind == passwordFlow {
			return false
		}
	}
	return len(kinds) > 0
}

// locate settles where the token endpoint is: where the caller says, else where
// the flow says, relative to the API's server (OpenAPI 3.1.1, Relative References
// in API URLs; 2.0 has absolute URLs alone).
func (g *Grant) locate(d Demand, flow *openapi.OAuthFlow, given string) (err error) {
	if given != "" {
		g.TokenURL, err = endpoint(d, "", given)
		g.RefreshURL = g.TokenURL
		return err
	}
	if g.TokenURL, err = endpoint(d, d.Server, flow.TokenURL); err != nil {
		return err
	}
	g.RefreshURL = g.TokenURL
	if flow.RefreshURL != "" {
		g.RefreshURL, err = endpoint(d, d.Server, flow.RefreshURL)
	}
	return err
}

// endpoint is an absolute URL of an endpoint. It has no fragment (RFC 6749,
// section 3.2).
func endpoint(d Demand, base, location string) (string, error) {
	target, err := url.Parse(location)
	if b, baseErr := url.Parse(base); err == nil && base != "" && baseErr == nil {
		target = b.ResolveReference(target)
	}
	if err != nil || location == "" || target.Host == "" || target.Fragment != "" || (target.Scheme != "http" && target.Scheme != "https") {
		what := fmt.Sprintf("the place to fetch tokens is %q", location)
		if location == "" {
			what = "the description does not say where tokens are fetched"
		}
		return "", &WrongError{
			Name: d.Scheme.ID, Message: what, Expected: "an http or https URL without a fragment",
			Fix: fmt.Sprintf("say where tokens are fetched: --credential %s.%s=URL", d.Scheme.ID, TokenURL),
		}
	}
	return target.String(), nil
}

package credential

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// TokenOptions are what fetching tokens takes.
type TokenOptions struct {
	// Transport sends the requests; it is that of the run, with its TLS and proxies.
	Transport http.RoundTripper
	// Timeout bounds one fetch.
	Timeout time.Duration
	// Now is the clock by which tokens expire.
	Now func() time.Time
	// Learn is told of every secret before it is used.
	Learn func(secret string)
	// Hide, where given, takes the secrets out of what a server says.
	Hide func(text string) string
	// Explain says what a request to a place ended in that got no answer, and what
	// to do about it.
	Explain func(err error, place *url.URL) (message, fix string)
}

// Tokens are the access tokens of one run. They are fetched when they are first
// needed, kept until shortly before they expire, and then refreshed, or fetched
// anew. It is safe for concurrent use: who needs a token that is being fetched
// waits for it.
type Tokens struct {
	o       TokenOptions
	client  *http.Client
	life    context.Context
	end     context.CancelFunc
	flights singleflight.Group

	mu   sync.Mutex
	held map[Grant]*held
}

// held is what is known of one grant's token.
type held struct {
	access, refresh string
	// expires is when it is no longer used; zero for never.
	expires time.Time
	// inBody is true when the server was found to take the client's secret in the
	// body alone.
	inBody bool
	// fetched and refreshed count the tokens.
	fetched, refreshed int
}

// NewTokens makes the tokens of a run, whose context ends every fetch.
func NewTokens(ctx context.Context, o TokenOptions) *Tokens {
	t := &Tokens{o: o, held: map[Grant]*held{}}
	t.life, t.end = context.WithCancel(ctx)
	t.client = &http.Client{
		Transport: endpointTransport{o.Transport},
		// The client's secret goes where the description says and nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return t
}

// Close ends the fetches that nobody waits for any more.
func (t *Tokens) Close() { t.end() }

// Token is an access token for the grant. The error is a [*FetchError], or the
// cause of ctx's end.
func (t *Tokens) Token(ctx context.Context, g Grant) (string, error) {
	if token, ok := t.valid(g); ok {
		return token, nil
	}
	flight := t.flights.DoChan(fmt.Sprintf("%q", g), func() (any, error) { return t.renew(g) })
	select {
	case landed := <-flight:
		token, _ := landed.Val.(string)
		return token, landed.Err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// Reject gives up a token that the API did not accept, so that the next request
// gets another. It does nothing when there is another already.
func (t *Tokens) Reject(g Grant, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.held[g]; h != nil && h.access == token {
		h.access = ""
	}
}

// Fetched is how often tokens were fetched for a grant.
type Fetched struct {
	Grant
	// Fetched counts the tokens, Refreshed those of them that a refresh token gave.
	Fetched, Refreshed int
}

// Fetched lists the grants of which tokens were fetched, in the order of their
// names.
func (t *Tokens) Fetched() []Fetched {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []Fetched
	for g, h := range t.held {
		if h.fetched > 0 {
			list = append(list, Fetched{g, h.fetched, h.refreshed})
		}
	}
	slices.SortFunc(list, func(a, b Fetched) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.TokenURL, b.TokenURL))
	})
	return list
}

func (t *Tokens) valid(g Grant) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.held[g]
	if h == nil || h.access == "" || !h.expires.IsZero() && !t.o.Now().Before(h.expires) {
		return "", false
	}
	return h.access, true
}

// renew gets a token by a refresh token, where the last answer had one, else anew.
// A refresh token that is not taken is over (RFC 6749, section 6).
func (t *Tokens) renew(g Grant) (string, error) {
	if token, ok := t.valid(g); ok {
		return token, nil // another flight landed in between
	}
	ctx, cancel := context.WithTimeoutCause(t.life, t.o.Timeout, errTooLong)
	defer cancel()
	last := t.last(g)
	if last.refresh != "" {
		token, err := t.fetch(ctx, g, last, true)
		if err == nil {
			return token, nil
		}
		if err.Unreachable || ctx.Err() != nil {
			return "", err
		}
	}
	token, err := t.fetch(ctx, g, last, false)
	if err != nil {
		return "", err
	}
	return token, nil
}

var errTooLong = errors.New("it took too long")

func (t *Tokens) last(g Grant) held {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.held[g]; h != nil {
		return *h
	}
	return held{}
}

// fetch makes the request, and keeps what it gives.
func (t *Tokens) fetch(ctx context.Context, g Grant, last held, refresh bool) (string, *FetchError) {
	asked := t.o.Now()
	answer, inBody, err := t.request(ctx, g, last, refresh)
	if err != nil {
		return "", t.failed(ctx, g, refresh, err)
	}
	for _, text := range []string{answer.AccessToken, answer.RefreshToken, idToken(answer)} {
		if text != "" {
			t.o.Learn(text)
		}
	}
	if err := usable(answer); err != nil {
		return "", t.failed(ctx, g, refresh, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.held[g]
	if h == nil {
		h = &held{}
		t.held[g] = h
	}
	h.access, h.refresh, h.inBody = answer.AccessToken, answer.RefreshToken, inBody
	h.expires = expiry(asked, answer)
	h.fetched++
	if refresh {
		h.refreshed++
	}
	return h.access, nil
}

func idToken(answer *oauth2.Token) string {
	text, _ := answer.Extra("id_token").(string)
	return text
}

// usable refuses a token that cannot be sent as RFC 6750, section 2.1, says: of
// another type, or with characters that no token has (RFC 6749, appendix A.12).
// Many servers leave the type out.
func usable(answer *oauth2.Token) error {
	if answer.TokenType != "" && !strings.EqualFold(answer.TokenType, "Bearer") {
		return fmt.Errorf("the token is of type %q, and only Bearer can be sent", answer.TokenType)
	}
	if strings.ContainsFunc(answer.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("the token has characters that no token can have")
	}
	return nil
}

// margin is how long before its end a token is no longer used: the request takes
// its time, and clocks differ. A token that lives shortly is used most of its life.
const margin = 10 * time.Second

// longestLife bounds what is taken from a server, so that no arithmetic overflows.
const longestLife = 365 * 24 * time.Hour

// expiry is when the token is no longer used. One of which nothing is said (RFC
// 6749, section 5.1) is used to the end of the run, and given up when the API
// refuses it.
func expiry(asked time.Time, answer *oauth2.Token) time.Time {
	var seconds float64
	switch v := answer.Extra("expires_in").(type) {
	case float64:
		seconds = v
	case int64:
		seconds = float64(v)
	case string:
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return time.Time{}
		}
		seconds = n
	default:
		return time.Time{}
	}
	life := time.Duration(min(max(seconds, 0), longestLife.Seconds()) * float64(time.Second))
	return asked.Add(life - min(margin, life/10))
}

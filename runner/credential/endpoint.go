package credential

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// maxAnswerBytes bounds what a token endpoint may answer.
const maxAnswerBytes = 256 << 10

// FetchError is a token that could not be had.
type FetchError struct {
	Grant Grant
	// Message says why, without the name of the place.
	// Fix is what to do about it; it may be empty.
	Message, Fix string
	// Unreachable is true when the token endpoint gave no HTTP answer at all,
	// and not for want of time.
	Unreachable bool
}

func (e *FetchError) Error() string {
	return fmt.Sprintf("no token for the security scheme %q: %s", e.Grant.Scheme, e.Message)
}

// request makes one request for a token; two where the server does not take the
// client's secret in the header and nobody said how it does. It tells in which
// form the server took it.
func (t *Tokens) request(ctx context.Context, g Grant, last held, refresh bool) (answer *oauth2.Token, inBody bool, err error) {
	config := clientcredentials.Config{ClientID: g.ClientID, ClientSecret: g.ClientSecret, TokenURL: g.TokenURL}
	switch {
	case refresh:
		config.TokenURL = g.RefreshURL
		config.EndpointParams = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {last.refresh}}
	case g.Flow == passwordFlow:
		config.EndpointParams = url.Values{"grant_type": {"password"}, "username": {g.Username}, "password": {g.Password}}
	}
	if g.Scope != "" && !refresh {
		config.Scopes = []string{g.Scope}
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, t.client)
	inBody = g.Authentication == "body" || g.ClientSecret == "" || last.inBody
	if !inBody {
		config.AuthStyle = oauth2.AuthStyleInHeader
		answer, err = config.Token(ctx)
		if g.Authentication != "" || !refusesClient(err) {
			return answer, false, err
		}
	}
	config.AuthStyle = oauth2.AuthStyleInParams
	answer, bodyErr := config.Token(ctx)
	if bodyErr != nil && err != nil {
		return nil, false, err // what it said to the form that every server takes
	}
	return answer, true, bodyErr
}

// refusesClient tells whether the server did not accept the client: it may only
// take its secret in another form (RFC 6749, section 5.2).
func refusesClient(err error) bool {
	var refused *oauth2.RetrieveError
	return errors.As(err, &refused) && (refused.ErrorCode == "invalid_client" || refused.Response.StatusCode == http.StatusUnauthorized)
}

// failed says why there is no token, as far as the user can act on it. Of the
// server's answer only what RFC 6749, section 5.2, says for people is shown.
func (t *Tokens) failed(ctx context.Context, g Grant, refresh bool, err error) *FetchError {
	e := &FetchError{Grant: g}
	place := g.TokenURL
	if refresh {
		place = g.RefreshURL
	}
	var refused *oauth2.RetrieveError
	var inURL *url.Error
	switch {
	case errors.Is(context.Cause(ctx), errTooLong):
		e.Message = fmt.Sprintf("%s gave none within %s", place, t.o.Timeout)
	case ctx.Err() != nil:
		e.Message = "the run is over"
	case errors.As(err, &refused):
		e.Message = fmt.Sprintf("%s answered %s%s", place, refused.Response.Status, t.refusal(refused))
	case errors.As(err, &inURL):
		e.Unreachable = true
		message, fix := t.explained(inURL.Err, place)
		e.Message, e.Fix = place+": "+message, fix
	default:
		reason := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "oauth2: "), "cannot fetch token: ")
		e.Message = fmt.Sprintf("the answer of %s is no use: %s", place, reason)
	}
	return e
}

func (t *Tokens) explained(err error, place string) (message, fix string) {
	u, parseErr := url.Parse(place)
	if t.o.Explain == nil || parseErr != nil {
		return fmt.Sprintf("no answer came: %v", err), ""
	}
	return t.o.Explain(err, u)
}

// refusal is what the server says of it. What is secret is hidden in the whole of
// it: a part would not be known as one.
func (t *Tokens) refusal(refused *oauth2.RetrieveError) string {
	hide := t.o.Hide
	if hide == nil {
		hide = func(text string) string { return text }
	}
	switch {
	case refused.ErrorCode == "":
		return ""
	case refused.ErrorDescription == "":
		return fmt.Sprintf(", %q", excerpt(hide(refused.ErrorCode)))
	default:
		return fmt.Sprintf(", %q: %q", excerpt(hide(refused.ErrorCode)), excerpt(hide(refused.ErrorDescription)))
	}
}

// excerpt bounds what is shown of a server's words, in bytes.
func excerpt(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// endpointTransport asks for JSON, which not every server answers with by itself,
// and bounds the answer.
type endpointTransport struct {
	base http.RoundTripper
}

func (t endpointTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "arazzo")
	answer, err := t.base.RoundTrip(r)
	if err == nil && answer != nil && answer.Body != nil {
		answer.Body = &bounded{answer.Body, maxAnswerBytes}
	}
	return answer, err
}

// bounded is a body that may not be longer than it has left.
type bounded struct {
	io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, fmt.Errorf("it has more than %d bytes", maxAnswerBytes)
	}
	return n, err
}

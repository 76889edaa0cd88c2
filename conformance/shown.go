package conformance

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// secrets are what no report shows: the keys, and the passwords in URLs.
func (t Target) secrets() []string {
	all := []string{t.APIKey, t.OtherAPIKey}
	for _, text := range []string{t.PulseURL, t.AccelerateURL} {
		u, err := url.Parse(text)
		if err != nil || u.User == nil {
			continue
		}
		password, _ := u.User.Password()
		all = append(all, password, base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)))
	}
	return all
}

// shown is a text that a target may have written as a person gets to see it: without
// secrets, in any of the forms that they take in URLs and in JSON, and without commands
// to the terminal.
func (t Target) shown(text string) string {
	const short = 4 // it would be found in any text
	for _, value := range t.secrets() {
		if len(value) < short {
			continue
		}
		inJSON, _ := json.Marshal(value) // of a text, which has no error
		for _, form := range []string{
			value, url.QueryEscape(value), url.PathEscape(value), url.UserPassword("", value).String()[1:],
			string(inJSON[1 : len(inJSON)-1]), base64.StdEncoding.EncodeToString([]byte(value)),
		} {
			text = strings.ReplaceAll(text, form, secret.Masked)
		}
	}
	return report.Visible(text)
}

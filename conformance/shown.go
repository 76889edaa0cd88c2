package conformance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner/secret"
)

// secrets are what no report shows: the keys, and the passwords in URLs.
func (t Target) secrets() []string {
	return append([]string{t.APIKey, t.OtherAPIKey}, passwords(t.PulseURL, t.AccelerateURL)...)
}

// passwords are those in URLs, as they stand there and as HTTP sends them.
func passwords(urls ...string) (all []string) {
	for _, text := range urls {
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
// secrets and without commands to the terminal.
func (t Target) shown(text string) string { return shown(text, t.secrets()) }

// shown is a text without secrets, in any of the forms that they take in URLs and in
// JSON, and without commands to the terminal.
func shown(text string, secrets []string) string {
	const short = 4 // it would be found in any text
	for _, value := range secrets {
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

// maxLoggedLines and maxLoggedBytes bound what is shown of a log for one case: other cases
// are judged meanwhile.
const (
	maxLoggedLines = 10
	maxLoggedBytes = 8 << 10
)

// logged are the last errors that the target logged from a time on, as a person gets to
// see them.
func (s *suite) logged(condition Condition, t Target, from time.Time) []string {
	if s.Logged == nil {
		return nil
	}
	var last []string
	left := maxLoggedBytes
	secrets := slices.Concat(s.Target.secrets(), t.secrets(), passwords(s.DatabaseURL))
	lines := s.Logged(condition, from)
	for _, line := range slices.Backward(lines) {
		line = shown(line, secrets)
		if left -= len(line); left < 0 || len(last) == maxLoggedLines {
			last = append(last, fmt.Sprintf("(%d before these)", len(lines)-len(last)))
			break
		}
		last = append(last, line)
	}
	slices.Reverse(last)
	return last
}

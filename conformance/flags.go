package conformance

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"strings"
)

// The flags that name a target.
const (
	pulseFlag      = "pulse"
	accelerateFlag = "accelerate"
	keyFlag        = "api-key"
)

// Flags adds the flags that name the target.
func (t *Target) Flags(f *flag.FlagSet) {
	f.StringVar(&t.PulseURL, pulseFlag, "", "judge the Pulse API at this base `URL`; needs -accelerate and -api-key")
	f.StringVar(&t.AccelerateURL, accelerateFlag, "", "judge the Accelerate API at this base `URL`; needs -pulse and -api-key")
	f.StringVar(&t.APIKey, keyFlag, "", "the `KEY` that both APIs take as a bearer token; needs -pulse and -accelerate")
}

// Named tells whether any of the flags was given.
func (t Target) Named() bool { return t != Target{} }

// Check says what is wrong with the flags of a target that is named. It never
// repeats the key, nor a password in a URL.
func (t Target) Check() error {
	var given, missing []string
	for _, f := range []struct{ name, value string }{
		{pulseFlag, t.PulseURL},
		{accelerateFlag, t.AccelerateURL},
		{keyFlag, t.APIKey},
	} {
		if f.value != "" {
			given = append(given, "-"+f.name)
		} else {
			missing = append(missing, "-"+f.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("a target takes -pulse URL, -accelerate URL and -api-key KEY together: given %s, missing %s; add what is missing",
			orNothing(given), strings.Join(missing, " and "))
	}
	return errors.Join(checkURL(pulseFlag, t.PulseURL), checkURL(accelerateFlag, t.AccelerateURL))
}

func orNothing(flags []string) string {
	if len(flags) == 0 {
		return "nothing"
	}
	return strings.Join(flags, " and ")
}

func checkURL(name, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The error would repeat the text, and with it a password.
		return fmt.Errorf("-%s is not a URL; give one such as http://127.0.0.1:4466", name)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("-%s %s is not an http(s) URL; give one such as http://127.0.0.1:4466", name, u.Redacted())
	case u.RawQuery != "", u.Fragment != "":
		return fmt.Errorf("-%s %s has a query or a fragment; give the base URL alone, paths are added to it", name, u.Redacted())
	}
	return nil
}

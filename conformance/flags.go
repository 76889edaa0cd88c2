package conformance

import (
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// The flags that messages name.
const (
	pulseFlag      = "pulse"
	accelerateFlag = "accelerate"
	keyFlag        = "api-key"
	otherKeyFlag   = "other-api-key"
	caCertFlag     = "ca-cert"
	databaseFlag   = "database-url"
	profileFlag    = "profile"
	featuresFlag   = "features"
	runFlag        = "run"
	skipFlag       = "skip"
	knownFlag      = "known-failing"
	writeKnownFlag = "write-known"
	timescaleFlag  = "timescale"
	parallelFlag   = "parallel-cases"
)

// The largest that flags may ask for. Behind a timescale of a hundred a case may take
// hours.
const (
	maxTimescale = 100
	maxParallel  = 64
	maxFileBytes = 1 << 20
)

// Flags are how a person says what is judged, to go test and to a program alike. In go
// test they may be written with one hyphen or two.
type Flags struct {
	Target Target
	// DatabaseURL is the target's database; where no target is named, the Postgres of
	// the bundled reference.
	DatabaseURL string
	// WriteKnown is the file that takes a draft of the known failures.
	WriteKnown string

	profile                 Profile
	featuresFile, knownFile string
	caCerts                 files
	run, skip               Patterns
	timescale               float64
	parallel                int
}

// Add adds the flags to a set.
func (f *Flags) Add(set *flag.FlagSet) {
	f.profile = AllProfile
	set.StringVar(&f.Target.PulseURL, pulseFlag, "", "judge the Pulse API at this base `URL`")
	set.StringVar(&f.Target.AccelerateURL, accelerateFlag, "", "judge the Accelerate API at this base `URL`")
	set.StringVar(&f.Target.APIKey, keyFlag, "", "the `KEY` that both APIs take as a bearer token")
	set.StringVar(&f.Target.OtherAPIKey, otherKeyFlag, "", "the `KEY` of a second environment, with a database of its own; cases of the feature environments need it")
	set.Var(&f.caCerts, caCertFlag, "trust the certificates in the PEM `FILE` too; repeatable")
	set.StringVar(&f.DatabaseURL, databaseFlag, "", "the target's Postgres, as a `URL`: the tables of the cases are made in it, and a target without Accelerate has its rows written there. Without a target: the server on which the reference makes databases of its own")
	set.Var(&f.profile, profileFlag, "whose requirements are judged, as a `NAME`: pulse, accelerate or all")
	set.StringVar(&f.featuresFile, featuresFlag, "", "the YAML `FILE` in which the implementation says who it is and which features it has; without it everything is judged")
	set.Var(&f.run, runFlag, "run only the cases that `PATTERNS` name: an id such as pulse-create/twice, a group such as pulse-create, a requirement such as PULSE-CREATE-05, * and ?; separated by commas, repeatable")
	set.Var(&f.skip, skipFlag, "leave out the cases that `PATTERNS` name")
	set.StringVar(&f.knownFile, knownFlag, "", "the `FILE` of known failures, on each line a pattern and the reason; they have to fail still")
	set.StringVar(&f.WriteKnown, writeKnownFlag, "", "draft that file from what failed: a `FILE` that there is not yet")
	set.Float64Var(&f.timescale, timescaleFlag, 1, "multiply every bound on time by `FACTOR`, for a slow machine or network")
	set.IntVar(&f.parallel, parallelFlag, sideBySide, "how many cases run side by side")
}

// Options are what the flags say of a run, the files that they name included. What is
// wrong with them is told before anything is started or asked.
func (f *Flags) Options() (Options, error) {
	o := Options{
		Target: f.Target, Profile: f.profile, DatabaseURL: f.DatabaseURL,
		Run: f.run, Skip: f.skip, Timescale: f.timescale, Parallel: f.parallel,
		featuresFile: f.featuresFile, knownFile: f.knownFile, caCerts: f.caCerts,
	}
	if err := errors.Join(f.checkNumbers(), f.checkTarget(), f.checkDraft()); err != nil {
		return o, err
	}
	var err error
	if o.Target.Roots, err = f.caCerts.roots(); err != nil {
		return o, err
	}
	if o.Declaration, err = read(featuresFlag, f.featuresFile, ReadDeclaration); err != nil {
		return o, err
	}
	if o.Known, err = read(knownFlag, f.knownFile, ReadKnown); err != nil {
		return o, err
	}
	cases, err := Cases()
	if err == nil {
		err = o.check(cases)
	}
	return o, err
}

// Files are the paths of the files that the flags name, to be read.
func (f *Flags) Files() []string {
	return append([]string{f.featuresFile, f.knownFile}, f.caCerts...)
}

// files are those that a flag names which may be given more than once.
type files []string

// String is how they are written for a person.
func (f *files) String() string { return strings.Join(*f, ", ") }

// Set adds what a flag names.
func (f *files) Set(file string) error {
	if file == "" {
		return errors.New("the name of the file is missing")
	}
	*f = append(*f, file)
	return nil
}

// roots are the system's authorities and those in the files; nil where there are none.
func (f files) roots() (*x509.CertPool, error) {
	if len(f) == 0 {
		return nil, nil
	}
	roots, err := exchange.ReadRoots(f...)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", caCertFlag, err)
	}
	return roots, nil
}

func (f *Flags) checkNumbers() error {
	switch {
	case !(f.timescale >= 1 && f.timescale <= maxTimescale): // also what is no number
		return fmt.Errorf("--%s %v: expected 1 to %d", timescaleFlag, f.timescale, maxTimescale)
	case f.parallel < 1 || f.parallel > maxParallel:
		return fmt.Errorf("--%s %d: expected 1 to %d", parallelFlag, f.parallel, maxParallel)
	default:
		return nil
	}
}

// checkTarget says what is wrong with the flags of a target that is named. It never
// repeats a key, nor a password in a URL.
func (f *Flags) checkTarget() error {
	t := f.Target
	if !t.Named() {
		return f.checkNoTarget()
	}
	var given, missing []string
	for _, part := range []struct {
		name, value string
		needed      bool
	}{
		{pulseFlag, t.PulseURL, f.profile.asks(Pulse)},
		{accelerateFlag, t.AccelerateURL, f.profile != PulseProfile || f.DatabaseURL == ""},
		{keyFlag, t.APIKey, true},
	} {
		switch {
		case part.value != "":
			given = append(given, "--"+part.name)
		case part.needed:
			missing = append(missing, "--"+part.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the profile %s of a target takes %s: given %s, missing %s; add what is missing%s",
			f.profile, taken[f.profile], orNothing(given), together(missing), f.orAlone())
	}
	return errors.Join(
		checkURL(pulseFlag, t.PulseURL), checkURL(accelerateFlag, t.AccelerateURL),
		checkKey(keyFlag, t.APIKey), checkKey(otherKeyFlag, t.OtherAPIKey), t.checkOther(),
	)
}

// checkNoTarget refuses what is said of a target where none is named.
func (f *Flags) checkNoTarget() error {
	if len(f.caCerts) > 0 {
		return fmt.Errorf("--%s is for a target that has TLS, and none is named: add its URLs and its key, or leave it out", caCertFlag)
	}
	return nil
}

// checkKey refuses a key that no header carries: line breaks come with a key that is
// read from a file.
func checkKey(name, key string) error {
	if strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == '\x7f' }) || strings.TrimSpace(key) != key {
		return fmt.Errorf("--%s has a line break, a blank at an end or the like in it, which no header carries: give the key alone", name)
	}
	return nil
}

// checkOther refuses a second environment that is the first.
func (t Target) checkOther() error {
	if t.OtherAPIKey != "" && t.OtherAPIKey == t.APIKey {
		return fmt.Errorf("--%s is the key of --%s: give that of a second environment, or leave it out", otherKeyFlag, keyFlag)
	}
	return nil
}

// taken is what each profile takes of a target.
var taken = map[Profile]string{
	AllProfile:        "--pulse URL, --accelerate URL and --api-key KEY",
	PulseProfile:      "--pulse URL, --api-key KEY, and --accelerate URL or --database-url URL, by which rows are written",
	AccelerateProfile: "--accelerate URL and --api-key KEY",
}

// orAlone offers to judge one API where the URL of one is there.
func (f *Flags) orAlone() string {
	switch {
	case f.profile != AllProfile:
		return ""
	case f.Target.AccelerateURL == "" && f.Target.PulseURL != "":
		return ", or judge Pulse alone: --profile pulse --database-url URL"
	case f.Target.PulseURL == "" && f.Target.AccelerateURL != "":
		return ", or judge Accelerate alone: --profile accelerate"
	default:
		return ""
	}
}

// checkDraft refuses to write a draft over what somebody wrote.
func (f *Flags) checkDraft() error {
	if f.WriteKnown == "" {
		return nil
	}
	if info, err := os.Stat(f.WriteKnown); err == nil && info.Mode().IsRegular() {
		return fmt.Errorf("--%s %s: there is such a file, and a draft is not written over it; give another name", writeKnownFlag, f.WriteKnown)
	}
	return nil
}

// read reads the file that a flag names, if it names one.
func read[T any](name, file string, parse func(io.Reader) (T, error)) (parsed T, err error) {
	if file == "" {
		return parsed, nil
	}
	opened, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		folder, _ := os.Getwd()
		return parsed, fmt.Errorf("--%s %s: there is no such file in %s", name, file, folder)
	}
	if err != nil {
		return parsed, fmt.Errorf("--%s: %w", name, err)
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxFileBytes+1))
	switch {
	case err != nil:
		return parsed, fmt.Errorf("--%s: %w", name, err)
	case len(text) > maxFileBytes:
		return parsed, fmt.Errorf("--%s %s has more than %d bytes", name, file, maxFileBytes)
	}
	if !utf8.Valid(text) {
		return parsed, fmt.Errorf("--%s %s is no text in UTF-8: store it as such", name, file)
	}
	if parsed, err = parse(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))); err != nil {
		return parsed, fmt.Errorf("--%s %s: %s", name, file, report.Visible(err.Error()))
	}
	return parsed, nil
}

func orNothing(flags []string) string {
	if len(flags) == 0 {
		return "none of them"
	}
	return together(flags)
}

// together is a list in words.
func together(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func checkURL(name, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The error would repeat the text, and with it a password.
		return fmt.Errorf("--%s is not a URL; give one such as http://127.0.0.1:4466", name)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("--%s %s is not an http(s) URL; give one such as http://127.0.0.1:4466", name, u.Redacted())
	case u.RawQuery != "", u.Fragment != "":
		return fmt.Errorf("--%s %s has a query or a fragment; give the base URL alone, paths are added to it", name, u.Redacted())
	}
	return nil
}

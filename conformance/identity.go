package conformance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"runtime/debug"
	"slices"

	"github.com/arazzo-conformance/arazzo/conformance/report"
	"github.com/arazzo-conformance/arazzo/specs"
)

// module is the path of the module that the suite is part of.
const module = "github.com/arazzo-conformance/arazzo"

// judge says which suite it is: the version that its program was released as and the
// commit that its caller knows, else what the build knows of the module.
func judge(version, commit string) report.Suite {
	built, stamped := built()
	return report.Suite{Version: cmp.Or(version, built, "devel"), Commit: cmp.Or(commit, stamped), Documents: fingerprints()}
}

// built is the version and the commit of the module, as far as the build knows them: a
// test binary knows neither.
func built() (version, commit string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	if info.Main.Path != module {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return dependency.Version, ""
			}
		}
		return "", ""
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value + commit
		case s.Key == "vcs.modified" && s.Value == "true":
			commit += " and changes"
		}
	}
	if info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return version, commit
}

// fingerprints are the SHA-256 of the files that say what is right.
func fingerprints() map[string]string {
	texts := map[string]string{
		"specs/" + specs.PulseFile: specs.Pulse, "specs/" + specs.AccelerateFile: specs.Accelerate,
		"specs/requirements.yaml": specs.Requirements,
		"conformance/fixture.sql": FixtureSQL, "conformance/fixture.prisma": FixtureSchema,
	}
	files, _ := documents.ReadDir("cases") // they are embedded
	for _, file := range files {
		text, _ := documents.ReadFile("cases/" + file.Name())
		texts["conformance/cases/"+file.Name()] = string(text)
	}
	sums := make(map[string]string, len(texts))
	for name, text := range texts {
		sum := sha256.Sum256([]byte(text))
		sums[name] = hex.EncodeToString(sum[:])
	}
	return sums
}

// identity is what the report says of the target. Where the bundled reference listens
// is new each time, and says nothing.
func (o *Options) identity() report.Target {
	t := report.Target{Database: o.DatabaseVersion, Features: []string{}}
	if d := o.Declaration; d != nil {
		t.Name, t.Version, t.URL, t.Contact = d.Implementation.Name, d.Implementation.Version, d.Implementation.URL, d.Implementation.Contact
		t.Features = append(t.Features, d.Features...)
	}
	if o.Bundled {
		t.Pulse, t.Accelerate = "bundled", "bundled"
		if o.Declaration == nil {
			t.Name, t.Version, t.Features = "the bundled reference", judge(o.Version, o.Commit).Version, slices.Sorted(maps.Keys(Features))
		}
		return t
	}
	t.Pulse = shownURL(o.Target.PulseURL)
	if !o.RowsBySQL {
		t.Accelerate = shownURL(o.Target.AccelerateURL)
	}
	return t
}

// shownURL is a URL without a password.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Redacted()
}

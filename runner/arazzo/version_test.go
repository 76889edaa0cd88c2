package arazzo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/arazzo"
)

// TestVersions holds which versions are read, and as what (S-001, S-002).
func TestVersions(t *testing.T) {
	t.Parallel()
	unsupported := func(version string) []string {
		return []string{`1:9 error[arazzo/unsupported-version]: the document follows Arazzo "` + version + `"`}
	}
	newer := func(version string) []string {
		return []string{"1:9 warning[arazzo/newer-version]: the document follows Arazzo " + version + " and is read as 1.1"}
	}
	tests := []struct {
		version string
		minor   int
		want    []string
	}{
		{"1.0.0", 0, nil},
		{"1.0.1", 0, nil},
		{"1.0.99-beta.1", 0, nil},
		{"1.1.0", 1, nil},
		{"1.1.2-rc1", 1, nil},
		{"1.2.0", 1, newer("1.2.0")},
		{"1.10.0", 1, newer("1.10.0")},
		{"1.99999999999999999999.0", 1, newer("1.99999999999999999999.0")},
		{"2.0.0", 1, unsupported("2.0.0")},
		{"0.9.0", 1, unsupported("0.9.0")},
		{"11.0.0", 1, unsupported("11.0.0")},
		{"1.01.0", 1, unsupported("1.01.0")},
		{"v1.0.1", 1, unsupported("v1.0.1")},
		{"1.0.1 ", 1, unsupported("1.0.1 ")},
		{"1.0", 1, unsupported("1.0")},
		{"1.0.1-", 1, unsupported("1.0.1-")},
		{"latest", 1, unsupported("latest")},
		{"", 1, unsupported("")},
	}
	for _, test := range tests {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			document, found := arazzo.Read(parse(t, "arazzo: '"+test.version+"'\n"+head[len("arazzo: 1.0.1\n"):]+oneStep))
			if document.Minor() != test.minor || document.Arazzo != test.version {
				t.Errorf("%q is read as 1.%d, want 1.%d", document.Arazzo, document.Minor(), test.minor)
			}
			if diff := cmp.Diff(test.want, lines(found)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestVersionsThatAreNoText(t *testing.T) {
	t.Parallel()
	runReadTests(t, []readTest{
		{"S-001: a number", "arazzo: 1.0\n" + head[len("arazzo: 1.0.1\n"):] + oneStep, []string{"1:9 error[arazzo/wrong-type]: arazzo is a number"}},
		{"S-001: null", "arazzo:\n" + head[len("arazzo: 1.0.1\n"):] + oneStep, []string{"1:8 error[arazzo/wrong-type]: arazzo is null"}},
	})
}

package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The ways in which the code gives a diagnostic its code.
var codePatterns = []*regexp.Regexp{
	regexp.MustCompile(`\bCode: +"([a-z0-9-]+)"`),
	regexp.MustCompile(`\bCode(?:, \w+\.\w+)? = "([a-z0-9-]+)"`),
	regexp.MustCompile(`\.(?:fail|report)\((?:source\.\w+, )?[^,"]+(?:\("\w+"\))?, "([a-z0-9-]+)"`),
	regexp.MustCompile(`error\[([a-z-]+)\]`),
	regexp.MustCompile(`(?:NoResponse|Untrusted|Broken|TooLarge|NotFollowed|UnknownEncoding) = "([a-z-]+)"`),
}

// codeForm is what a code looks like: words with hyphens, or one of a few words.
var codeForm = regexp.MustCompile(`^(?:[a-z]+(?:-[a-z0-9]+)+|usage|timeout|interrupted|internal|unsupported)$`)

var documented = regexp.MustCompile("`([a-z0-9-]+)`")

// TestCodesAreDocumented holds docs/codes.md and the code against each other. The
// codes that begin with arazzo/ are held by package rule.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	used := map[string]bool{}
	for _, path := range goFiles(t) {
		if !strings.HasPrefix(path, filepath.Join(root, "runner")) && !strings.HasPrefix(path, filepath.Join(root, "cmd")) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		for _, pattern := range codePatterns {
			for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
				if codeForm.MatchString(m[1]) {
					used[m[1]] = true
				}
			}
		}
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "codes.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range documented.FindAllStringSubmatch(string(page), -1) {
		if !codeForm.MatchString(m[1]) {
			continue
		}
		known[m[1]] = true
		if !strings.Contains(all.String(), `"`+m[1]+`"`) && !strings.Contains(all.String(), "["+m[1]+"]") {
			t.Errorf("docs/codes.md has %s, which the code does not use", m[1])
		}
	}
	for code := range used {
		if !known[code] {
			t.Errorf("docs/codes.md does not have %s", code)
		}
	}
	if len(used) < 30 {
		t.Errorf("only %d codes were found in the code", len(used))
	}
}

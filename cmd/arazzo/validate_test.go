package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
)

const pets = `{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get": {"operationId": "listPets"}}}}`

// warned is a document in which one bare expression can be corrected. Its second
// line is a comment.
const warned = `arazzo: 1.0.1
#	é, and what is no tab here: 	
info: {title: 'Pets' , version: "1"}
sourceDescriptions: [ {name: pets, url: pets.json} ]
workflows:
- workflowId: list
  inputs: {type: object, properties: {token: {type: string}}}
  steps:
  - stepId: list
    operationId: listPets
    parameters:
    - {in: header, name: Authorization,value: "Bearer $inputs.token"}   # bare
`

const warnedJSON = `{"arazzo": "1.0.1", "info": {"title": "Pets", "version": "1"},
	"sourceDescriptions": [{"name": "pets", "url": "pets.json"}],
	"workflows": [{"workflowId": "list", "inputs": {"properties": {"token": {}}}, "steps": [{
		"stepId": "list", "operationId": "listPets",
		"parameters": [{"in": "header", "name": "Authorization", "value": "Bearer\u0020$inputs.token"}]}]}]}`

// TestFixKeepsEveryOtherByte holds what of a corrected file stays as it is.
func TestFixKeepsEveryOtherByte(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"comments and blanks":         warned,
		"line breaks of Windows":      strings.ReplaceAll(warned, "\n", "\r\n"),
		"a byte order mark":           "\ufeff" + warned,
		"no line break at the end":    strings.TrimSuffix(warned, "\n"),
		"JSON, and its escapes":       warnedJSON,
		"characters of four bytes":    strings.ReplaceAll(warned, "Bearer ", "🔑 "),
		"quotes that stand for one":   strings.ReplaceAll(warned, `"Bearer $inputs.token"`, `'it''s $inputs.token'`),
		"the rest after the document": warned + "...\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := document(t, before, 0o640)
			want := strings.ReplaceAll(before, "$inputs.token", "{$inputs.token}")
			for range 2 { // the second time there is nothing to do
				var stdout, stderr bytes.Buffer
				if code := exit.Run(root(), []string{"validate", "--fix", file}, nil, &stdout, &stderr); code != exit.OK {
					t.Fatalf("exit code %d\n%s%s", code, &stdout, &stderr)
				}
				after, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(after)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			info, err := os.Stat(file)
			if err != nil || info.Mode() != 0o640 {
				t.Errorf("the mode is %v, %v", info.Mode(), err)
			}
			beside, err := os.ReadDir(filepath.Dir(file))
			if err != nil || len(beside) != 2 {
				t.Errorf("the folder has %v, %v", beside, err)
			}
		})
	}
}

// document writes a document and its source into a folder of their own.
func document(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "list.yml")
	for name, content := range map[string]string{file: text, filepath.Join(filepath.Dir(file), "pets.json"): pets} {
		if err := errors.Join(os.WriteFile(name, []byte(content), mode), os.Chmod(name, mode)); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

// full is a writer that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestFindingsThatCannotBeWritten are no success: nobody knows what was found.
func TestFindingsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := document(t, warned, 0o640)
	for _, args := range [][]string{{"validate", file}, {"validate", "--format", "json", file}, {"describe", file}} {
		var stderr bytes.Buffer
		code := exit.Run(root(), args, nil, full{}, &stderr)
		if code != exit.BadInput || !strings.HasPrefix(stderr.String(), "error[report-not-written]: ") {
			t.Errorf("%v: exit code %d\n%s", args, code, &stderr)
		}
	}
}

// TestWhatIsNotReplaced holds that only a regular file is written over: a pipe or
// a device would be gone.
func TestWhatIsNotReplaced(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	inside := filepath.Join(folder, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(inside, "text"); err == nil || err.Error() != "it is not a regular file" {
		t.Errorf("the error is %v", err)
	}
	if err := replaceFile(filepath.Join(folder, "nosuch"), "text"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 || !left[0].IsDir() {
		t.Errorf("the folder has %v, %v", left, err)
	}
}

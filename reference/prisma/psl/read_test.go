package psl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write makes the files of a folder and gives the folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestReadFileAndFolder(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{
		"schema.prisma":      "datasource db {\nprovider = \"postgresql\"\n}",
		"models/user.prisma": "model User {\nid Int @id\nrole Role\n}",
		"models/role.prisma": "enum Role {\nA\n}",
		"models/notes.txt":   "no schema",
	})
	schema, _, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if kind := schema.Model("User").Field("role").Kind; kind != EnumKind {
		t.Errorf("an enum of another file is of kind %d", kind)
	}
	user := filepath.Join(folder, "models", "user.prisma")
	_, _, err = Read(user)
	want := user + `:3:6: expected a scalar type, or an enum or model of this schema, found "Role"`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("the file alone (-want +got):\n%s", diff)
	}
}

// Mistakes of all files are told at once.
func TestReadTellsEachFile(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{"a.prisma": "model", "b.prisma": "enum"})
	_, _, err := Read(folder)
	want := filepath.Join(folder, "a.prisma") + ":1:6: expected the name of the model, found the end of the file\n" +
		filepath.Join(folder, "b.prisma") + ":1:5: expected the name of the enum, found the end of the file"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{"empty/x": "", "big.prisma": strings.Repeat(" ", maxBytes+1)})
	for _, test := range []struct{ name, want string }{
		{"nothing.prisma", "schema: stat FOLDER/nothing.prisma: no such file or directory: name a Prisma schema file, or a folder of them"},
		{"empty", "schema: FOLDER/empty: expected files that end in .prisma in this folder, found none"},
		{"big.prisma", "FOLDER/big.prisma: expected a schema of at most 16777216 bytes, found more"},
	} {
		_, _, err := Read(filepath.Join(folder, test.name))
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		got := strings.ReplaceAll(filepath.ToSlash(err.Error()), filepath.ToSlash(folder), "FOLDER")
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

//go:build unix && !aix && !solaris

package postgres

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADamagedTemplateIsReplaced(t *testing.T) {
	t.Parallel()
	here := withOwnCache(t)
	if err := start(t, here).Stop(); err != nil {
		t.Fatal(err)
	}
	path := onlyTemplate(t, here)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{
		"nothing in it":         {},
		"not an archive":        []byte("see you later"),
		"cut in the middle":     whole[:len(whole)/2],
		"without its checksum":  whole[:len(whole)-8],
		"one bit is wrong":      flipped,
		"of another PostgreSQL": bytes.Replace(whole, []byte("UTF8"), []byte("NONE"), 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := withOwnCache(t)
			damaged := filepath.Join(own.cache, filepath.Base(path))
			if err := os.Mkdir(own.cache, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(damaged, content, 0o600); err != nil {
				t.Fatal(err)
			}
			query(t, start(t, own).URL(), "SELECT 'works'")
			fresh, err := os.ReadFile(damaged)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(fresh, content) {
				t.Error("the damaged template is still there")
			}
			if got, want := madeBy(t, fresh), madeBy(t, whole); got != want {
				t.Errorf("the template is made by %q, want %q", got, want)
			}
			again := template{path: damaged, madeBy: madeBy(t, whole)}
			if err := again.unpack(filepath.Join(t.TempDir(), "data"), account{}); err != nil {
				t.Error("the new template: ", err)
			}
		})
	}
}

func TestACacheThatCannotBeWrittenCostsNothingElse(t *testing.T) {
	t.Parallel()
	here := withOwnCache(t)
	if err := os.WriteFile(here.cache, nil, 0o600); err != nil { // a file where a folder is wanted
		t.Fatal(err)
	}
	query(t, start(t, here).URL(), "SELECT 'works'")
}

func TestStartsAtOnceShareOneTemplate(t *testing.T) {
	t.Parallel()
	here := withOwnCache(t)
	for range 3 {
		t.Run("one of them", func(t *testing.T) {
			t.Parallel()
			own := here
			own.temporary = []string{sharedFolder(t)}
			query(t, start(t, own).URL(), "SELECT 'works'")
		})
	}
	t.Cleanup(func() {
		if entries, err := os.ReadDir(here.cache); err != nil || len(entries) != 1 {
			t.Errorf("the cache holds %v (%v), want one template", entries, err)
		}
	})
}

func TestUnpackTar(t *testing.T) {
	t.Parallel()
	folder := func(name string) *tar.Header { return &tar.Header{Name: name, Typeflag: tar.TypeDir, Mode: 0o777} }
	file := func(name string) *tar.Header {
		return &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o4777, Size: 2}
	}
	link := func(name, to string) *tar.Header {
		return &tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: to, Mode: 0o777}
	}
	for _, test := range []struct {
		name    string
		entries []*tar.Header
		want    []string
		wantErr string
	}{
		{
			name:    "folders, files and links",
			entries: []*tar.Header{folder("./"), folder("./bin/"), file("./bin/postgres"), link("bin/postmaster", "postgres")},
			want:    []string{"bin drwxr-xr-x", "bin/postgres -rwxr-xr-x", "bin/postmaster Lrwxrwxrwx"},
		},
		{
			name:    "a file before its folder",
			entries: []*tar.Header{file("bin/postgres"), folder("bin/")},
			want:    []string{"bin drwxr-xr-x", "bin/postgres -rwxr-xr-x"},
		},
		{
			name: "a way out", entries: []*tar.Header{file("../passwd")},
			wantErr: `unpacking "../passwd": mkdirat ..: path escapes from parent`,
		},
		{
			name: "a way out by a link", entries: []*tar.Header{link("etc", "/etc"), file("etc/passwd")},
			want:    []string{"etc Lrwxrwxrwx"},
			wantErr: `unpacking "etc/passwd": mkdirat etc: statat etc: path escapes from parent`,
		},
		{
			name: "a device", entries: []*tar.Header{{Name: "null", Typeflag: tar.TypeChar}},
			wantErr: `unpacking "null": it is neither a folder nor a file nor a symbolic link (type '3')`,
		},
		{
			name: "too much", entries: []*tar.Header{{Name: "big", Typeflag: tar.TypeReg, Size: maxUnpackedBytes + 1}},
			wantErr: "the archive unpacks to more than 1073741824 bytes",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			err := unpackTar(bytes.NewReader(tarOf(test.entries)), dir, account{})
			if diff := cmp.Diff(test.wantErr, errorText(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, tree(t, dir)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzUnpackTar(f *testing.F) {
	f.Add([]byte{})
	f.Add(tarOf([]*tar.Header{{Name: "a/b", Typeflag: tar.TypeReg, Size: 2}, {Name: "../c", Typeflag: tar.TypeReg}}))
	f.Add(tarOf([]*tar.Header{{Name: "a", Typeflag: tar.TypeSymlink, Linkname: ".."}, {Name: "a/b", Typeflag: tar.TypeReg}}))
	f.Fuzz(func(t *testing.T, archive []byte) {
		outer := t.TempDir()
		dir := filepath.Join(outer, "dir")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		_ = unpackTar(bytes.NewReader(archive), dir, account{})
		if entries, err := os.ReadDir(outer); err != nil || len(entries) != 1 {
			t.Errorf("outside the folder there is %v (%v)", entries, err)
		}
	})
}

// tarOf is a tar of entries; the content of a file is cut to what is there.
func tarOf(entries []*tar.Header) []byte {
	var out bytes.Buffer
	packed := tar.NewWriter(&out)
	for _, entry := range entries {
		if err := packed.WriteHeader(entry); err != nil {
			return nil
		}
		_, _ = packed.Write([]byte("ok")[:min(2, entry.Size)])
	}
	_ = packed.Close()
	return out.Bytes()
}

// tree lists what is in dir, with modes.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if name, _ := filepath.Rel(dir, path); name != "." && err == nil {
			list = append(list, name+" "+info.Mode().String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func onlyTemplate(t *testing.T, here environment) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(here.cache, "*"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("the cache holds %v (%v), want one template", paths, err)
	}
	return paths[0]
}

// madeBy reads what a template says it was made by.
func madeBy(t *testing.T, content []byte) string {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return unzipped.Comment
}

package psl

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// What a schema may be.
const (
	maxBytes = 16 << 20
	maxFiles = 10_000
)

// Source is a schema file that was read.
type Source struct {
	// Name is shown in positions.
	Name, Text string
}

// Parse reads a schema from its files, in their order, of at most 16 MiB together.
// Warnings come with a schema; mistakes are the error, which is a Problems.
func Parse(files ...Source) (*Schema, Problems, error) {
	var d declarations
	var wrong Problems
	size := 0
	for _, file := range files {
		if size += len(file.Text); size > maxBytes {
			return nil, nil, fmt.Errorf("%s: expected a schema of at most %d bytes, found more", file.Name, maxBytes)
		}
		var p Problem
		if err := parse(file.Name, file.Text, &d); errors.As(err, &p) {
			wrong = append(wrong, p)
		}
	}
	if len(wrong) > 0 {
		return nil, nil, wrong
	}
	return resolve(&d)
}

// Read reads the schema in a file, or in all files of a folder and the folders in it
// that end in .prisma, as Prisma does. The error is a Problems where the schema is
// wrong, else that of the file.
func Read(path string) (*Schema, Problems, error) {
	files, err := sources(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: name a Prisma schema file, or a folder of them", err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("schema: %w", err)
	}
	return Parse(files...)
}

func sources(path string) ([]Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		file, err := source(path)
		return []Source{file}, err
	}
	var files []Source
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".prisma") {
			return err
		}
		if len(files) == maxFiles {
			return fmt.Errorf("%s: expected at most %d files", path, maxFiles)
		}
		file, err := source(name)
		files = append(files, file)
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: expected files that end in .prisma in this folder, found none", path)
	}
	return files, err
}

func source(path string) (Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return Source{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	return Source{path, string(text)}, err
}

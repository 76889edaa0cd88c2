package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// bench holds what the cases share: the programs, the API and the documents.
type bench struct {
	self, arazzo string
	folder       string
	api          *api
	big          string
}

// contender is one program of a case.
type contender struct {
	name    string
	command []string
	// requests are those that the API has to see.
	requests int
}

// measured is one case: programs that do the same, the yardstick first.
type measured struct {
	name       string
	runs       int
	contenders []contender
}

// newBench starts the API and writes the documents. The caller closes it.
func newBench(arazzo, big string) (b *bench, err error) {
	b = &bench{}
	defer func() {
		if err != nil {
			_ = b.close()
		}
	}()
	if b.arazzo, err = filepath.Abs(arazzo); err != nil {
		return b, err
	}
	if b.self, err = os.Executable(); err != nil {
		return b, err
	}
	if b.folder, err = os.MkdirTemp("", "arazzo-bench-"); err != nil {
		return b, err
	}
	if b.api, err = startAPI(b.self); err != nil {
		return b, err
	}
	b.big = b.path(ownBig)
	if big != "" {
		if b.big, err = filepath.Abs(big); err != nil {
			return b, err
		}
		big = b.big
	}
	write := exec.Command(b.self, "write", b.folder, b.api.url, big)
	write.Stderr = os.Stderr
	return b, write.Run()
}

func (b *bench) close() error {
	b.api.stop()
	return os.RemoveAll(b.folder)
}

func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }

// cases are all that is measured, each bounded by its number of runs: together
// they take less than a minute on two cores.
func (b *bench) cases() []measured {
	return []measured{
		{"10 steps", 15, []contender{
			b.limit(1),
			b.ours("arazzo run, without checks", 10, withoutChecks, "flow-10.arazzo.yaml"),
			b.ours("arazzo run", 10, "flow-10.arazzo.yaml"),
			{"arazzo version (start-up alone)", []string{b.arazzo, "version"}, 0},
		}},
		{"1,000 steps", 9, []contender{
			b.limit(100),
			b.ours("arazzo run, without checks", 1000, withoutChecks, "flow-1000.arazzo.yaml"),
			b.ours("arazzo run", 1000, "flow-1000.arazzo.yaml"),
		}},
		{"a source of " + b.sizeOfBig(), 9, []contender{
			{"encoding/json into any", []string{b.self, "decode", b.big}, 0},
			b.ours("arazzo run, 10 steps", 10, flowBig),
		}},
	}
}

// withoutChecks compares nothing with what the OpenAPI operations say; by default
// every response and request is, with its schemas.
const withoutChecks = "--check=status=off,content-type=off,schema=off,header=off,request=off"

// limit is the hand-written program that sends the same requests.
func (b *bench) limit(rounds int) contender {
	return contender{"net/http and encoding/json", []string{b.self, "limit", b.api.url, strconv.Itoa(rounds)}, 10 * rounds}
}

func (b *bench) ours(name string, requests int, args ...string) contender {
	file := b.path(args[len(args)-1])
	return contender{name, append(append([]string{b.arazzo, "run"}, args[:len(args)-1]...), file), requests}
}

func (b *bench) sizeOfBig() string {
	info, err := os.Stat(b.big)
	if err != nil {
		return "unknown size"
	}
	return fmt.Sprintf("%.1f MB (%s)", float64(info.Size())/1e6, filepath.Base(b.big))
}

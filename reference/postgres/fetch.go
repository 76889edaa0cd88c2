//go:build unix && !aix && !solaris

package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	// maxArchive bounds a download, in bytes; the archives have 10 to 30 MB.
	maxArchive = 256 << 20
	// maxChecksum bounds a checksum file: 64 digits, perhaps a file name.
	maxChecksum = 1 << 10
	// stalledAfter ends a download that brings nothing: a connection that is lost
	// without a word would wait for ever.
	stalledAfter = 30 * time.Second
)

// fetchArchive fetches a build's archive to the file path and checks it against
// the checksum that the repository must have for it.
func (e environment) fetchArchive(ctx context.Context, build, path string) error {
	address := e.archiveURL(build)
	var want strings.Builder
	if err := fetch(ctx, address+".sha256", maxChecksum, &want, func(int64, int64) {}); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	err = fetch(ctx, address, maxArchive, io.MultiWriter(file, sum), e.tellTenths())
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	got := hex.EncodeToString(sum.Sum(nil))
	if fields := strings.Fields(want.String()); len(fields) == 0 || !strings.EqualFold(fields[0], got) {
		return fmt.Errorf("%s has the SHA-256 %s, and its checksum file says %q", address, got, want.String())
	}
	return nil
}

// archiveURL is where the repository, a Maven one, has a build's archive.
func (e environment) archiveURL(build string) string {
	repository := e.repository
	if repository == "" {
		repository = defaultRepository()
	}
	artifact := "embedded-postgres-binaries-" + build
	return fmt.Sprintf("%s/io/zonky/test/postgres/%s/%s/%s-%s.jar",
		strings.TrimSuffix(repository, "/"), artifact, downloadVersion, artifact, downloadVersion)
}

// tellTenths reports a download's progress at every tenth of its length, or, when
// the length is not known, nothing.
func (e environment) tellTenths() func(done, length int64) {
	told := int64(0)
	return func(done, length int64) {
		if length <= 0 || done*10/length == told {
			return
		}
		told = done * 10 / length
		e.progress(fmt.Sprintf("postgres: fetched %d%% of %.1f MB", told*10, float64(length)/1e6))
	}
}

// fetch copies what address answers to w, at most limit bytes, and tells how far it
// is; length is -1 when the server does not say it.
func fetch(ctx context.Context, address string, limit int64, w io.Writer, tell func(done, length int64)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(stalledAfter, func() {
		cancel(fmt.Errorf("nothing came for %s", stalledAfter))
	})
	defer stalled.Stop()
	err := copyAnswer(ctx, address, limit, w, func(done, length int64) {
		stalled.Reset(stalledAfter)
		tell(done, length)
	})
	if ctx.Err() != nil {
		return fmt.Errorf("fetching %s: %w", address, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("fetching %s: %w", address, err)
	}
	return nil
}

func copyAnswer(ctx context.Context, address string, limit int64, w io.Writer, tell func(done, length int64)) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		return inner.Err // fetch names the address already
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer is %s, want 200 OK", response.Status)
	}
	counted := &counter{tell: tell, length: response.ContentLength}
	done, err := io.Copy(io.MultiWriter(w, counted), io.LimitReader(response.Body, limit+1))
	if err == nil && done > limit {
		err = fmt.Errorf("the answer has more than %d bytes", limit)
	}
	return err
}

// counter tells how many bytes were written to it.
type counter struct {
	tell         func(done, length int64)
	done, length int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.done += int64(len(p))
	c.tell(c.done, c.length)
	return len(p), nil
}

package environments

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/arazzo-conformance/arazzo/runner/source"
)

// maxFileBytes bounds each file: a thousand of the longest keys fit.
const maxFileBytes = 2 << 20

// read reads a file of secrets.
func read(ctx context.Context, path string) (source.Secrets, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return source.Secrets{}, errors.New("it is a folder")
	}
	return source.ReadSecrets(ctx, path, maxFileBytes)
}

// warnExposed is told of a file whose secrets others may read. Where secrets are mounted
// it may be so on purpose, so nothing more is made of it.
func warnExposed(file source.Secrets) *source.Diagnostic {
	return &source.Diagnostic{
		Code: "keys-exposed", Severity: source.Warning,
		Message: fmt.Sprintf("others than its owner may read the secrets in %s", file.Name),
		Fix:     "chmod 600 " + file.Name + ", or have only the hashes of the keys in it",
	}
}

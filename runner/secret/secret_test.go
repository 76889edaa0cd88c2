package secret_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/secret"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"apiKey": true, "X-API-Key": true, "client_secret": true, "Set-Cookie": true, "accessToken": true,
		"name": false, "key": false, "": false,
	} {
		if got := secret.Named(name); got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	if got, want := secret.Environment("petStore.api-Key2"), "ARAZZO_CREDENTIAL_PETSTORE_API_KEY2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

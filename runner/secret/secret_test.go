package secret_test

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/runner/secret"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"apiKey": true, "X-API-Key": true, "client_secret": true, "Set-Cookie": true, "accessToken": true,
		"refresh-To\u212Aen": true, "Ünlü_Token": true,
		"a very long name that ends somewhere behind the first sixty-four bytes: secret": true,
		"name": false, "to ken": false, "key": false, "": false,
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

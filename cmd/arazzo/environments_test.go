package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// databases makes databases on a Postgres that ends with the test, and gives their
// URLs.
func databases(t *testing.T, names ...string) []string {
	t.Helper()
	server := startPostgres(t)
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	address, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	urls := make([]string, len(names))
	for i, name := range names {
		if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		address.Path = "/" + name
		urls[i] = address.String()
	}
	return urls
}

// Two environments of a file are served, twice in a row: each key has its own, and
// neither keys nor passwords are shown.
func TestReferenceOfSeveralEnvironments(t *testing.T) {
	t.Parallel()
	urls := databases(t, "shop", "stock")
	folder := t.TempDir()
	file, data := filepath.Join(folder, "environments.yaml"), filepath.Join(folder, "data")
	text := "environments:\n" +
		"- {name: shop, databaseUrl: '" + urls[0] + "&password=hunter22', apiKeys: [key-of-shop], region: here}\n" +
		"- {name: stock, databaseUrl: '" + urls[1] + "', apiKeysFile: stock.keys}\n"
	for name, content := range map[string]string{file: text, filepath.Join(folder, "stock.keys"): "key-of-stock\nkey-of-all-stocks\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		r := startReference(t, "--environments", file, "--data", data)
		if r.APIKey != "" || r.DatabaseURL != "" {
			t.Errorf("the ready file has the key %q and the database %q", r.APIKey, r.DatabaseURL)
		}
		if diff := cmp.Diff([]string{"shop", "stock"}, r.Environments); diff != "" {
			t.Errorf("environments of the ready file (-want +got):\n%s", diff)
		}
		for key, want := range map[string]int{"key-of-shop": 200, "key-of-stock": 200, "key-of-all-stocks": 200, "key-of-nobody": 401} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.Pulse+"/streams", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+key)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%s: %s", key, response.Status)
			}
		}
		if err := r.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := r.Wait(); err != nil {
			t.Error(err)
		}
		out := r.said.String()
		for _, secret := range []string{"key-of-", "hunter22"} {
			if strings.Contains(out, secret) {
				t.Errorf("%s is shown:\n%s", secret, out)
			}
		}
		for _, want := range []string{"Environment shop\nAPI key     the one given\n", "Environment stock\nAPI key     one of the 2 given\n"} {
			if !strings.Contains(out, want) {
				t.Errorf("it says\n%s\nwant %s", out, want)
			}
		}
	}
	for _, name := range urls {
		if diff := cmp.Diff([]string{}, slots(t, name)); diff != "" {
			t.Errorf("replication slots and publications left (-want +got):\n%s", diff)
		}
	}
}

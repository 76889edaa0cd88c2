package runner

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/secret"
)

func TestSecretNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"apiKey": true, "api-key": true, "API_KEY": true, "userPassword": true, "client_secret": true, "Authorization": true,
		"Set-Cookie": true, "accessToken": true, "credentials": true, "key": false, "name": false, "": false,
	} {
		if got := secret.Named(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestMasking(t *testing.T) {
	t.Parallel()
	s := newSecrets(Options{})
	for _, secret := range []any{"a b/c+ü\"", Text("typed-text"), json.Number("123456"), []any{"in-list"}, map[string]any{"k": "in-object"}, "Bearer whole-header", "xy", ""} {
		s.add(secret)
	}
	tests := []struct {
		name  string
		value any
		want  any
	}{
		{"in a text", `say a b/c+ü" now`, "say *** now"},
		{"in a query", "?q=a+b%2Fc%2B%C3%BC%22", "?q=***"},
		{"in a path", "/a%20b%2Fc%2B%C3%BC%22/x", "/***/x"},
		{"in a JSON text", `{"s":"a b/c+ü\""}`, `{"s":"***"}`},
		{"in XML", "<a>a b/c+ü&#34;</a>", "<a>***</a>"},
		{"with its reserved characters", "?q=a%20b/c%2B%C3%BC%22", "?q=***"},
		{"in base64", "x YSBiL2Mrw7wi x", "x *** x"},
		{"a typed text", "typed-text", "***"},
		{"a number", json.Number("123456"), "***"},
		{"a part of a number", json.Number("1234567"), json.Number("1234567")},
		{"in a list and an object", []any{"in-list", map[string]any{"a": "in-object", "in-list": json.Number("1")}}, []any{"***", map[string]any{"a": "***", "***": json.Number("1")}}},
		{"behind a scheme", "whole-header", "***"},
		{"a short one alone", "xy", "***"},
		{"a short one inside", "oxygen xy", "oxygen xy"},
		{"under a secret name", map[string]any{"api_key": "anything", "token": "", "secret": json.Number("1")}, map[string]any{"api_key": "***", "token": "", "secret": json.Number("1")}},
		{"nothing", nil, nil},
		{"a boolean", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, s.value(test.value)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			shown := &secrets{show: true, values: s.known()}
			if diff := cmp.Diff(test.value, shown.value(test.value)); diff != "" {
				t.Errorf("with --show-secrets (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMaskedMessages has messages of which a part was cut, in the middle of a secret.
func TestMaskedMessages(t *testing.T) {
	t.Parallel()
	s := newSecrets(Options{})
	s.add("hunter22-and-more")
	s.add("hunter22-or-less")
	for text, want := range map[string]string{
		`"hunter22-and-mo… is no number`:         `"***… is no number`,
		"hunt…, hunter22-or…":                    "***…, ***…",
		"hun… is too short to tell":              "hun… is too short to tell",
		"hunter22-and-more… hunter22 … hunter23": "***… hunter22 … hunter23",
		"nothing of it…":                         "nothing of it…",
	} {
		if got := s.message(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if shown := (&secrets{show: true, values: s.known()}); shown.message("hunter22…") != "hunter22…" {
		t.Error("with --show-secrets it is masked too")
	}
}

// TestForkedSecrets holds that what a run learns is not the plan's to keep.
func TestForkedSecrets(t *testing.T) {
	t.Parallel()
	plan := newSecrets(Options{})
	plan.add("of-the-plan")
	run := plan.fork()
	run.add("of-the-run")
	const text = "of-the-plan of-the-run"
	got := []string{plan.text(text), run.text(text), plan.fork().text(text)}
	if diff := cmp.Diff([]string{"*** of-the-run", "*** ***", "*** of-the-run"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMaskedHeadersAndURLs(t *testing.T) {
	t.Parallel()
	s := newSecrets(Options{})
	s.add("hunter22")
	got := s.header(http.Header{"X-A": {"a hunter22", "b"}, "Proxy-Authorization": {"Basic x"}, "Set-Cookie": {"a=b"}})
	want := http.Header{"X-A": {"a ***", "b"}, "Proxy-Authorization": {"***"}, "Set-Cookie": {"***"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	u, err := url.Parse("https://user:hunter22@h/hunter22/a%2Fb?q=a%20b&api_key=x&hunter22&empty=")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("https://user:***@h/***/a%2Fb?q=a%20b&api_key=***&***&empty=", s.url(u)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

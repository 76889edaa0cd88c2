package contract_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/runner/contract"
)

func TestLevels(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		settings []string
		want     string
	}{
		{nil, "map[] <nil>"},
		{[]string{"status=error, schema=off", "request=warn"}, "map[request:warn schema:off status:error] <nil>"},
		{[]string{"status=error", "status=error"}, "map[status:error] <nil>"},
		{[]string{"status=error,status=off"}, "map[status:error] the check status is given two levels, error and off"},
		{[]string{"headers=error"}, `map[] there is no check "headers": there are status, content-type, schema, header, request; did you mean header?`},
		{[]string{"other=error"}, `map[] there is no check "other": there are status, content-type, schema, header, request`},
		{[]string{"schema=errors"}, `map[] there is no level "errors": there are off, warn, error; did you mean error?`},
		{[]string{"schema"}, `map[] "schema" is not NAME=LEVEL, such as schema=error`},
		{[]string{""}, `map[] "" is not NAME=LEVEL, such as schema=error`},
		{[]string{"schema="}, `map[] there is no level "": there are off, warn, error`},
	} {
		l := contract.Levels{}
		err := l.Set(test.settings...)
		if got := fmt.Sprint(map[contract.Check]contract.Level(l), " ", err); got != test.want {
			t.Errorf("%q: got %s, want %s", test.settings, got, test.want)
		}
	}
	l := contract.Every(contract.Error)
	if err := l.Set("schema=off"); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]contract.Level{"error", "off", "warn"}, []contract.Level{
		l.Of(contract.Status), l.Of(contract.Schema), contract.Levels(nil).Of(contract.Schema),
	}); diff != "" {
		t.Error(diff)
	}
	if err := (contract.Levels{"none": contract.Off}).Err(); err == nil {
		t.Error("a check that is not known is accepted")
	}
}

// TestOff looks at nothing that is off, and compiles nothing for it.
func TestOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		levels contract.Levels
		want   int
	}{
		{contract.Every(contract.Off), 0},
		{contract.Levels{contract.Schema: contract.Off}, 0},
		{contract.Levels{contract.Status: contract.Off}, 1},
	} {
		c := contract.New(test.levels)
		op := operation(t, fmt.Sprintf(schemas["3.1"], `{"type":"string","pattern":"("}`, ""))
		got := c.Response(op, jsonResponse(t, `1`))
		if len(got.Findings) != test.want || c.Compiled() != test.want || len(got.Unchecked) != test.want {
			t.Errorf("%v: got %s, compiled %d", test.levels, show(got), c.Compiled())
		}
	}
}

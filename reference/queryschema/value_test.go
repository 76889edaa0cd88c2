package queryschema

import (
	"testing"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// A member of an enum that is no name is shown as a document has to write it.
func TestEnumRefuses(t *testing.T) {
	t.Parallel()
	mood := &enum{name: "Mood", values: []string{"OK", "very-happy"}}
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"a name for another", prisma.Symbol("very_happy"), `expected a value of Mood, found very_happy; did you mean "very-happy"?`},
		{"a name by far", prisma.Symbol("SAD"), `expected a value of Mood, found SAD; there are: OK, "very-happy"`},
		{"a string", "Ok", `expected a value of Mood, found "Ok"; did you mean OK?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := mood.take(test.value); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
	if got, err := mood.take("very-happy"); err != nil || got != prisma.Symbol("very-happy") {
		t.Errorf("a string for a member: got %v, %v", got, err)
	}
}

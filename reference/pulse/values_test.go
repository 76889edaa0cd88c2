package pulse

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// oddSettings are a database's settings that would change what it prints, were it
// asked without settings of one's own.
const oddSettings = `DO $$ DECLARE setting text; BEGIN
	FOREACH setting IN ARRAY ARRAY['datestyle = German', 'intervalstyle = sql_standard', 'bytea_output = escape', 'extra_float_digits = -10',
		'timezone = ''Asia/Kolkata''', 'client_encoding = LATIN1'] LOOP
		EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting;
	END LOOP;
END $$;
`

// shownValue is a row of the table of values in docs/pulse.md.
type shownValue struct{ postgres, literal, prisma, shown string }

// documented reads the table of values, and the SQL that it needs.
func documented(t *testing.T) (setup string, values []shownValue) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "pulse.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "### What values look like\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, setup, _ = strings.Cut(section, "```sql\n")
	setup, _, _ = strings.Cut(setup, "```")
	row := regexp.MustCompile("(?m)^\\| `(.+)` \\| `(.+)` \\| (\\w+(?:\\[\\])?) \\| `(.+)` \\|$")
	for _, cells := range row.FindAllStringSubmatch(section, -1) {
		values = append(values, shownValue{cells[1], cells[2], cells[3], cells[4]})
	}
	// The table's head and the line under it are no values.
	if rows := strings.Count(section, "\n| ") - 2; setup == "" || len(values) == 0 || len(values) != rows {
		t.Fatalf("docs/pulse.md: %d of the %d rows of its table of values could be read", len(values), rows)
	}
	return setup, values
}

// TestValuesAreAsDocumented holds every row of the table in docs/pulse.md against
// Postgres: the type is in a table, the literal is inserted, and the event shows what
// the page says; and the field has the Prisma type of the page.
func TestValuesAreAsDocumented(t *testing.T) {
	t.Parallel()
	setup, values := documented(t)
	created := insert(t, setup, values)
	for i, v := range values {
		if diff := cmp.Diff(v.shown, created.fields[i]); diff != "" {
			t.Errorf("%s of type %s (-docs/pulse.md +event):\n%s", v.literal, v.postgres, diff)
		}
		if diff := cmp.Diff(v.prisma, created.types[i]); diff != "" {
			t.Errorf("the Prisma type of %s (-docs/pulse.md +introspected):\n%s", v.postgres, diff)
		}
	}
}

// inserted is what became of values: their JSON in the event and their Prisma types.
type inserted struct{ fields, types []string }

// insert puts values into a row, through Postgres and a service that watches it.
func insert(t *testing.T, setup string, values []shownValue) inserted {
	t.Helper()
	columns, literals := "id int PRIMARY KEY", "1"
	for i, v := range values {
		columns += fmt.Sprintf(", c%d %s", i, v.postgres)
		literals += ", " + v.literal
	}
	w := newWorld(t, oddSettings+setup+`; CREATE TABLE "Row" (`+columns+`)`)
	events := w.open(t, "POST", "/subscribe", `{"model":"Row"}`)
	execute(t, w.db, `INSERT INTO "Row" VALUES (`+literals+`)`)
	var event struct {
		Created map[string]json.RawMessage `json:"created"`
	}
	if err := json.Unmarshal([]byte(events.next().data), &event); err != nil {
		t.Fatal(err)
	}
	schema, err := prisma.Introspect(t.Context(), w.db)
	if err != nil {
		t.Fatal(err)
	}
	model, _ := schema.Model("Row")
	var result inserted
	for _, f := range model.Fields[1:] {
		kind := string(f.Type)
		if f.List && f.Type != prisma.Unsupported {
			kind += "[]"
		}
		result.types = append(result.types, kind)
		result.fields = append(result.fields, string(event.Created[f.Name]))
	}
	return result
}

// TestExtremeValues has what is too long, or too odd, for the table in docs/pulse.md.
func TestExtremeValues(t *testing.T) {
	t.Parallel()
	quoted := func(text string) string { return `"` + text + `"` }
	million := strings.Repeat("0123456789abcdef", 1<<16)
	values := []shownValue{
		{"numeric", `repeat('9', 1000)::numeric`, "1000 digits", quoted(strings.Repeat("9", 1000))},
		{"numeric", `('0.' || repeat('1', 16383))::numeric`, "all digits after the point", quoted("0." + strings.Repeat("1", 16383))},
		{"jsonb", `'1e400'`, "a number beyond every float", "1" + strings.Repeat("0", 400)},
		{"double precision", `5e-324`, "the smallest float", "5e-324"},
		{"double precision", `1.7976931348623157e308`, "the greatest float", "1.7976931348623157e+308"},
		{"real", `1e-45`, "the smallest real", "1e-45"},
		{"text", `repeat('0123456789abcdef', 65536)`, "a megabyte", quoted(million)},
		{"text", `U&'\2028\2029\0001\007f\+01F600' || E'\b\f\n\r\t'`, "ends of lines and control characters", quoted(`\u2028\u2029\u0001` + "\x7f😀" + `\b\f\n\r\t`)},
		{"text", `'<script>&</script>'`, "what is escaped in web pages", quoted(`<script>&</script>`)},
		{"bytea", `decode(repeat('00ff', 50000), 'hex')`, "100,000 bytes", quoted(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00\xff", 50000))))},
		{"json", `'"\ud800"'`, "half a character", quoted(`\ud800`)},
		{"json", `'{"\u0000": [ {} , [] , "" ] }'`, "an escaped NUL", `{"\u0000":[{},[],""]}`},
		{"json", `(repeat('[', 5000) || repeat(']', 5000))::json`, "5,000 levels", strings.Repeat("[", 5000) + strings.Repeat("]", 5000)},
		{"json", `(repeat('[', 6001) || repeat(']', 6001))::json`, "6,001 levels", strings.Repeat("[", 6001) + strings.Repeat("]", 6001)},
		{"json", `(repeat('[', 10001) || repeat(']', 10001))::json`, "10,001 levels", quoted(strings.Repeat("[", 10001) + strings.Repeat("]", 10001))},
		{"integer[]", `'[2:3][0:1]={{1,2},{NULL,4}}'`, "dimensions with bounds", `[[1,2],[null,4]]`},
		{"integer[]", `'{{{{{{1}}}}}}'`, "six dimensions", `[[[[[[1]]]]]]`},
		{"text[]", `array_fill('x'::text, ARRAY[10000])`, "10,000 elements", "[" + strings.Repeat(`"x",`, 9999) + `"x"]`},
		{"timestamp", `'294276-12-31 23:59:59.999999'`, "the last timestamp", quoted("+294276-12-31T23:59:59.999Z")},
		{"timestamptz", `'4714-11-24 00:00:00+00 BC'`, "the first timestamp", quoted("-004713-11-24T00:00:00.000Z")},
		{"timestamptz", `'0001-12-31 23:59:59+00 BC'`, "the end of 1 BC", quoted("0000-12-31T23:59:59.000Z")},
		{"timestamptz", `'1800-01-01 00:00:00 Europe/Paris'`, "local mean time", quoted("1799-12-31T23:50:39.000Z")},
		{"timetz", `'00:00:00+15:59:59'`, "the easternmost time", quoted("1969-12-31T08:00:01.000Z")},
		{"mood", `E'say "no"\n\\'`, "a label with signs", quoted(`say \"no\"\n\\`)},
		{"interval", `'0'`, "no time at all", quoted("00:00:00")},
	}
	created := insert(t, `CREATE TYPE mood AS ENUM (E'say "no"\n\\')`, values)
	for i, v := range values {
		if got := created.fields[i]; got != v.shown {
			t.Errorf("%s of type %s: want %.200s, got %.200s", v.prisma, v.postgres, v.shown, got)
		}
	}
}

// TestNamesOfAnyKind has names that JSON must escape.
func TestNamesOfAnyKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `CREATE TABLE "Us""er\ <é>" ("i""d" int PRIMARY KEY, "a
b" int)`)
	events := w.open(t, "POST", "/subscribe", `{"model":"Us\"er\\ <é>"}`)
	execute(t, w.db, `INSERT INTO "Us""er\ <é>" VALUES (1, 2)`)
	want := `{"action":"create","modelName":"Us\"er\\ <é>","created":{"i\"d":1,"a\nb":2}}`
	if diff := cmp.Diff(want, events.next().data); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// TestDatabasesOfOtherEncodings: text is UTF-8 in the event whatever it is in the
// database, where that knows what it is.
func TestDatabasesOfOtherEncodings(t *testing.T) {
	t.Parallel()
	replaced := created(1, "caf\ufffdé")
	for _, tt := range []struct{ encoding, insert, want string }{
		// A byte without a meaning, beside one that has one.
		{"WIN1252", `INSERT INTO "User" VALUES (1, 'caf' || chr(129) || chr(233))`, replaced},
		{"LATIN1", `INSERT INTO "User" VALUES (1, 'caf' || chr(233))`, created(1, "café")},
		{"SQL_ASCII", `INSERT INTO "User" VALUES (1, 'caf' || chr(233))`, `{"action":"create","modelName":"User","created":{"id":1,"name":"caf\ufffd"}}`},
	} {
		t.Run(tt.encoding, func(t *testing.T) {
			t.Parallel()
			w := newWorldOn(t, databaseOf(t, tt.encoding), userTable)
			events := w.open(t, "POST", "/subscribe", `{"model":"User"}`)
			execute(t, w.db, tt.insert)
			if diff := cmp.Diff(tt.want, events.next().data); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

// databaseOf is a new database of an encoding.
func databaseOf(t *testing.T, encoding string) string {
	t.Helper()
	cluster := postgrestest.Cluster(t)
	address, err := url.Parse(cluster)
	if err != nil {
		t.Fatal(err)
	}
	// A test may run several times in one process.
	name := strings.ToLower("encoding_" + encoding + "_" + rand.Text())
	postgrestest.Exec(t, postgrestest.Connect(t, cluster),
		fmt.Sprintf("CREATE DATABASE %s TEMPLATE template0 ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C'", name, encoding))
	address.Path = "/" + name
	return address.String()
}

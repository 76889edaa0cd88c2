package boot

import (
	"bytes"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// logged are the messages that a reference logs.
type logged struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

var schemaMessage = regexp.MustCompile(`msg="schema: [a-zA-Z ]+" problem="(.*)" at=(.*)`)

// schemas are what was said of schemas, with the places before it.
func (l *logged) schemas() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	var said []string
	for _, m := range schemaMessage.FindAllStringSubmatch(l.text.String(), -1) {
		said = append(said, filepath.Base(m[2])+" "+strings.ReplaceAll(m[1], `\"`, `"`))
	}
	return said
}

// Both APIs have the names of a Prisma schema; what of it is not in the database is
// told once, and found when it appears.
func TestPrismaSchemaNamesTheModels(t *testing.T) {
	t.Parallel()
	schema := filepath.Join(t.TempDir(), "schema.prisma")
	if err := os.WriteFile(schema, []byte(`
model Person {
  id       Int    @id
  fullName String @map("full_name") @future
  mood     Mood
  @@map("people")
}
model Later {
  id Int @id
}
enum Mood {
  Fine @map("fine")
  SoSo @map("so so")
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	database := postgrestest.Database(t)
	db := postgrestest.Connect(t, database)
	postgrestest.Exec(t, db, `CREATE TYPE "Mood" AS ENUM ('fine', 'so so');
		CREATE TABLE people (id int PRIMARY KEY, full_name text NOT NULL, mood "Mood" NOT NULL, unnamed int); CREATE TABLE other (id int PRIMARY KEY)`)
	var log logged
	r := start(t, Options{
		Environments: []Environment{{DatabaseURL: database, Schema: schema}}, Ephemeral: true, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if status, body := r.call(t, http.MethodPost, r.PulseURL+"/streams", `{"name":"people","model":"Person","filter":{"create":{"mood":"SoSo"}}}`); status != http.StatusCreated {
		t.Fatalf("create a stream: %d %s", status, body)
	}
	if status, body := r.call(t, http.MethodPost, r.PulseURL+"/streams", `{"name":"others","model":"other"}`); status != http.StatusBadRequest {
		t.Errorf("a stream of a table that the schema does not name: %d %s", status, body)
	}
	postgrestest.Exec(t, db, `INSERT INTO people VALUES (1, 'Ada', 'fine'), (2, 'Grace', 'so so')`)
	if event := r.firstEvent(t, r.APIKey, "people"); !strings.HasSuffix(event, `"modelName":"Person","created":{"id":2,"fullName":"Grace","mood":"SoSo"}}`) {
		t.Errorf("the event is %s", event)
	}
	const query = `{"query":"{ findManyPerson(where: {mood: SoSo}) { fullName mood } }"}`
	if status, body := r.call(t, http.MethodPost, r.AccelerateURL+"/6/hash/graphql", query); status != http.StatusOK || !strings.Contains(body, `"data":{"findManyPerson":[{"fullName":"Grace","mood":"SoSo"}]}`) {
		t.Errorf("Accelerate: %d %s", status, body)
	}
	want := []string{
		`schema.prisma:4:37 the attribute "@future" is not known here and has no effect`,
		`schema.prisma:8:7 model Later: expected the table "Later", which the database does not have: apply the migrations (npx prisma migrate deploy), or correct @@map or @@schema`,
	}
	if diff := cmp.Diff(want, log.schemas()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}

	if strings.Contains(log.text.String(), "unnamed") {
		t.Errorf("a column that the schema leaves out on purpose is told of:\n%s", log.text.String())
	}

	postgrestest.Exec(t, db, `CREATE TABLE "Later" (id int PRIMARY KEY)`)
	if status, body := r.call(t, http.MethodPost, r.PulseURL+"/streams", `{"name":"later","model":"Later"}`); status != http.StatusCreated {
		t.Errorf("a stream of a table that was made later: %d %s", status, body)
	}
}

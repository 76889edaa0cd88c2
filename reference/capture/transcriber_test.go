package capture

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
)

// TestTranscriber turns texts of every length of character into UTF-8, as Postgres
// itself does, but for what Postgres refuses.
func TestTranscriber(t *testing.T) {
	t.Parallel()
	db := &database{pool: pool(t, postgrestest.Database(t))}
	for _, test := range []struct{ encoding, text string }{
		{"WIN1252", "plain"},
		{"WIN1252", "Größe: 5 €"},
		{"LATIN1", "é"},
		{"KOI8R", "да"},
		{"EUC_JP", "日本 ｶﾀ 丂 end"},
		{"EUC_JIS_2004", "日本 ｶ 𠀋か゚"},
		{"EUC_KR", "한국 a"},
		{"EUC_CN", "中文 a"},
		{"EUC_TW", "中文 仩 a"},
	} {
		t.Run(test.encoding+" "+test.text, func(t *testing.T) {
			tr := newTranscriber(db, test.encoding, slog.New(slog.DiscardHandler))
			var encoded []byte
			if err := db.pool.QueryRow(t.Context(), "SELECT convert_to($1, $2::text::name)", test.text, test.encoding).Scan(&encoded); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time from memory
				got, err := tr.text(t.Context(), encoded)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.text, string(got)); diff != "" {
					t.Errorf("text (-want +got):\n%s", diff)
				}
			}
		})
	}
	for encoding, text := range map[string]string{"WIN1252": "a\x81b", "EUC_JP": "a\xa9\xa1b", "EUC_TW": "a\x8e\xffb"} {
		got, err := newTranscriber(db, encoding, slog.New(slog.DiscardHandler)).text(t.Context(), []byte(text))
		// What follows may be a part of what is broken.
		if !strings.HasPrefix(string(got), "a\ufffd") || err != nil {
			t.Errorf("%s of %x: %q, %v", encoding, text, got, err)
		}
	}
	db.pool.Close()
	if got, err := newTranscriber(db, "LATIN1", slog.New(slog.DiscardHandler)).text(t.Context(), []byte("\xe9")); err == nil {
		t.Errorf("without a database: %q", got)
	}
}

// TestTextWithoutUnicodeForm holds nobody up: names, rows before and after it, and
// long transactions are as they should be.
func TestTextWithoutUnicodeForm(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Cluster(t)
	// A test may run several times in one process.
	name := "win1252_" + strings.ToLower(rand.Text())
	admin := postgrestest.Connect(t, cluster)
	postgrestest.Exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C'")
	// Long transactions are streamed while they are in progress.
	postgrestest.Exec(t, admin, "ALTER DATABASE "+name+" SET logical_decoding_work_mem = '64kB'")
	address, err := url.Parse(cluster)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("client_encoding", "UTF8")
	address.Path, address.RawQuery = "/"+name, query.Encode()
	w := newStillWorld(t, address.String(), `CREATE TABLE "Maß" (id int PRIMARY KEY, "Größe" text); ALTER TABLE "Maß" REPLICA IDENTITY FULL;`,
		func(o *Options) { o.Publication = "für alle" })
	w.start()
	w.execute(
		`INSERT INTO "Maß" VALUES (1, 'ä')`, `INSERT INTO "Maß" VALUES (2, 'ä' || chr(129))`, `UPDATE "Maß" SET "Größe" = '€' WHERE id = 2`,
		`DELETE FROM "Maß" WHERE id = 1`, `INSERT INTO "Maß" SELECT i, repeat('ö', 999) || chr(129) FROM generate_series(10, 309) i`,
	)
	want := []string{
		`{"action":"create","modelName":"Maß","created":{"id":1,"Größe":"ä"}}`,
		`{"action":"create","modelName":"Maß","created":{"id":2,"Größe":"ä` + "\ufffd" + `"}}`,
		`{"action":"update","modelName":"Maß","before":{"id":2,"Größe":"ä` + "\ufffd" + `"},"after":{"id":2,"Größe":"€"}}`,
		`{"action":"delete","modelName":"Maß","deleted":{"id":1,"Größe":"ä"}}`,
	}
	for id := 10; id < 310; id++ {
		want = append(want, fmt.Sprintf(`{"action":"create","modelName":"Maß","created":{"id":%d,"Größe":"%s`+"\ufffd"+`"}}`, id, strings.Repeat("ö", 999)))
	}
	if diff := cmp.Diff(want, w.events(len(want))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	w.logged.has(t, `msg="pulse: a character has no Unicode form; events have U+FFFD in its place" encoding=WIN1252 bytes=81`)
}

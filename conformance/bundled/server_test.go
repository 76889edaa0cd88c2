package bundled

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// A database URL is changed wherever in it the setting stands, and keeps the others.
func TestChanged(t *testing.T) {
	t.Parallel()
	to := map[string]string{"dbname": "own", "host": "127.0.0.1", "port": "99", "user": `it's \ me`, "password": "p a+s"}
	for _, given := range []string{
		"postgres://me:secret@db.example:1/app?sslmode=require&search_path=a%20b",
		"postgresql:///app?host=/run/pg&port=5432&user=you&password=secret&sslmode=disable&search_path=a%20b",
		"postgres://db.example?database=app&sslmode=require&search_path=a%20b",
		"host=db.example user=me dbname=app password=secret search_path='a b'",
	} {
		config, err := pgconn.ParseConfig(changed(given, to))
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		got := []string{config.Database, config.Host, config.User, config.Password, config.RuntimeParams["search_path"]}
		if diff := cmp.Diff([]string{"own", "127.0.0.1", `it's \ me`, "p a+s", "a b"}, got); diff != "" || config.Port != 99 {
			t.Errorf("%s: port %d (-want +got):\n%s", given, config.Port, diff)
		}
	}
}

// A relay carries both ways; when it is cut it ends what is there and what comes, until
// it is mended.
func TestRelay(t *testing.T) {
	t.Parallel()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() { // says each line again
		for {
			c, err := server.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	r, err := listenRelay(func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", server.Addr().String())
	})
	if err != nil {
		t.Fatal(err)
	}
	before := dial(t, r)
	if got, err := echo(before, "a"); got != "a\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	r.cut()
	if got, err := echo(before, "b"); err == nil {
		t.Errorf("a connection that was there is answered %q", got)
	}
	if got, err := echo(dial(t, r), "c"); err == nil {
		t.Errorf("a connection that came is answered %q", got)
	}
	r.mend()
	after := dial(t, r)
	if got, err := echo(after, "d"); got != "d\n" || err != nil {
		t.Errorf("after it was mended: %q, %v", got, err)
	}
	r.close()
	if got, err := echo(after, "e"); err == nil {
		t.Errorf("the end of the relay is answered %q", got)
	}
}

func dial(t *testing.T, r *relay) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.address().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// echo says a line and gives what comes of it.
func echo(c net.Conn, line string) (string, error) {
	_, wrote := io.WriteString(c, line+"\n")
	got, read := bufio.NewReader(c).ReadString('\n')
	return got, errors.Join(wrote, read)
}

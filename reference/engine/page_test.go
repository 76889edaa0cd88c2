package engine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// listing is what pages are taken of: the records of a model, in orders and with
// values that a page may be distinct by, as a query and as plain SQL say them.
type listing struct {
	field, from string
	orders      [][2]string
	distinct    []string
}

var (
	listedUsers = listing{
		"findManyUser", "u LEFT JOIN u AS m ON m.id = u.manager",
		[][2]string{
			{"name: asc", "u.name"},
			{"name: desc", "u.name DESC"},
			{"name: {sort: asc nulls: first}", "u.name NULLS FIRST"},
			{"age: {sort: desc nulls: last}", "u.age DESC NULLS LAST"},
			{"createdAt: desc", "u.at DESC"},
			{"email: asc", "u.email"},
			{"id: desc", "u.id DESC"},
			{"manager: {name: asc}", "m.name"},
			{"posts: {_count: desc}", "(SELECT count(*) FROM p WHERE author = u.id) DESC"},
		},
		[]string{"name", "role", "age", "id"},
	}
	listedPosts = listing{
		"posts", "p AS u LEFT JOIN u AS m ON m.id = u.reviewer",
		[][2]string{
			{"title: desc", "u.title DESC"},
			{"content: {sort: desc nulls: last}", "u.content DESC NULLS LAST"},
			{"rating: asc", "u.rating"},
			{"published: asc", "u.published"},
			{"reviewer: {email: desc}", "m.email DESC"},
			{"categories: {_count: asc}", "(SELECT count(*) FROM cp WHERE p = u.id)"},
		},
		[]string{"content", "rating", "published", "views"},
	}
)

// slice is what is taken of a list: from a record on, those that are distinct, but the
// first ones, and so many; of a negative number, the same from the end.
type slice struct {
	order, distinct [][2]string
	cursor          string
	skip, take      int
	isTaken         bool
}

func (l listing) random(r *rand.Rand, cursors []string) slice {
	p := slice{skip: r.IntN(3), take: r.IntN(13) - 6, isTaken: r.IntN(2) == 0}
	for _, i := range r.Perm(len(l.orders))[:r.IntN(3)] {
		p.order = append(p.order, l.orders[i])
	}
	if r.IntN(3) == 0 {
		for _, i := range r.Perm(len(l.distinct))[:1+r.IntN(2)] {
			p.distinct = append(p.distinct, [2]string{l.distinct[i], "u." + l.distinct[i]})
		}
	}
	if r.IntN(2) == 0 {
		p.cursor = cursors[r.IntN(len(cursors))]
	}
	if !p.isTaken {
		p.take = 1000
	}
	return p
}

// arguments are those of the page in a query; the last order is by id, which is what
// makes an order of all of it if nothing else does.
func (p slice) arguments(cursorText string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "(skip: %d orderBy: [", p.skip)
	for _, o := range p.order {
		text.WriteString("{" + o[0] + "} ")
	}
	text.WriteString("{id: asc}]")
	if p.isTaken {
		fmt.Fprintf(&text, " take: %d", p.take)
	}
	if p.cursor != "" {
		fmt.Fprintf(&text, " cursor: {id: %s}", cursorText)
	}
	if len(p.distinct) > 0 {
		text.WriteString(" distinct: [")
		for _, d := range p.distinct {
			text.WriteString(d[0] + " ")
		}
		text.WriteString("]")
	}
	return text.String() + ")"
}

// ids are those of the page, by plain SQL for the list and slices for the page.
func (w world) page(t *testing.T, l listing, p slice, where string) []string {
	t.Helper()
	var order, distinct []string
	for _, o := range p.order {
		order = append(order, o[1])
	}
	for _, d := range p.distinct {
		distinct = append(distinct, d[1])
	}
	sql := fmt.Sprintf("SELECT u.id::text AS id, row(%s)::text AS value FROM %s WHERE %s ORDER BY %s",
		strings.Join(distinct, ", "), l.from, where, strings.Join(append(order, "u.id"), ", "))
	rows, err := w.db.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	type record struct{ ID, Value string }
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[record])
	if err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	if p.take < 0 {
		slices.Reverse(list)
	}
	if p.cursor != "" {
		at := slices.IndexFunc(list, func(r record) bool { return r.ID == p.cursor })
		if at < 0 {
			at = len(list)
		}
		list = list[at:]
	}
	if len(p.distinct) > 0 {
		seen := map[string]bool{}
		list = slices.DeleteFunc(list, func(r record) bool {
			isSeen := seen[r.Value]
			seen[r.Value] = true
			return isSeen
		})
	}
	list = list[min(p.skip, len(list)):]
	list = list[:min(max(p.take, -p.take), len(list))]
	if p.take < 0 {
		slices.Reverse(list)
	}
	ids := []string{}
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

// Pages of a list and of the lists in it, at random, the same each time.
func TestPagesAreSlices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := rand.New(rand.NewPCG(12, 40))
	users := []string{"1", "9", "22", "40", "999"}
	posts := []string{"p3", "p17", "p80", "p999"}
	for range 150 {
		outer, inner := listedUsers.random(r, users), listedPosts.random(r, posts)
		query := "{ findManyUser" + outer.arguments(outer.cursor) + " { id posts" + inner.arguments(strconv.Quote(inner.cursor)) + " { id } } }"
		var got struct {
			FindManyUser []struct {
				ID    json.Number
				Posts []struct{ ID string }
			}
		}
		if err := json.Unmarshal([]byte(execute(t, w.Engine, w.schema, query)), &got); err != nil {
			t.Fatalf("%s\n%v", query, err)
		}
		want := w.page(t, listedUsers, outer, "TRUE")
		ids := []string{}
		for _, user := range got.FindManyUser {
			ids = append(ids, user.ID.String())
			related := []string{}
			for _, post := range user.Posts {
				related = append(related, post.ID)
			}
			if want := w.page(t, listedPosts, inner, "u.author = "+user.ID.String()); !slices.Equal(related, want) {
				t.Fatalf("%s\nposts of %s: got %v, want %v", query, user.ID, related, want)
			}
		}
		if !slices.Equal(ids, want) {
			t.Fatalf("%s\ngot %v, want %v", query, ids, want)
		}
	}
}

package engine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arazzo-conformance/arazzo/reference/postgres/postgrestest"
	"github.com/arazzo-conformance/arazzo/reference/prisma/prismatest"
)

const saleSchema = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Sale {
  id     Int       @id
  shop   String?
  grade  Grade?
  amount Int?
  total  BigInt?
  weight Float?
  real   Float?    @db.Real
  price  Decimal?  @db.Decimal(10, 2)
  open   Boolean?
  code   String?   @db.Uuid
  at     DateTime?
  day    DateTime? @db.Date
  tags   String[]
  note   Json?
  file   Bytes?
}

enum Grade {
  LOW
  MIDDLE @map("in the middle")
  HIGH
}
`

const saleRows = `
INSERT INTO "Sale" VALUES
(1, 'north', 'LOW', 2147483647, 9007199254740993, 0.5, 0.1, 12.30, true, '00000000-0000-4000-8000-00000000000b', '2024-02-03 04:05:06.789', '2024-02-03', '{a}', '{"b": 1, "a": 2}', '\x00'),
(2, 'north', 'HIGH', 2147483647, -5, 1e21, 2.5, 0.05, false, '00000000-0000-4000-8000-00000000000a', '1969-12-31 23:59:59', '2023-01-01', '{a}', '{"a": 2, "b": 1}', NULL),
(3, 'South', 'in the middle', 2, NULL, NULL, NULL, 3, NULL, NULL, NULL, NULL, '{}', 'null', '\x01'),
(4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`

// What aggregates answer, in every type.
func TestAggregates(t *testing.T) {
	t.Parallel()
	schema, databaseURL := prismatest.Database(t, saleSchema)
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), saleRows)
	e := openEngine(t, databaseURL)
	for _, test := range []struct{ name, query, want string }{
		{"count", `{ n: aggregateSale { how: _count { all: _all shop note file tags } } }`, `{"n":{"how":{"all":4,"shop":3,"note":3,"file":2,"tags":3}}}`},
		{"count of none", `{ aggregateSale(where: {id: 9}) { _count { _all shop } _sum { amount } _avg { price } _min { shop grade at } _max { open } } }`, `{"aggregateSale":{"_count":{"_all":0,"shop":0},"_sum":{"amount":null},"_avg":{"price":null},"_min":{"shop":null,"grade":null,"at":null},"_max":{"open":null}}}`},
		{"sum beyond what a field holds", `{ aggregateSale { _sum { id amount total weight real price } } }`, `{"aggregateSale":{"_sum":{"id":10,"amount":4294967296,"total":"9007199254740988","weight":1e+21,"real":2.6,"price":"15.35"}}}`},
		{"average", `{ aggregateSale { _avg { id amount total weight real price } } }`, `{"aggregateSale":{"_avg":{"id":2.5,"amount":1431655765.3333333,"total":4.503599627370494e+15,"weight":5e+20,"real":1.300000000745058,"price":"5.1166666666666667"}}}`},
		{"least", `{ aggregateSale { _min { id shop grade amount total weight real price open code at day } } }`, `{"aggregateSale":{"_min":{"id":1,"shop":"South","grade":"LOW","amount":2,"total":"-5","weight":0.5,"real":0.1,"price":"0.05","open":false,"code":"00000000-0000-4000-8000-00000000000a","at":"1969-12-31T23:59:59.000Z","day":"2023-01-01T00:00:00.000Z"}}}`},
		{"greatest", `{ aggregateSale { _max { id shop grade amount total weight real price open code at day } } }`, `{"aggregateSale":{"_max":{"id":4,"shop":"north","grade":"HIGH","amount":2147483647,"total":"9007199254740993","weight":1e+21,"real":2.5,"price":"12.3","open":true,"code":"00000000-0000-4000-8000-00000000000b","at":"2024-02-03T04:05:06.789Z","day":"2024-02-03T00:00:00.000Z"}}}`},
		{"of the first", `{ aggregateSale(orderBy: {id: desc} take: 2) { _sum { id } _count { _all shop } } }`, `{"aggregateSale":{"_sum":{"id":7},"_count":{"_all":2,"shop":1}}}`},
		{"of the last", `{ aggregateSale(orderBy: {id: desc} take: -2) { _sum { id } } }`, `{"aggregateSale":{"_sum":{"id":3}}}`},
		{"from a record on", `{ aggregateSale(cursor: {id: 2} skip: 1) { _sum { id } } }`, `{"aggregateSale":{"_sum":{"id":7}}}`},
		{"from a record that is not there", `{ aggregateSale(cursor: {id: 9}) { _sum { id } _count { _all } } }`, `{"aggregateSale":{"_sum":{"id":null},"_count":{"_all":0}}}`},
		{"of none", `{ aggregateSale(take: 0) { _count { _all } } }`, `{"aggregateSale":{"_count":{"_all":0}}}`},
		{"groups", `{ groupBySale(by: [shop] orderBy: {shop: asc}) { shop _count { _all } _sum { amount total } _avg { price } } }`, `{"groupBySale":[{"shop":"South","_count":{"_all":1},"_sum":{"amount":2,"total":null},"_avg":{"price":"3"}},{"shop":"north","_count":{"_all":2},"_sum":{"amount":4294967294,"total":"9007199254740988"},"_avg":{"price":"6.175"}},{"shop":null,"_count":{"_all":1},"_sum":{"amount":null,"total":null},"_avg":{"price":null}}]}`},
		{"groups of none", `{ groupBySale(by: shop where: {id: 9}) { shop } }`, `{"groupBySale":[]}`},
		{"groups by an enum, some of them", `{ g: groupBySale(by: grade orderBy: {grade: {sort: desc nulls: last}} take: 2 skip: 1) { is: grade } }`, `{"g":[{"is":"MIDDLE"},{"is":"LOW"}]}`},
		{"the last groups, from the end", `{ groupBySale(by: grade orderBy: {grade: {sort: asc nulls: first}} take: -2) { grade } }`, `{"groupBySale":[{"grade":"HIGH"},{"grade":"MIDDLE"}]}`},
		{"groups by other types", `{ groupBySale(by: [at day open code price file] orderBy: {at: asc} where: {id: {lt: 3}}) { at day open code price file } }`, `{"groupBySale":[{"at":"1969-12-31T23:59:59.000Z","day":"2023-01-01T00:00:00.000Z","open":false,"code":"00000000-0000-4000-8000-00000000000a","price":"0.05","file":null},{"at":"2024-02-03T04:05:06.789Z","day":"2024-02-03T00:00:00.000Z","open":true,"code":"00000000-0000-4000-8000-00000000000b","price":"12.3","file":"AA=="}]}`},
		{"groups by a list", `{ groupBySale(by: tags orderBy: {_count: {id: desc}} take: 1) { tags _count { _all } } }`, `{"groupBySale":[{"tags":["a"],"_count":{"_all":2}}]}`},
		{"groups by Json", `{ groupBySale(by: note orderBy: [{_count: {id: desc}} {_max: {id: asc}}]) { note _count { _all } } }`, `{"groupBySale":[{"note":"{\"a\":2,\"b\":1}","_count":{"_all":2}},{"note":"null","_count":{"_all":1}},{"note":null,"_count":{"_all":1}}]}`},
		{"having", `{ groupBySale(by: shop having: {amount: {_sum: {gt: 2147483647}} price: {_avg: {lt: "6.18" not: 6}}}) { shop } }`, `{"groupBySale":[{"shop":"north"}]}`},
		{"having of a value", `{ groupBySale(by: [shop grade] having: {shop: {contains: "TH" mode: insensitive} grade: {in: [HIGH MIDDLE]}} orderBy: {grade: asc}) { shop grade } }`, `{"groupBySale":[{"shop":"South","grade":"MIDDLE"},{"shop":"north","grade":"HIGH"}]}`},
		{"having null", `{ groupBySale(by: shop having: {OR: [{shop: null} {id: {_min: {equals: 3}}}]} orderBy: {shop: {sort: asc nulls: first}}) { shop } }`, `{"groupBySale":[{"shop":null},{"shop":"South"}]}`},
		{"having of other types", `{ groupBySale(by: shop having: {code: {_max: {equals: "00000000-0000-4000-8000-00000000000B"}} open: {_max: {equals: true}} at: {_min: {lt: "1970-01-01T00:00:00Z"}} grade: {_max: {equals: HIGH}} total: {_avg: {gt: 1}}}) { shop } }`, `{"groupBySale":[{"shop":"north"}]}`},
		{"having none", `{ groupBySale(by: shop having: {OR: []}) { shop } }`, `{"groupBySale":[]}`},
		{"some groups in no order", `{ groupBySale(by: [id shop] take: 2 skip: 1) { id } }`, `{"groupBySale":[{"id":2},{"id":3}]}`},
		{"some groups in no order that there could be", `{ groupBySale(by: [shop] take: 2) { shop } }`, `P2019 Input error: a field that is part of the key, in whose order a page without orderBy is, has to be in by; missing: id`},
		{"of bytes, which have no least", `{ aggregateSale { _min { file } } }`, ` The database refused: function min(bytea) does not exist (SQLSTATE 42883)`},
		{"hostile values", `{ groupBySale(by: shop having: {shop: {_max: {in: ["') OR 1=1 --" "$1"]} not: "x' OR 'a'='a"}} where: {shop: "\"; DROP TABLE \"Sale\"; --"}) { shop } }`, `{"groupBySale":[]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := execute(t, e, schema, test.query)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// sale is a random record, as it is written and as it is counted.
type sale struct {
	id     int64
	shop   string
	amount *big.Rat
	total  *big.Rat
	weight *big.Rat
	price  *big.Rat
}

const allShops = "abc"

func randomSales(random *rand.Rand, n int) []sale {
	maybe := func(numerator, denominator int64) *big.Rat {
		if random.IntN(5) == 0 {
			return nil
		}
		return big.NewRat(numerator, denominator)
	}
	sales := make([]sale, n)
	for i := range sales {
		sales[i] = sale{
			id: int64(i + 1), shop: allShops[random.IntN(len(allShops)):][:1],
			amount: maybe(random.Int64N(1<<32)-1<<31, 1), total: maybe(random.Int64N(1<<54), 1),
			weight: maybe(random.Int64N(1<<20), 8), price: maybe(random.Int64N(2e8)-1e8, 100),
		}
	}
	return sales
}

func (s sale) sql() string {
	text := func(r *big.Rat) string {
		if r == nil {
			return "NULL"
		}
		return r.FloatString(3)
	}
	return fmt.Sprintf(`INSERT INTO "Sale" (id, shop, amount, total, weight, price) VALUES (%d, '%s', %s, %s, %s, %s);`, s.id, s.shop, text(s.amount), text(s.total), text(s.weight), text(s.price))
}

// of are the values of one field, those that are not null.
func of(sales []sale, field string) []*big.Rat {
	var values []*big.Rat
	for _, s := range sales {
		value := map[string]*big.Rat{"amount": s.amount, "total": s.total, "weight": s.weight, "price": s.price}[field]
		if value != nil {
			values = append(values, value)
		}
	}
	return values
}

// reduced is an aggregate of values as it is counted by hand, nil for null.
func reduced(name string, values []*big.Rat) *big.Rat {
	switch {
	case name == "_count":
		return big.NewRat(int64(len(values)), 1)
	case len(values) == 0:
		return nil
	case name == "_min":
		return slices.MinFunc(values, (*big.Rat).Cmp)
	case name == "_max":
		return slices.MaxFunc(values, (*big.Rat).Cmp)
	}
	sum := new(big.Rat)
	for _, v := range values {
		sum.Add(sum, v)
	}
	if name == "_avg" {
		sum.Quo(sum, big.NewRat(int64(len(values)), 1))
	}
	return sum
}

const aggregatesOfAll = `_count { _all amount total weight price } _sum { amount total weight price } _avg { amount total weight price } _min { amount total weight price } _max { amount total weight price }`

// agree compares an answer's aggregates with those counted by hand.
func agree(t *testing.T, what string, answer map[string]any, sales []sale) {
	t.Helper()
	for name, members := range answer {
		group, ok := members.(map[string]any)
		if !ok {
			continue
		}
		for field, got := range group {
			want := big.NewRat(int64(len(sales)), 1)
			if field != "_all" {
				want = reduced(name, of(sales, field))
			}
			if !same(got, want) {
				t.Errorf("%s: %s.%s is %v, want %v", what, name, field, got, want)
			}
		}
	}
}

// same tells whether an answer is the number: to 15 digits, which is what a Float has.
func same(got any, want *big.Rat) bool {
	if got == nil || want == nil {
		return got == nil && want == nil
	}
	number, ok := new(big.Rat).SetString(fmt.Sprint(got))
	if !ok {
		return false
	}
	a, _ := number.Float64()
	b, _ := want.Float64()
	return math.Abs(a-b) <= 1e-15*math.Max(math.Abs(a), math.Abs(b))*10
}

// Aggregates and groups of random records, in pages, are what is counted by hand.
func TestAggregatesOfRandomRecords(t *testing.T) {
	t.Parallel()
	schema, databaseURL := prismatest.Database(t, saleSchema)
	random := rand.New(rand.NewPCG(6, 24))
	sales := randomSales(random, 60)
	var rows strings.Builder
	for _, s := range sales {
		rows.WriteString(s.sql())
	}
	postgrestest.Exec(t, postgrestest.Connect(t, databaseURL), rows.String())
	e := openEngine(t, databaseURL)
	for range 100 {
		from, to := random.Int64N(70), random.Int64N(70)
		found := slices.DeleteFunc(slices.Clone(sales), func(s sale) bool { return s.id < from || s.id > to })
		take, skip := random.IntN(41)-20, random.IntN(10)
		arguments := fmt.Sprintf(`where: {id: {gte: %d lte: %d}} orderBy: {id: asc} take: %d skip: %d`, from, to, take, skip)
		if random.IntN(4) == 0 {
			take, skip = math.MaxInt32, 0
			arguments = fmt.Sprintf(`where: {id: {gte: %d lte: %d}}`, from, to)
		}
		query := `{ aggregateSale(` + arguments + `) { ` + aggregatesOfAll + ` } }`
		agree(t, query, decodedMember[map[string]any](t, execute(t, e, schema, query), "aggregateSale"), page(found, take, skip))

		least := random.IntN(20)
		query = fmt.Sprintf(`{ groupBySale(by: [shop] where: {id: {gte: %d lte: %d}} having: {id: {_count: {gte: %d}}} orderBy: {shop: asc}) { shop %s } }`, from, to, least, aggregatesOfAll)
		groups := decodedMember[[]map[string]any](t, execute(t, e, schema, query), "groupBySale")
		for _, shop := range strings.Split(allShops, "") {
			members := slices.DeleteFunc(slices.Clone(found), func(s sale) bool { return s.shop != shop })
			if len(members) < max(least, 1) {
				continue
			}
			if len(groups) == 0 || groups[0]["shop"] != shop {
				t.Fatalf("%s: the group of %s is not where it has to be", query, shop)
			}
			agree(t, query, groups[0], members)
			groups = groups[1:]
		}
		if len(groups) > 0 {
			t.Errorf("%s: %d groups too many", query, len(groups))
		}
	}
}

// page is what is taken after what is skipped, from the end where take is negative.
func page(sales []sale, take, skip int) []sale {
	if take < 0 {
		end := max(len(sales)-skip, 0)
		return sales[max(end+take, 0):end]
	}
	start := min(skip, len(sales))
	return sales[start : start+min(take, len(sales)-start)]
}

// decodedMember is a member of an answer, with the digits of its numbers.
func decodedMember[T any](t *testing.T, answer, member string) T {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.UseNumber()
	var data map[string]T
	if err := decoder.Decode(&data); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return data[member]
}

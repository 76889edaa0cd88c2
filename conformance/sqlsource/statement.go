package sqlsource

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// statement is SQL with the values that are bound to it.
type statement struct {
	sql    strings.Builder
	values []any
}

func (s *statement) write(format string, parts ...any) { fmt.Fprintf(&s.sql, format, parts...) }

// bind writes the placeholder of a value.
func (s *statement) bind(f field, value any) error {
	bound, err := f.bound(value)
	if err != nil {
		return err
	}
	s.values = append(s.values, bound)
	s.write("%s", f.parameter(len(s.values)))
	return nil
}

// statement is the SQL of what is asked.
func (a asked) statement() (*statement, error) {
	s := &statement{}
	table := pgx.Identifier{a.model.table}.Sanitize()
	var err error
	switch a.action {
	case "executeRaw":
		return s, s.raw(a.arguments)
	case "createOne", "createMany":
		s.write("INSERT INTO %s ", table)
		err = s.insert(a)
	case "updateOne", "updateMany":
		s.write("UPDATE %s SET ", table)
		if err = s.set(a); err == nil {
			err = s.where(a)
		}
	case "deleteOne", "deleteMany":
		s.write("DELETE FROM %s", table)
		err = s.where(a)
	default:
		s.write("SELECT ")
		if err = s.columns(a); err == nil {
			s.write(" FROM %s", table)
			err = s.where(a)
		}
		if err == nil {
			err = s.page(a)
		}
		return s, err
	}
	if err == nil && strings.HasSuffix(a.action, "One") {
		s.write(" RETURNING ")
		err = s.columns(a)
	}
	return s, err
}

// columns writes what is selected.
func (s *statement) columns(a asked) error {
	for i, name := range a.selected {
		f, err := a.model.field(name)
		if err != nil {
			return err
		}
		if i > 0 {
			s.write(", ")
		}
		s.write("%s", f.selected())
	}
	if len(a.selected) == 0 {
		return errors.New("nothing is selected")
	}
	return nil
}

// insert writes the rows. What one of them leaves open has its default.
func (s *statement) insert(a asked) error {
	rows, isList := a.arguments["data"].([]any)
	if !isList {
		rows = []any{a.arguments["data"]}
	}
	given := map[string]bool{}
	for _, row := range rows {
		members, isObject := row.(map[string]any)
		if !isObject {
			return errors.New("data is no object")
		}
		for name := range members {
			given[name] = true
		}
	}
	switch {
	case len(rows) == 0:
		s.write("SELECT * FROM %s WHERE false", pgx.Identifier{a.model.table}.Sanitize())
		return nil
	case len(given) == 0 && len(rows) == 1:
		s.write("DEFAULT VALUES")
		return nil
	}
	var fields []field
	var columns []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		f, err := a.model.field(name)
		if err != nil {
			return err
		}
		fields, columns = append(fields, f), append(columns, f.quoted())
	}
	s.write("(%s) VALUES ", strings.Join(columns, ", "))
	for i, row := range rows {
		if i > 0 {
			s.write(", ")
		}
		if err := s.row(fields, row.(map[string]any)); err != nil {
			return err
		}
	}
	return nil
}

func (s *statement) row(fields []field, members map[string]any) error {
	for i, f := range fields {
		s.write("%s", map[bool]string{true: "(", false: ", "}[i == 0])
		value, given := members[f.name]
		if !given {
			s.write("DEFAULT")
			continue
		}
		if err := s.bind(f, unset(value)); err != nil {
			return err
		}
	}
	s.write(")")
	return nil
}

// unset is the value in {set: value}.
func unset(value any) any {
	if members, isObject := value.(map[string]any); isObject && len(members) == 1 {
		if set, has := members["set"]; has {
			return set
		}
	}
	return value
}

// set writes what is changed; where that is nothing, a column as it was.
func (s *statement) set(a asked) error {
	data, err := a.objectOf("data")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		column := a.model.fields[0].quoted()
		s.write("%s = %s", column, column)
	}
	for i, name := range slices.Sorted(maps.Keys(data)) {
		f, err := a.model.field(name)
		if err != nil {
			return err
		}
		if i > 0 {
			s.write(", ")
		}
		s.write("%s = ", f.quoted())
		if err := s.bind(f, unset(data[name])); err != nil {
			return err
		}
	}
	return nil
}

// where writes which rows are meant. One row is never meant by nothing.
func (s *statement) where(a asked) error {
	where, err := a.objectOf("where")
	if err != nil {
		return err
	}
	for name, of := range a.model.key {
		if whole, isObject := where[name].(map[string]any); isObject && len(whole) == len(of) {
			where = whole
		}
	}
	if len(where) == 0 && !strings.HasSuffix(a.action, "Many") {
		return fmt.Errorf("%s needs a where", a.action)
	}
	between := " WHERE "
	for _, name := range slices.Sorted(maps.Keys(where)) {
		f, err := a.model.field(name)
		if err != nil {
			return err
		}
		operators, isObject := where[name].(map[string]any)
		if !isObject {
			operators = map[string]any{"equals": where[name]}
		}
		for _, operator := range slices.Sorted(maps.Keys(operators)) {
			s.write("%s", between)
			if err := s.compare(f, operator, operators[operator]); err != nil {
				return err
			}
			between = " AND "
		}
	}
	return nil
}

func (s *statement) compare(f field, operator string, value any) error {
	switch list, isList := value.([]any); {
	case operator == "equals" && value == nil:
		s.write("%s IS NULL", f.quoted())
		return nil
	case operator == "equals":
		s.write("%s = ", f.quoted())
		return s.bind(f, value)
	case operator == "startsWith" && f.sqlType == "text":
		s.write("starts_with(%s, ", f.quoted())
		defer s.write(")")
		return s.bind(f, value)
	case operator == "in" && isList:
		s.write("%s IN (NULL", f.quoted())
		defer s.write(")")
		for _, item := range list {
			s.write(", ")
			if err := s.bind(f, item); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%s takes no %s of %v here", f.name, operator, value)
}

// page writes the order and how many there are at the most.
func (s *statement) page(a asked) error {
	order, err := a.objectOf("orderBy")
	if err != nil || len(order) > 1 {
		return errors.New("orderBy is one field here")
	}
	for name, direction := range order {
		f, err := a.model.field(name)
		if err != nil || direction != "asc" && direction != "desc" {
			return fmt.Errorf("there is no order by %s %v here", name, direction)
		}
		s.write(" ORDER BY %s %s", f.quoted(), direction)
	}
	if take, given := a.arguments["take"]; given {
		most, err := strconv.ParseUint(fmt.Sprint(take), 10, 31)
		if err != nil {
			return fmt.Errorf("take is %v: expected a whole number", take)
		}
		s.write(" LIMIT %d", most)
	}
	return nil
}

// raw is SQL of the case's own; Postgres infers the types of its values.
func (s *statement) raw(arguments map[string]any) error {
	query, isText := arguments["query"].(string)
	if !isText {
		return errors.New("executeRaw has no query")
	}
	s.sql.WriteString(query)
	if arguments["parameters"] == nil {
		return nil
	}
	var values []any
	decoder := json.NewDecoder(strings.NewReader(fmt.Sprint(arguments["parameters"])))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		return fmt.Errorf("parameters is no JSON list: %w", err)
	}
	for _, v := range values {
		switch v := v.(type) {
		case json.Number:
			s.values = append(s.values, v.String())
		case map[string]any, []any:
			return fmt.Errorf("executeRaw binds no %v here", v)
		default:
			s.values = append(s.values, v)
		}
	}
	return nil
}

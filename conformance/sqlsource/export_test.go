package sqlsource

import (
	"regexp"
	"slices"
	"strings"

	"github.com/arazzo-conformance/arazzo/conformance"
)

// OfTable are the fields of the models as MODEL.FIELD TABLE.COLUMN.
func OfTable() []string {
	var all []string
	for name, m := range models {
		for _, f := range m.fields {
			all = append(all, name+"."+f.name+" "+m.table+"."+f.column)
		}
	}
	slices.Sort(all)
	return all
}

var (
	modelBlock = regexp.MustCompile(`(?s)model (\w+) \{\n(.*?)\n\}`)
	fieldLine  = regexp.MustCompile(`(?m)^  (\w+) +(\w+)\S*(.*)$`)
	mapped     = regexp.MustCompile(`[^@]@map\("(\w+)"\)`)
	mappedAs   = regexp.MustCompile(`@@map\("(\w+)"\)`)
)

// OfSchema are the same as fixture.prisma has them.
func OfSchema() []string {
	var all []string
	for _, block := range modelBlock.FindAllStringSubmatch(conformance.FixtureSchema, -1) {
		name, table := block[1], block[1]
		if as := mappedAs.FindStringSubmatch(block[2]); as != nil {
			table = as[1]
		}
		for _, line := range fieldLine.FindAllStringSubmatch(block[2], -1) {
			if strings.Contains(conformance.FixtureSchema, "model "+line[2]+" {") {
				continue // a relation
			}
			column := line[1]
			if as := mapped.FindStringSubmatch(line[3]); as != nil {
				column = as[1]
			}
			all = append(all, name+"."+line[1]+" "+table+"."+column)
		}
	}
	slices.Sort(all)
	return all
}

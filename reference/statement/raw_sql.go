package statement

import (
	"fmt"
	"strings"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// checkRawSQL refuses what the SQL of a raw query cannot begin with. It need not look
// further than the first words: Postgres takes one statement in a text whose values
// are bound.
func checkRawSQL(sql string) error {
	verb, rest := rawWord(sql)
	second, _ := rawWord(rest)
	switch verb {
	case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE":
	case "PREPARE":
		if second != "TRANSACTION" {
			return nil
		}
		verb += " " + second
	case "COPY":
		// It would read from and write to the connection beside the protocol of queries.
		return prisma.RawFailure("0A000", "COPY has no place in a raw query: use INSERT or SELECT, or connect to the database itself")
	default:
		return nil
	}
	return prisma.RawFailure("0A000", fmt.Sprintf("%s has no place in a raw query, which has no transaction of its own to begin or end: "+
		`send a batch with "transaction": true`, verb))
}

// rawWord is the first word of SQL in capitals, after what Postgres passes over:
// white space, comments and empty statements (sections "Comments" and "Lexical
// Structure" of its manual).
func rawWord(sql string) (word, rest string) {
	for {
		trimmed := strings.TrimLeft(sql, " \t\n\r\f\v;")
		switch {
		case strings.HasPrefix(trimmed, "--"):
			if at := strings.IndexAny(trimmed, "\n\r"); at >= 0 {
				trimmed = trimmed[at:]
			} else {
				trimmed = ""
			}
		case strings.HasPrefix(trimmed, "/*"):
			trimmed = afterComment(trimmed)
		}
		if trimmed == sql {
			break
		}
		sql = trimmed
	}
	end := strings.IndexFunc(sql, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' })
	if end < 0 {
		end = len(sql)
	}
	return strings.ToUpper(sql[:end]), sql[end:]
}

// afterComment is what follows a comment; comments nest in Postgres.
func afterComment(sql string) string {
	depth := 0
	for at := 0; at+1 < len(sql); at++ {
		switch sql[at : at+2] {
		case "/*":
			depth++
		case "*/":
			depth--
		default:
			continue
		}
		at++
		if depth == 0 {
			return sql[at+1:]
		}
	}
	return ""
}

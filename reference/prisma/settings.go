package prisma

// Settings are the parameters of a connection under which Postgres prints what this
// package reads, whatever the database's own are: text in UTF-8, also in a database
// of another encoding, and values in one form, whatever its locale.
func Settings() map[string]string {
	return map[string]string{
		"client_encoding":    "UTF8",
		"datestyle":          "ISO",
		"intervalstyle":      "postgres",
		"bytea_output":       "hex",
		"extra_float_digits": "1",
		"lc_monetary":        "C",
	}
}

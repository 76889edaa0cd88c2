package openapi

// Carrier is the parameter in which a scheme's credential travels; it has no name
// for a scheme that uses none, such as mutualTLS.
func (s *SecurityScheme) Carrier() (name, in string) {
	switch s.Type {
	case "apiKey":
		return s.Name, s.In
	case "http", "oauth2", "openIdConnect":
		return "Authorization", "header"
	default:
		return "", ""
	}
}

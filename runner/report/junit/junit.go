package junit

import (
	"encoding/xml"
	"fmt"
	"io"
)

// Suites is a whole document.
type Suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []Suite  `xml:"testsuite"`
}

// Suite is a list of cases, of which [Suite.Add] keeps count.
type Suite struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr,omitempty"`
	// Time is that of [Seconds].
	Time  string `xml:"time,attr"`
	Cases []Case `xml:"testcase"`
}

// Case is what was tested. At most one of Failure, Error and Skipped is set; without
// any it passed.
type Case struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    string   `xml:"time,attr"`
	Failure *Message `xml:"failure"`
	Error   *Message `xml:"error"`
	Skipped *Message `xml:"skipped"`
	// Output is what is worth telling of it beside that.
	Output string `xml:"system-out,omitempty"`
}

// Message says why a case did not pass, in a line and at length.
type Message struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Add adds a case and counts it.
func (s *Suite) Add(c Case) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// Seconds is how JUnit writes a time that is given in milliseconds.
func Seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }

// Write writes the document, indented by two spaces.
func Write(w io.Writer, s Suites) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

package xpath

import (
	"fmt"
	"slices"
	"strings"
)

// construct is syntax that came after XPath 1.0: what it begins with, and what
// comes then, blank space aside.
type construct struct{ begins, then, what, version string }

// laterOperands begin where an operand is expected, laterSteps after a slash, and
// laterOperators after an operand.
var (
	laterOperands = []construct{
		{"(:", "", "a comment (: :)", "2.0"},
		{"for", "$", "for ... in ... return", "2.0"},
		{"some", "$", "some ... satisfies", "2.0"},
		{"every", "$", "every ... satisfies", "2.0"},
		{"if", "(", "if ... then ... else", "2.0"},
		{"(", ")", "the empty sequence ()", "2.0"},
		{"let", "$", "let ... return", "3.0"},
		{"Q{", "", "a name with its namespace in braces, Q{},", "3.0"},
		{"function", "(", "a function written in place", "3.0"},
		{"map", "{", "a map", "3.1"},
		{"array", "{", "an array", "3.1"},
		{"[", "", "an array", "3.1"},
		{"?", "", "the lookup ?", "3.1"},
	}
	laterSteps = []construct{
		{"(:", "", "a comment (: :)", "2.0"},
		{"(", "", "a parenthesis as a step", "2.0"},
		{"'", "", "a string as a step", "2.0"},
		{`"`, "", "a string as a step", "2.0"},
		{"Q{", "", "a name with its namespace in braces, Q{},", "3.0"},
	}
	laterOperators = []construct{
		{"(:", "", "a comment (: :)", "2.0"},
		{",", "", "a sequence with a comma", "2.0"},
		{"<<", "", "the operator <<", "2.0"},
		{">>", "", "the operator >>", "2.0"},
		{"||", "", "the operator ||", "3.0"},
		{"!", "", "the operator !", "3.0"},
		{"#", "", "a reference to a function, #", "3.0"},
		{"(", "", "a call of what an expression gives", "3.0"},
		{"=>", "", "the operator =>", "3.1"},
		{"?", "", "the lookup ?", "3.1"},
	}
)

// laterSymbols are the operators that begin like one of XPath 1.0.
var laterSymbols = []string{"<<", ">>", "||", "=>"}

// laterWords are the operators that are words.
var laterWords = strings.Fields("eq ne lt le gt ge is to union intersect except idiv instance treat castable cast return satisfies then else in")

// later is the error that something came after XPath 1.0.
func (s *scanner) later(what, version string) *SyntaxError {
	return &SyntaxError{s.offset, what + " is of XPath " + version + "; this version evaluates XPath 1.0"}
}

// laterIn is that error for what stands next, if it is one of the constructs.
func (s *scanner) laterIn(constructs []construct) error {
	for _, c := range constructs {
		if ahead := *s; ahead.take(c.begins) {
			if ahead.blank(); c.then == "" || ahead.at(c.then) {
				return s.later(c.what, c.version)
			}
		}
	}
	return nil
}

// unexpected is the error of what stands after an operand and is no operator.
func (s *scanner) unexpected(closing string) error {
	if err := s.laterIn(laterOperators); err != nil {
		return err
	}
	if word := s.word(); slices.Contains(laterWords, word) {
		return s.later("the operator "+word, "2.0")
	}
	return s.fail("an operator or " + closing)
}

// noStep is the error of what cannot be a step.
func (s *scanner) noStep() error {
	if s.at("$") {
		return &SyntaxError{s.offset, "found a variable, and nothing binds any: a runtime expression stands in braces, {$inputs.name}"}
	}
	if err := s.laterIn(laterSteps); err != nil {
		return err
	}
	if s.startsNumber() {
		return s.later("a number as a step", "2.0")
	}
	return s.fail("a name, *, @, a function, a string or a number")
}

// laterTests are the node tests that look like functions.
var laterTests = map[string]string{
	"element": "2.0", "attribute": "2.0", "document-node": "2.0", "item": "2.0", "schema-element": "2.0",
	"schema-attribute": "2.0", "empty-sequence": "2.0", "namespace-node": "3.0",
}

// laterFunctions are those of the libraries of XPath 2.0, 3.0 and 3.1 that 1.0
// does not have, and those that XSLT lends to it.
var laterFunctions = map[string]string{
	"2.0": `abs adjust-date-to-timezone adjust-dateTime-to-timezone adjust-time-to-timezone avg base-uri codepoint-equal
		codepoints-to-string collection compare current-date current-dateTime current-time data dateTime day-from-date
		day-from-dateTime days-from-duration deep-equal default-collation distinct-values doc doc-available document-uri
		empty encode-for-uri ends-with error escape-html-uri exactly-one exists hours-from-dateTime hours-from-duration
		hours-from-time idref implicit-timezone in-scope-prefixes index-of insert-before iri-to-uri
		local-name-from-QName lower-case matches max min minutes-from-dateTime minutes-from-duration minutes-from-time
		month-from-date month-from-dateTime months-from-duration namespace-uri-for-prefix namespace-uri-from-QName nilled
		node-name normalize-unicode one-or-more prefix-from-QName QName remove replace resolve-QName resolve-uri reverse
		root round-half-to-even seconds-from-dateTime seconds-from-duration seconds-from-time static-base-uri string-join
		string-to-codepoints subsequence timezone-from-date timezone-from-dateTime timezone-from-time tokenize trace
		unordered upper-case year-from-date year-from-dateTime years-from-duration zero-or-one`,
	"3.0": `analyze-string available-environment-variables element-with-id environment-variable filter fold-left fold-right
		for-each for-each-pair format-date format-dateTime format-integer format-time function-arity function-lookup
		function-name has-children head innermost outermost parse-xml parse-xml-fragment path serialize tail
		unparsed-text unparsed-text-available unparsed-text-lines uri-collection`,
	"3.1": `apply collation-key contains-token default-language json-doc json-to-xml load-xquery-module parse-ietf-date
		parse-json random-number-generator sort transform xml-to-json`,
	"XSLT": `current document element-available format-number function-available generate-id key system-property
		unparsed-entity-uri`,
}

// unknownFunction is the error of a call of what is no function of XPath 1.0.
func unknownFunction(name string, start int) error {
	at := scanner{offset: start}
	for version, names := range laterFunctions {
		if !slices.Contains(strings.Fields(names), strings.TrimPrefix(name, "fn:")) {
			continue
		}
		if version == "XSLT" {
			return &SyntaxError{start, fmt.Sprintf("the function %s() is of XSLT; this version evaluates XPath 1.0", name)}
		}
		return at.later("the function "+name+"()", version)
	}
	if version, ok := laterTests[name]; ok {
		return at.later("the node test "+name+"()", version)
	}
	if prefix, _, ok := strings.Cut(name, ":"); ok {
		return at.later("a function with a prefix, "+prefix+":, or a constructor", "2.0")
	}
	return &SyntaxError{start, fmt.Sprintf("expected a function of XPath 1.0, found %s()", name)}
}

// functionStep is the error of a call where a step is expected.
func functionStep(name string, start int) error {
	if _, ok := functions[name]; !ok {
		return unknownFunction(name, start)
	}
	at := scanner{offset: start}
	return at.later("a function as a step, /"+name+"(), instead of "+name+"(...) around the path,", "2.0")
}

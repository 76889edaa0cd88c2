// Package engine holds the cases that judge runners of Arazzo documents, and the
// harness that puts a runner through them. The cases are data: nothing in them is
// known to one runner alone, and nothing of them needs Go.
//
// # A case
//
// A case is one YAML file, cases/SECTION/NAME.yml. It gives a document to a runner,
// answers its requests from a script, and says what has to come of it: the requests
// exactly and in their order, how the workflow ended, and its outputs.
//
//	title: A limit of zero is no retry at all
//	rows: [S-124]
//	level: must
//	version: 1.0.1
//	document: |
//	  arazzo: 1.0.1
//	  info: {title: t, version: v}
//	  sourceDescriptions: [{name: api, url: api.yml, type: openapi}]
//	  workflows:
//	  - workflowId: w
//	    steps:
//	    - stepId: s
//	      operationId: listThings
//	      onFailure: [{name: again, type: retry, retryLimit: 0}]
//	sources: {api.yml: things.yml}
//	replies: [503]
//	requests: [GET /things]
//	verdict: failed
//
// What a case may have; another key is an error:
//
//	title        the behaviour, in a sentence a person would say; no two cases share one
//	rows         the requirements it proves, by their numbers in docs/positions.md
//	level        how binding they are: must, should and may are the specification's own
//	             words; behaviour is implied by its text; position is one choice where the
//	             text leaves several
//	pick         that choice, in a line; a position has one, nothing else has
//	dialect      the dialect of published documents that the position accepts or refuses
//	             (D1 to D19); a runner may refuse them all
//	version      of the Arazzo Specification, as the document says it
//	document     the document's text; the runner finds it as a file workflow.yml
//	sources      the files beside it, by name: a text, or the name of a file of the
//	             folder sources, which is what a value of a single line is
//	workflow     the workflow to run, by its id; "w" where the case does not say
//	inputs       its inputs, JSON values by name
//	credentials  by the name of the security scheme: the key of an apiKey, the token of
//	             bearer, oauth2 and openIdConnect, user:password of basic; for a grant of
//	             oauth2 an object of clientId, clientSecret, username and password
//	replies      what the server answers, in order
//	requests     what it has to be asked, in order: one for each reply
//	verdict      how the workflow ends: succeeded, failed, or refused. What is refused
//	             is wrong by itself, and nothing was sent
//	failing      the step whose failure ended it, where a runner tells
//	outputs      the workflow's outputs, all of them. Where a case has none, a workflow
//	             that succeeds has none, and those of one that failed are not judged
//
// A reply is an object of these, or its status alone:
//
//	status       200 where it is not given
//	headers      by name: a value, or a list of them for a header that comes several times
//	json         the body as a JSON value, of the type application/json unless headers
//	             say otherwise
//	body         the body as text; without a Content-Type where headers have none
//	base64       the body as bytes
//	close        true: the connection is closed, in place of an answer where nothing else
//	             is given, else after the body, which was announced to be longer
//	hang         true: there is no answer, until whoever asked goes away
//
// A request is an object of these, or its method and target alone, "GET /things":
//
//	method       exactly
//	target       exactly as on the request line; a list of texts where the standards
//	             allow several spellings, of which one has to be
//	server       which of the servers below was asked; "api" where it is not given
//	headers      by name: the value exactly, or a list for one that is sent several
//	             times. Those that are not named are not judged
//	absent       names of headers that must not be sent
//	body         exactly, or a list of spellings
//	json         the body as a JSON value: numbers are compared by value and to the last
//	             digit, members in any order
//	base64       the body as bytes
//	parts        of a multipart body in order, each with name, filename, type (the part's
//	             Content-Type), and body or json. What is not given must not be there,
//	             but for the type, which is not judged then
//
// A request without a body in the case has to be sent without one.
//
// # Servers
//
// Two servers answer from the same script, over plain HTTP. The texts of a case and of
// its sources call them api.test and other.test, as in http://api.test/v1: before a
// case is run the harness writes the hosts and ports of its servers there, everywhere
// in the case. Their hosts differ, not only their ports. No case needs the network, TLS or a clock: waits are
// hundredths of a second, and nothing but the order of events is judged.
//
// # Verdicts that a runner does not tell apart
//
// A runner that does not distinguish what was refused from what failed reports
// [Unsuccessful]: that nothing was sent shows in the requests.
//
// # Writing a case
//
// Copy one that is near. Say in the title what a runner does, prove one thing, and
// choose inputs and answers for which a runner that does another thing sends other
// requests, or ends otherwise: most cases end badly on purpose, because a success is
// what a careless runner has to show. Write documents anew, never from a text of
// others. Where a connection is closed without an answer, let it be the first of the
// case: on one that was used before, HTTP allows to send the request again. Then
//
//	go test ./conformance/engine -run TestCases/SECTION/NAME -v
//
// shows what the runner said; look why a document was refused. A position stands in
// docs/positions.md too. What the runner does not do yet goes on the list named
// behind, in engine_test.go.
//
// # Judging
//
// A [Runner] is what executes a document: [InProcess] is this module's library, a
// [Command] any program. [Run] sets up a case, lets the runner execute it, and
// returns what was seen; [Case.Judge] compares that with the expectation and knows
// no runner. The tests put this module's runner through all cases in process and
// through some by its command line, alter every expectation of every case and see
// the judge refuse it, and list the requirements that no case proves.
package engine

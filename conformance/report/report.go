package report

import "github.com/arazzo-conformance/arazzo/runner"

// Version is that of the report's form: members may be added, never renamed.
const Version = 1

// Verdict is what a case came to.
type Verdict string

// The verdicts. A case is unsupported where the target declares that it lacks what
// the case needs, or gives no control over it; skipped where the caller left it out;
// an error where the suite could not judge, which says nothing of the target.
const (
	Pass        Verdict = "pass"
	Fail        Verdict = "fail"
	Unsupported Verdict = "unsupported"
	Skipped     Verdict = "skipped"
	Error       Verdict = "error"
)

// Verdicts lists them, the best first.
var Verdicts = []Verdict{Pass, Fail, Unsupported, Skipped, Error}

// Interrupted is the reason of a case that was not run, or not to its end, for the run
// was interrupted.
const Interrupted = "the run was interrupted"

// Status is what a whole run came to.
type Status string

// The statuses.
const (
	// Conforms: everything that the target offers was judged, and passed.
	Conforms Status = "conforms"
	// Passes: what failed is known to fail, and the rest of what was asked for passed;
	// or something was left out.
	Passes Status = "passes"
	// Fails: a case failed that should not have, or one that is known to fail passed.
	Fails Status = "fails"
	// Refused: a smoke check failed, and no case was run.
	Refused Status = "refused"
	// Empty: no case was run.
	Empty Status = "empty"
	// Unjudged: the suite could not judge every case, and is at fault itself.
	Unjudged Status = "error"
)

// Statuses lists them all.
var Statuses = []Status{Conforms, Passes, Fails, Refused, Empty, Unjudged}

// Report is what a run of the suite came to.
type Report struct {
	Version int    `json:"version"`
	Status  Status `json:"status"`
	Suite   Suite  `json:"suite"`
	Target  Target `json:"target"`
	// Started is when the run began, RFC 3339; DurationMS how long it took.
	Started    string  `json:"started"`
	DurationMS float64 `json:"durationMs"`
	// Selection says which part of the suite was asked for.
	Selection Selection `json:"selection"`
	// Smoke is what was asked before the cases.
	Smoke []Check `json:"smoke"`
	// Summary counts the verdicts of each level.
	Summary map[Level]Counts `json:"summary"`
	Cases   []Case           `json:"cases"`
	// Problems are what keeps a run from succeeding beside its cases, such as a known
	// failure that passes.
	Problems []string `json:"problems,omitempty"`
	// Notes are worth knowing, and change nothing.
	Notes []string `json:"notes,omitempty"`
	// Repeat is the command that repeats the run, without the key.
	Repeat string `json:"repeat"`
}

// Suite is what judged.
type Suite struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	// Documents are the SHA-256 of the files that say what is right, by their paths in
	// the repository.
	Documents map[string]string `json:"documents"`
}

// Target is what was judged. What it says of itself is not checked.
type Target struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	URL     string `json:"url,omitempty"`
	Contact string `json:"contact,omitempty"`
	// Pulse and Accelerate are its base URLs, without credentials; empty where it does
	// not offer the API.
	Pulse      string `json:"pulse,omitempty"`
	Accelerate string `json:"accelerate,omitempty"`
	// Database is the version of its database, where it is known.
	Database string `json:"database,omitempty"`
	// Features are those that it declares, sorted.
	Features []string `json:"features"`
}

// Selection is which part of the suite was asked for.
type Selection struct {
	Profile   string   `json:"profile"`
	Run       []string `json:"run,omitempty"`
	Skip      []string `json:"skip,omitempty"`
	Timescale float64  `json:"timescale"`
}

// Check is one question that was asked before the cases.
type Check struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Found is what was seen, Next what to do about it, where it is not as it should be.
	Found string `json:"found,omitempty"`
	Next  string `json:"next,omitempty"`
	// Unreachable is true where no HTTP answer came at all.
	Unreachable bool `json:"unreachable,omitempty"`
}

// Level is how binding a requirement is.
type Level string

// The levels. Core is what every implementation has; what is extended belongs to a
// feature that it may declare.
const (
	Core     Level = "core"
	Extended Level = "extended"
)

// Counts are how many cases came to each verdict.
type Counts map[Verdict]int

// Case is what one case came to.
type Case struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Requirements []string `json:"requirements"`
	Level        Level    `json:"level"`
	Features     []string `json:"features,omitempty"`
	Condition    string   `json:"condition,omitempty"`
	Verdict      Verdict  `json:"verdict"`
	// Known is the reason for which the case is known to fail.
	Known string `json:"known,omitempty"`
	// Reason says why the case did not pass.
	Reason     string  `json:"reason,omitempty"`
	DurationMS float64 `json:"durationMs"`
	// Repeat is the command that runs this case alone, Trace what was sent and
	// answered, where it failed.
	Repeat string         `json:"repeat,omitempty"`
	Trace  *runner.Result `json:"trace,omitempty"`
	// Logged are the last errors that the target logged meanwhile, where the suite runs it
	// itself, and the case did not pass.
	Logged []string `json:"logged,omitempty"`
	// Text is the trace for a person.
	Text string `json:"-"`
}

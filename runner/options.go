package runner

import (
	"fmt"
	"net/http"
	"time"

	"github.com/arazzo-conformance/arazzo/runner/contract"
	"github.com/arazzo-conformance/arazzo/runner/exchange"
	"github.com/arazzo-conformance/arazzo/runner/retrieve"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// Defaults of [Options].
const (
	DefaultMaxSteps     = 1000
	DefaultStepTimeout  = 30 * time.Second
	DefaultPollInterval = time.Second
)

// Options says how a document is run. The zero value runs every workflow with
// the defaults.
type Options struct {
	// Workflows are the ids to run, in this order, each behind those that it depends
	// on; empty means those that no other one calls, goes to or depends on.
	Workflows []string
	// Inputs are keyed NAME, for every workflow run that declares NAME, or
	// WORKFLOW.NAME for one. A value is a JSON value (numbers as json.Number or
	// any Go number), or a [Text], which the input's schema gives its type.
	Inputs map[string]any
	// Sources says where a source description really is, by name: a path or URL.
	Sources map[string]string
	// Retrieval says how the documents are read; the zero value is ready to use.
	Retrieval retrieve.Options
	// Servers says where the API of a source really is, by name: a base URL.
	Servers map[string]string
	// ServerVariables are values for the variables of the servers that OpenAPI
	// descriptions declare, keyed NAME or SOURCE.NAME.
	ServerVariables map[string]string
	// Credentials are keyed SCHEME or SOURCE.SCHEME, by the security schemes of
	// the OpenAPI descriptions, with a member where tokens are to be fetched, such
	// as SCHEME.clientId (package credential). LookupEnv, where given, is asked for
	// ARAZZO_CREDENTIAL_<NAME> after them, then the file of that path, a YAML or
	// JSON object with the same names.
	Credentials     map[string]string
	LookupEnv       func(name string) (string, bool)
	CredentialsFile string
	// Files is the folder that a document may send files of, by x-file; empty means
	// none. No path and no symbolic link leads out of it.
	Files string
	// APIs are bound to the sources that name their file.
	APIs []API
	// DefaultInputs serve workflows that declare them and were not given them.
	DefaultInputs map[string]string
	// Checks says how much it matters when a request or a response is not as its
	// OpenAPI operation says. A check that is not there warns; an error fails the
	// step, before its request is sent or like a criterion that does not hold.
	Checks contract.Levels
	// Strict refuses the dialects that are otherwise accepted with a warning.
	Strict bool
	// MaxSteps bounds the attempts of one run; 0 means [DefaultMaxSteps].
	MaxSteps int
	// Timeout bounds the whole run, 0 means no bound. StepTimeout bounds one
	// attempt of a step that has no timeout of its own, for a stream until its
	// headers; 0 means [DefaultStepTimeout].
	Timeout, StepTimeout time.Duration
	// Secrets are masked in the result beside those that the run is given, such as keys
	// that a server may know from another run.
	Secrets []string
	// ShowSecrets lifts the masking of secrets in the result.
	ShowSecrets bool
	// Parallel is how many of the workflows that a run begins with may run side by
	// side, where none needs what another one does; 0 and 1 mean one after the other.
	// The report is the same.
	Parallel int
	// PollInterval is the pause before a step that goes to itself is visited again,
	// unless the response's Retry-After says otherwise; 0 means
	// [DefaultPollInterval], a negative one none.
	PollInterval time.Duration
	// Observer, where given, is told what happens while it happens.
	Observer Observer
	// Brief is for a caller who needs no report of every visit: the result has those
	// that are to blame for a failure, and of the diagnostics of visits the errors. The
	// observer is told of everything. So the memory of a run does not grow with the
	// number of its visits, unless Parallel holds back what the observer is told.
	Brief bool
	// Clock, where given, tells the time and waits.
	Clock Clock
	// MaxResponseBytes bounds the body of one response, after decompression, and
	// what is kept of one stream; 0 means [exchange.DefaultMaxResponseBytes].
	MaxResponseBytes int64
	// TLS says whom to trust and with which certificates to answer; the zero value
	// is what the system trusts.
	TLS exchange.TLS
	// Transport sends the requests; nil means connections of each run's own, with
	// the proxies of the environment. TLS is its own matter then.
	Transport http.RoundTripper
}

// Text is an input's value as a person typed it.
type Text string

// API is an API that the caller brings along, such as the bundled reference.
type API struct {
	// File is the base name of its OpenAPI description. Every source whose url
	// ends in it is bound to this API.
	File string
	// Description is the OpenAPI text for a source whose own file cannot be found.
	Description string
	// Server is the base URL, Credential the value for its security schemes.
	Server, Credential string
}

func (o Options) withDefaults() Options {
	if o.MaxSteps == 0 {
		o.MaxSteps = DefaultMaxSteps
	}
	if o.StepTimeout == 0 {
		o.StepTimeout = DefaultStepTimeout
	}
	if o.PollInterval == 0 {
		o.PollInterval = DefaultPollInterval
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.MaxResponseBytes == 0 {
		o.MaxResponseBytes = exchange.DefaultMaxResponseBytes
	}
	return o
}

// wrong are the options that say nothing that can be done.
func (o Options) wrong() source.Diagnostics {
	var found source.Diagnostics
	for _, limit := range []struct {
		name  string
		given int64
	}{
		{"MaxSteps", int64(o.MaxSteps)},
		{"Parallel", int64(o.Parallel)},
		{"MaxResponseBytes", o.MaxResponseBytes},
		{"Timeout", int64(o.Timeout)},
		{"StepTimeout", int64(o.StepTimeout)},
		{"Retrieval.MaxBytes", o.Retrieval.MaxBytes},
		{"Retrieval.Timeout", int64(o.Retrieval.Timeout)},
		{"Retrieval.CacheBytes", o.Retrieval.CacheBytes},
	} {
		if limit.given < 0 {
			found = append(found, &source.Diagnostic{
				Code: "wrong-option", Severity: source.Error, Message: fmt.Sprintf("the option %s is negative: %d", limit.name, limit.given),
				Expected: "a positive number, or 0 for what the option then means",
			})
		}
	}
	return append(found, o.wrongProxy()...)
}

// wrongProxy is a proxy of the environment that would not be used.
func (o Options) wrongProxy() source.Diagnostics {
	if o.Transport != nil {
		return nil
	}
	if err := exchange.CheckProxies(); err != nil {
		return source.Diagnostics{{
			Code: "wrong-proxy", Severity: source.Error, Message: err.Error() + ": the requests would go without it",
			Expected: "a URL such as http://proxy.example.com:3128", Fix: "correct the variable of the environment, or unset it",
		}}
	}
	return nil
}

// exchange are the options of the client that sends the requests.
func (o Options) exchange() exchange.Options {
	return exchange.Options{Transport: o.Transport, MaxResponseBytes: o.MaxResponseBytes, TLS: o.TLS}
}

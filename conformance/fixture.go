package conformance

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/arazzo-conformance/arazzo/runner"
)

// model is the one Prisma model that the cases write and watch, fixture how the
// target's database must have it at least.
const (
	model   = "User"
	fixture = `  model User {
    id    Int     @id @default(autoincrement())
    email String  @unique
    name  String?
  }
`
)

// aboutModel matches an answer that speaks of models, or of this one.
var aboutModel = regexp.MustCompile(`(?i)\bmodels?\b|\b` + model + `\b`)

// fixtureHint says which fixture is needed, when a target refused a request with
// an answer that speaks of the model; otherwise it is empty. It is a hint: the
// two APIs have no error code for a model that does not exist.
func fixtureHint(r *runner.Result) string {
	for _, w := range r.Workflows {
		for _, s := range w.Steps {
			if s.Status != runner.Failed {
				continue
			}
			if answer := s.Attempts[len(s.Attempts)-1].Response; refused(answer) && aboutModel.MatchString(fmt.Sprint(answer.Body)) {
				return fmt.Sprintf("next: step %s was refused with an answer that speaks of the model %s; "+
					"the target's database needs this fixture:\n%s", s.StepID, model, fixture)
			}
		}
	}
	return ""
}

// refused tells an answer that names an error: by its status, or, in GraphQL,
// in its body.
func refused(r *runner.ResponseResult) bool {
	if r == nil {
		return false
	}
	body, _ := r.Body.(map[string]any)
	return r.Status >= http.StatusBadRequest || body["errors"] != nil
}

package runner_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/arazzo-conformance/arazzo/runner"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

const petsWorkflow = `arazzo: 1.0.1
info: {title: Pets, version: 1.0.0}
sourceDescriptions:
- {name: pets, url: pets.yml, type: openapi}
workflows:
- workflowId: show
  inputs:
    type: object
    required: [petId]
    properties: {petId: {type: integer}}
  steps:
  - stepId: show
    operationId: showPet
    parameters:
    - {name: petId, in: path, value: $inputs.petId}
    successCriteria:
    - condition: $statusCode == 200
    outputs: {name: $response.body#/name}
  outputs: {name: $steps.show.outputs.name}
`

const petsDescription = `openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets/{petId}:
    get:
      operationId: showPet
      parameters:
      - {name: petId, in: path, required: true, schema: {type: integer}}
      responses:
        '200': {description: A pet., content: {application/json: {}}}
`

// A document, and the description of the API that it names, from memory. From
// disk or the web it is runner.Load with a path or URL.
func ExampleParse() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"name": "Rex, asked for as %s"}`, r.URL.Path)
	}))
	defer api.Close()
	ctx := context.Background()
	file := &source.File{Name: "show.yml", Text: petsWorkflow}
	plan, err := runner.Parse(ctx, file, runner.Options{
		APIs:   []runner.API{{File: "pets.yml", Description: petsDescription, Server: api.URL}},
		Inputs: map[string]any{"petId": 7},
	})
	if err != nil {
		fmt.Println(err) // source.Diagnostics: nothing was sent
		return
	}
	result := plan.Run(ctx)
	fmt.Println(result.Status)
	fmt.Println(result.Workflows[0].Outputs["name"])
	// Output:
	// succeeded
	// Rex, asked for as /pets/7
}

// progress writes what happens while it happens.
type progress struct{ w io.Writer }

func (p progress) Observe(e runner.Event) {
	switch e := e.(type) {
	case runner.WorkflowStarted:
		fmt.Fprintln(p.w, e.WorkflowID, "begins with", e.Inputs)
	case runner.StepEnded:
		fmt.Fprintln(p.w, e.Step.StepID, e.Step.Status)
	case runner.WorkflowEnded:
		fmt.Fprintln(p.w, e.Workflow.WorkflowID, e.Workflow.Status)
	}
}

// A plan can be inspected before it is run, and an observer is told what happens. The
// transport stands for the network here.
func ExamplePlan_Workflows() {
	ctx := context.Background()
	plan, err := runner.Parse(ctx, &source.File{Name: "show.yml", Text: petsWorkflow}, runner.Options{
		APIs:      []runner.API{{File: "pets.yml", Description: petsDescription, Server: "https://pets.example"}},
		Inputs:    map[string]any{"petId": 7},
		Observer:  progress{os.Stdout},
		Transport: notFound{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range plan.Workflows() {
		for _, s := range w.Steps {
			fmt.Println("it would send", s.Request.Method, s.Request.URL)
		}
	}
	result := plan.Run(ctx)
	for _, d := range result.Diagnostics {
		if d.Severity == "error" {
			fmt.Printf("%d:%d: %s\n", d.Line, d.Column, d.Message)
		}
	}
	fmt.Println("exit code", int(result.Outcome()))
	// Output:
	// it would send GET https://pets.example/pets/7
	// show begins with map[petId:7]
	// show failed
	// show failed
	// 17:18: the step "show" failed: $statusCode is 404
	// exit code 1
}

// notFound answers every request with 404.
type notFound struct{}

func (notFound) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

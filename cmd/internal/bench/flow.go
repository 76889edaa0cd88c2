package main

import (
	"fmt"
	"strconv"
	"strings"
)

// document is a file of a case.
type document struct{ name, text string }

// description is a source description of a flow.
type description struct{ name, url string }

// flow is a document of one workflow with ten steps a round, one request each, all
// of them to operations of the first source.
func flow(rounds int, sources ...description) string {
	var b strings.Builder
	b.WriteString(opening)
	for _, s := range sources {
		fmt.Fprintf(&b, "  - {name: %s, type: openapi, url: %s}\n", s.name, s.url)
	}
	b.WriteString(workflow)
	qualified := ""
	if len(sources) > 1 {
		qualified = "$sourceDescriptions." + sources[0].name + "."
	}
	for n := range rounds {
		b.WriteString(strings.NewReplacer("NUMBER", strconv.Itoa(n), "SOURCE", qualified).Replace(round))
	}
	return b.String()
}

const opening = `arazzo: 1.0.1
info:
  title: Items
  version: 1.0.0
sourceDescriptions:
`

const workflow = `workflows:
  - workflowId: items
    inputs:
      type: object
      properties:
        name: {type: string, default: item-one}
    outputs:
      first: $steps.create-one-0.outputs.id
    steps:
`

// round has criteria of every kind, an input, outputs that later steps use, and
// parameters in path and query.
const round = `      - stepId: before-NUMBER
        operationId: SOURCEhealth
        successCriteria:
          - condition: $statusCode == 200
          - condition: $response.body#/status == 'ok'
      - stepId: create-one-NUMBER
        operationId: SOURCEcreateItem
        requestBody:
          contentType: application/json
          payload:
            name: $inputs.name
            qty: 3
            tags: [a, b]
        successCriteria:
          - condition: $statusCode == 201
          - condition: $response.body#/qty == 3
        outputs:
          id: $response.body#/id
          name: $response.body#/name
      - stepId: get-one-NUMBER
        operationId: SOURCEgetItem
        parameters:
          - {name: id, in: path, value: $steps.create-one-NUMBER.outputs.id}
        successCriteria:
          - condition: $statusCode == 200
          - condition: $response.body#/id == $steps.create-one-NUMBER.outputs.id
        outputs:
          name: $response.body#/name
      - stepId: list-ten-NUMBER
        operationId: SOURCElistItems
        parameters:
          - {name: limit, in: query, value: 10}
        successCriteria:
          - condition: $statusCode == 200
          - context: $response.body
            type: jsonpath
            condition: $.items[?@.qty > 0]
        outputs:
          total: $response.body#/total
      - stepId: create-two-NUMBER
        operationId: SOURCEcreateItem
        requestBody:
          contentType: application/json
          payload:
            name: item-two
            qty: 7
            tags: [a, b]
        successCriteria:
          - condition: $statusCode == 201
          - condition: $response.body#/qty == 7
        outputs:
          id: $response.body#/id
          name: $response.body#/name
      - stepId: get-two-NUMBER
        operationId: SOURCEgetItem
        parameters:
          - {name: id, in: path, value: $steps.create-two-NUMBER.outputs.id}
        successCriteria:
          - condition: $statusCode == 200
          - context: $response.body#/name
            type: regex
            condition: ^item-[a-z]+$
        outputs:
          name: $response.body#/name
      - stepId: list-five-NUMBER
        operationId: SOURCElistItems
        parameters:
          - {name: limit, in: query, value: 5}
        successCriteria:
          - condition: $statusCode == 200
          - context: $response.body
            type: jsonpath
            condition: $.items[?@.qty > 0]
        outputs:
          total: $response.body#/total
      - stepId: delete-one-NUMBER
        operationId: SOURCEdeleteItem
        parameters:
          - {name: id, in: path, value: $steps.create-one-NUMBER.outputs.id}
        successCriteria:
          - condition: $statusCode == 204
      - stepId: delete-two-NUMBER
        operationId: SOURCEdeleteItem
        parameters:
          - {name: id, in: path, value: $steps.create-two-NUMBER.outputs.id}
        successCriteria:
          - condition: $statusCode == 204
      - stepId: after-NUMBER
        operationId: SOURCEhealth
        successCriteria:
          - condition: $statusCode == 200
          - condition: $response.body#/status == 'ok'
`

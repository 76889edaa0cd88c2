package main

// itemsDescription describes the API of the cases.
func itemsDescription(url string) string {
	return "openapi: 3.1.0\ninfo: {title: Items, version: 1.0.0}\nservers: [{url: '" + url + "'}]\n" + `paths:
  /health:
    get:
      operationId: health
      responses:
        '200':
          description: The service is well.
          content: {application/json: {schema: {$ref: '#/components/schemas/Health'}}}
  /items:
    post:
      operationId: createItem
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewItem'}}}
      responses:
        '201':
          description: It was created.
          content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}
        '400': {description: It is no item.}
    get:
      operationId: listItems
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
      responses:
        '200':
          description: Some items.
          content: {application/json: {schema: {$ref: '#/components/schemas/Items'}}}
  /items/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      operationId: getItem
      responses:
        '200':
          description: The item.
          content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}
        '404': {description: There is no such item.}
    delete:
      operationId: deleteItem
      responses:
        '204': {description: It was deleted.}
        '404': {description: There is no such item.}
components:
  schemas:
    Health:
      type: object
      required: [status]
      properties: {status: {type: string}}
    NewItem:
      type: object
      required: [name, qty, tags]
      properties:
        name: {type: string}
        qty: {type: integer}
        tags: {type: array, items: {type: string}}
    Item:
      type: object
      required: [id, name, qty, tags]
      properties:
        id: {type: integer}
        name: {type: string}
        qty: {type: integer}
        tags: {type: array, items: {type: string}}
    Items:
      type: object
      required: [items, total]
      properties:
        items: {type: array, items: {$ref: '#/components/schemas/Item'}}
        total: {type: integer}
`
}

// itemPaths and itemSchemas are the same in JSON, for the large description.
const (
	itemPaths = `    "/health": {
      "get": {
        "operationId": "health",
        "responses": {
          "200": {
            "description": "The service is well.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Health" } } }
          }
        }
      }
    },
    "/items": {
      "post": {
        "operationId": "createItem",
        "requestBody": {
          "required": true,
          "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewItem" } } }
        },
        "responses": {
          "201": {
            "description": "It was created.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } }
          },
          "400": { "description": "It is no item." }
        }
      },
      "get": {
        "operationId": "listItems",
        "parameters": [
          { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100 } }
        ],
        "responses": {
          "200": {
            "description": "Some items.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Items" } } }
          }
        }
      }
    },
    "/items/{id}": {
      "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
      "get": {
        "operationId": "getItem",
        "responses": {
          "200": {
            "description": "The item.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } }
          },
          "404": { "description": "There is no such item." }
        }
      },
      "delete": {
        "operationId": "deleteItem",
        "responses": {
          "204": { "description": "It was deleted." },
          "404": { "description": "There is no such item." }
        }
      }
    },
`
	itemSchemas = `      "Health": { "type": "object", "required": ["status"], "properties": { "status": { "type": "string" } } },
      "NewItem": {
        "type": "object",
        "required": ["name", "qty", "tags"],
        "properties": {
          "name": { "type": "string" },
          "qty": { "type": "integer" },
          "tags": { "type": "array", "items": { "type": "string" } }
        }
      },
      "Item": {
        "type": "object",
        "required": ["id", "name", "qty", "tags"],
        "properties": {
          "id": { "type": "integer" },
          "name": { "type": "string" },
          "qty": { "type": "integer" },
          "tags": { "type": "array", "items": { "type": "string" } }
        }
      },
      "Items": {
        "type": "object",
        "required": ["items", "total"],
        "properties": {
          "items": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
          "total": { "type": "integer" }
        }
      },
`
)

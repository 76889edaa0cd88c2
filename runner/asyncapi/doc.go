// Package asyncapi is an index over AsyncAPI descriptions: the channels and
// operations that a step can name, and nothing else.
package asyncapi

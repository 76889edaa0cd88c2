// Package selector selects from structured data in the three languages of the
// Selector Object (Arazzo 1.1.0, section 5.6.13): JSONPath, XPath, JSON Pointer.
package selector

// Package payload writes the body of a request: a value, the media type that it is
// sent as, and what OpenAPI says of that, become bytes. Nothing here evaluates an
// expression, reads a document or sends anything.
//
// [Content.Write] takes a value, [Content.WriteText] a text that is the body's own
// (Arazzo 1.1.0, section 5.6.14). [Escape] writes a value into such a text, and
// [Replace] puts values into a payload.
//
// # Media types
//
//   - JSON, and what ends in +json: any value. Members keep the document's order. Of
//     JSON on lines (application/x-ndjson and its like) a list.
//   - application/x-www-form-urlencoded: an object (form.go), as the Encoding Object
//     says, else with brackets: a[b]=c.
//   - multipart/form-data and other multipart types: an object, or a list of parts
//     without names (multipart.go).
//   - XML and other text: a text, a number or a boolean.
//   - Any other type: bytes, which are a text too, or a [File].
//
// # Positions where the specification is silent
//
//   - A document names a file by an object with the member x-file, a path within the
//     folder that the caller allows, or gives bytes as x-base64; x-filename and
//     x-content-type say what a part calls it. Only the document can: the same object
//     in what a server answered or a user gave is data.
//   - A body with x-raw is a text that is sent as it stands, in UTF-8 or, with x-raw:
//     bytes, each character as the byte of its number: nothing is asked of it, nothing in
//     it is escaped, and the content type is the document's word.
//   - null in a form or multipart body is left out, as in a query; so is an empty
//     list or object. JSON has null.
//   - A form's field is written as its Encoding Object says: in its style where it
//     has style, explode or allowReserved, else as its contentType. Without one an
//     object is written in brackets, a list of scalars by repeating the name. A scalar
//     has no brackets whatever the style: deepObject says nothing of it.
//   - A part's content type is its file's x-content-type, else that of its encoding,
//     else text/plain for a scalar, application/json for an object and
//     application/octet-stream for bytes. A list is one part for each item. Of several
//     media types in an encoding a file takes the one of its name's extension.
//   - The boundary is the one of the content type, else one made of the content, so
//     that equal parts give equal bytes. It never occurs in the content.
//   - The line breaks at the end of a form's text are not sent. A multipart text
//     whose first line ends with LF, as in YAML, is sent with CRLF.
//   - XML in a text has to be well-formed, as JSON has to be JSON.
//   - A charset of UTF-8, US-ASCII or ISO-8859-1 is honoured, any other refused.
//
// # Limits
//
// A body has [MaxBytes] at the most, and so has a file.
package payload

// Package workflows holds the Arazzo documents that a user copies first,
// embedded. Their sources are the descriptions in the sibling folder specs.
//
// prisma-pulse-named-stream-resume-workflow.yml is a published document with its
// expressions and conditions as users have them, dialects included.
// pulse-change-to-event-workflow.yml is ours and keeps to the letter of Arazzo
// 1.0.1; its one extension, x-sse, says when an event stream has told enough.
// accelerate-query-and-invalidate-workflow.yml is ours too, and without extensions.
package workflows

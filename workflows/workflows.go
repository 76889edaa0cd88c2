package workflows

import "embed"

// FS holds the documents under their file names, such as
// pulse-change-to-event-workflow.yml.
//
//go:embed *.yml
var FS embed.FS

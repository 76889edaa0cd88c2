package specs

import _ "embed" // the descriptions below

// The descriptions' file names. A source description that names one of them is
// taken to mean the API it describes.
const (
	PulseFile      = "prisma-pulse-openapi.yml"
	AccelerateFile = "prisma-accelerate-openapi.yml"
)

// The descriptions' texts.
var (
	//go:embed prisma-pulse-openapi.yml
	Pulse string
	//go:embed prisma-accelerate-openapi.yml
	Accelerate string
)

// Requirements are the testable statements of both descriptions, a YAML list.
//
//go:embed requirements.yaml
var Requirements string

package cost

import (
	"os"
	"time"
)

// Process is what one process took: seconds of wall clock and of processors (its
// own and the kernel's for it), and the most memory that it had resident, in MiB.
type Process struct{ Wall, CPU, Peak float64 }

// Of is what an ended process took that ran for so long.
func Of(state *os.ProcessState, wall time.Duration) Process {
	return Process{Wall: wall.Seconds(), CPU: (state.UserTime() + state.SystemTime()).Seconds(), Peak: peak(state)}
}

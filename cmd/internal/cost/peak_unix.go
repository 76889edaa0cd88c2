//go:build unix

package cost

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the most memory that an ended process had resident, in MiB. Linux starts
// a process's figure with what its parent had, which is why the programs that measure
// are small and give what is not a process of its own.
func peak(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / (1 << 20)
	}
	return float64(usage.Maxrss) / (1 << 10)
}

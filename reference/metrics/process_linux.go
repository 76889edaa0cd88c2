package metrics

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func cpuSeconds() (float64, bool) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, false
	}
	return (time.Duration(usage.Utime.Nano()) + time.Duration(usage.Stime.Nano())).Seconds(), true
}

func files() (open int, most uint64, ok bool) {
	entries, err := os.ReadDir("/proc/self/fd")
	var limit syscall.Rlimit
	if err != nil || syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0, 0, false
	}
	return len(entries) - 1, limit.Cur, true // without the one that was read
}

// residentBytes is the second number of statm, in pages (proc(5)).
func residentBytes() (int, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	numbers := strings.Fields(string(text))
	if len(numbers) < 2 {
		return 0, false
	}
	pages, err := strconv.Atoi(numbers[1])
	return pages * os.Getpagesize(), err == nil
}

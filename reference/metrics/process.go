package metrics

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// ofRuntime are the metrics of Go's runtime that dashboards ask for, under the
// names that Prometheus' own library gives them.
var ofRuntime = []struct {
	name, help string
	kind       kind
	source     string
}{
	{"go_goroutines", "Goroutines that there are.", gauge, "/sched/goroutines:goroutines"},
	{"go_sched_gomaxprocs_threads", "How many threads may run Go code at once.", gauge, "/sched/gomaxprocs:threads"},
	{"go_memstats_alloc_bytes", "Bytes of heap objects that are live or not collected yet.", gauge, "/memory/classes/heap/objects:bytes"},
	{"go_memstats_alloc_bytes_total", "Bytes allocated for heap objects.", counter, "/gc/heap/allocs:bytes"},
	{"go_memstats_sys_bytes", "Bytes of memory taken from the system.", gauge, "/memory/classes/total:bytes"},
	{"go_gc_cycles_total", "Garbage collections.", counter, "/gc/cycles/total:gc-cycles"},
}

func runtimeMetrics(p *page) {
	p.single("go_info", "The Go version; always 1.", gauge, 1, label{"version", runtime.Version()})
	samples := make([]metrics.Sample, len(ofRuntime))
	for i, m := range ofRuntime {
		samples[i].Name = m.source
	}
	metrics.Read(samples)
	for i, m := range ofRuntime {
		if samples[i].Value.Kind() == metrics.KindUint64 {
			p.single(m.name, m.help, m.kind, float64(samples[i].Value.Uint64()))
		}
	}
}

// processMetrics are those that the system tells, as far as it does.
func processMetrics(p *page, started time.Time) {
	p.single("process_start_time_seconds", "When the process started, in Unix seconds.", gauge, float64(started.UnixMilli())/1000)
	if seconds, ok := cpuSeconds(); ok {
		p.single("process_cpu_seconds_total", "Processor time spent, of user and system.", counter, seconds)
	}
	if open, most, ok := files(); ok {
		p.single("process_open_fds", "Open file descriptors.", gauge, float64(open))
		p.single("process_max_fds", "How many file descriptors may be open.", gauge, float64(most))
	}
	if bytes, ok := residentBytes(); ok {
		p.single("process_resident_memory_bytes", "Memory that the process has in RAM.", gauge, float64(bytes))
	}
}

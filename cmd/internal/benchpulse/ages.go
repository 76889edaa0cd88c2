package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"time"
)

// ages are how long after its writing each change arrived, in ms.
type ages []float64

// note looks into an event for the member sent, which holds the microseconds since
// 1970 at which its row was written, as a number or as a text.
func (a *ages) note(event []byte) {
	const member = `"sent":`
	at := bytes.Index(event, []byte(member))
	if at < 0 {
		return
	}
	var sent int64
	for _, c := range bytes.TrimLeft(event[at+len(member):], `"`) {
		if c < '0' || c > '9' {
			break
		}
		sent = 10*sent + int64(c-'0')
	}
	*a = append(*a, float64(time.Now().UnixMicro()-sent)/1000)
}

// arrival is what a reader says when it has ended.
type arrival struct {
	// Events is how many arrived, at all readers together.
	Events int
	// Seconds lie between the first and the last.
	Seconds float64
	// Complete readers had every event.
	Complete int
	// P50 and P99 are ages in ms; 0 where nothing says when it was sent.
	P50, P99 float64
	// CPU is what the reader itself took, in seconds, where it says so.
	CPU float64
}

func (a ages) arrival(events int) arrival {
	result := arrival{Events: events}
	if len(a) > 0 {
		slices.Sort(a)
		result.P50, result.P99 = a[(len(a)-1)*50/100], a[(len(a)-1)*99/100]
	}
	return result
}

func (a ages) print(to io.Writer, events int) error {
	return json.NewEncoder(to).Encode(a.arrival(events))
}

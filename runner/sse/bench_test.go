package sse_test

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

// BenchmarkNext reads a thousand events of 200 bytes, beside a scanner that only
// cuts the same stream into lines.
func BenchmarkNext(b *testing.B) {
	event := "id: 01JADZCTEZTSKFRPTPM9K1R6ZB\ndata: " + strings.Repeat("x", 160) + "\n\n"
	stream := strings.Repeat(event, 1000)
	b.Run("events", func(b *testing.B) {
		b.SetBytes(int64(len(stream)))
		b.ReportAllocs()
		for b.Loop() {
			if events, err := readAll(strings.NewReader(stream)); len(events) != 1000 || err != io.EOF {
				b.Fatal(len(events), err)
			}
		}
	})
	b.Run("lines of bufio.Scanner", func(b *testing.B) {
		b.SetBytes(int64(len(stream)))
		b.ReportAllocs()
		for b.Loop() {
			var lines []string
			for scanner := bufio.NewScanner(strings.NewReader(stream)); scanner.Scan(); {
				lines = append(lines, scanner.Text())
			}
			if len(lines) != 3000 {
				b.Fatal(len(lines))
			}
		}
	})
}

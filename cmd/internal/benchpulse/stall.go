package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

// stall is the role of the consumers that read nothing: each opens its stream, whose
// URL is URL/streams/slow-N/events, reads the headers and then sits there until the
// process is told to end.
func stall(args []string) error {
	flags := flag.NewFlagSet("stall", flag.ContinueOnError)
	url := flags.String("url", "", "the API's `URL`")
	key := flags.String("key", "", "the API `KEY`")
	consumers := flags.Int("consumers", 1, "how many")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// What the kernel holds for a consumer is not the server's memory, and not much.
	const window = 16 << 10
	dialer := net.Dialer{Control: func(_, _ string, conn syscall.RawConn) error {
		return conn.Control(func(handle uintptr) {
			_ = syscall.SetsockoptInt(int(handle), syscall.SOL_SOCKET, syscall.SO_RCVBUF, window)
		})
	}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	for i := range *consumers {
		request, err := http.NewRequest(http.MethodGet, *url+"/streams/"+slowName(i)+"/events", nil)
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+*key)
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %s", request.URL, response.Status)
		}
		defer response.Body.Close()
	}
	fmt.Fprintln(os.Stderr, reading)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	return nil
}

func slowName(i int) string { return fmt.Sprintf("slow-%d", i) }

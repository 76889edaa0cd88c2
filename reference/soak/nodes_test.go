package soak

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/arazzo-conformance/arazzo/reference/broker"
)

// natsVariable makes the test binary a NATS that keeps its files in the folder that
// it names.
const natsVariable = "ARAZZO_SOAK_NATS"

// runNATS serves until it is killed. It says where on its standard output.
func runNATS(dir string) int {
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: dir, SyncAlways: true, MaxPayload: broker.MaxPayload,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s.ConfigureLogger()
	s.Start()
	if !s.ReadyForConnections(patience) {
		fmt.Fprintln(os.Stderr, "NATS is not ready")
		return 1
	}
	fmt.Fprintln(os.Stdout, s.Addr())
	s.WaitForShutdown()
	return 0
}

// natsServer is the NATS of several nodes, as a process that can be killed.
type natsServer struct {
	dir, store string
	command    *exec.Cmd
	address    net.Addr
}

func newNATS(t *testing.T, dir, store string) *natsServer {
	t.Helper()
	n := &natsServer{dir: dir, store: store}
	must(t, n.start())
	return n
}

func (n *natsServer) logFile() string { return filepath.Join(n.dir, "nats.log") }

func (n *natsServer) start() error {
	log, err := os.OpenFile(n.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	n.command = exec.Command(os.Args[0])
	n.command.Env = append(os.Environ(), natsVariable+"="+n.store)
	n.command.Stderr = log
	n.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := n.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := n.command.Start(); err != nil {
		return err
	}
	if err := leashed(n.dir, "nats", n.command.Process.Pid); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return fmt.Errorf("NATS does not start: %w", errors.Join(err, n.kill()))
	}
	n.address, err = net.ResolveTCPAddr("tcp", strings.TrimSpace(line))
	return err
}

func (n *natsServer) kill() error {
	err := n.command.Process.Kill()
	// It says that it was killed.
	_ = n.command.Wait()
	return errors.Join(err, unleashed(n.dir, "nats"))
}

// restartNATS kills NATS and starts it again, elsewhere.
func (r *round) restartNATS(ctx context.Context) error {
	if err := r.nats.kill(); err != nil {
		return err
	}
	return r.back(ctx, func(context.Context) error {
		if err := r.nats.start(); err != nil {
			return err
		}
		for _, s := range r.nodes {
			s.cable.lead(r.nats.address)
		}
		return nil
	})
}

// holds reports whether a node says that it has the slot.
func (s *service) holds() bool {
	text, err := os.ReadFile(s.logFile())
	if err != nil || s.base() == "" {
		return false
	}
	text = text[min(s.from, int64(len(text))):]
	taken := bytes.LastIndex(text, []byte("this node has the replication slot now"))
	return taken > bytes.LastIndex(text, []byte("this node does not have the replication slot any more"))
}

// holder waits for a node that has the slot, other than the one that is given.
func (r *round) holder(ctx context.Context, but *service) (found *service, err error) {
	err = await(ctx, "a node that has the slot", func() error {
		for _, s := range r.nodes {
			if s != but && s.holds() {
				found = s
				return nil
			}
		}
		return errors.New("none says that it has")
	})
	return found, err
}

// handedOver waits until another node has the slot, or for a moment, and mends.
func (r *round) handedOver(ctx context.Context, from *service, mend func() error) error {
	err := r.wait(ctx, 1000)
	if err == nil && r.random.IntN(3) > 0 {
		_, err = r.holder(ctx, from)
		r.note("handed over")
	}
	return errors.Join(err, mend())
}

// suspended halts a node as a machine that hangs does; what it has to say stays on
// its way, and it does not know of the time that passes.
func (s *service) suspended() (resume func() error, err error) {
	base := s.base()
	// It is not asked for anything new: nothing would come.
	s.address.Store("")
	return func() error {
		s.address.Store(base)
		return s.command.Process.Signal(syscall.SIGCONT)
	}, s.command.Process.Signal(syscall.SIGSTOP)
}

// amongNodes are faults of several nodes.
var amongNodes = []fault{
	{"holder of the slot killed", 12, func(ctx context.Context, r *round) error {
		s, err := r.holder(ctx, nil)
		if err != nil {
			return err
		}
		if err := s.end(syscall.SIGKILL); err != nil {
			return err
		}
		return r.handedOver(ctx, s, func() error { return s.start(ctx) })
	}},
	{"holder of the slot stopped", 2, func(ctx context.Context, r *round) error {
		s, err := r.holder(ctx, nil)
		if err != nil {
			return err
		}
		if err := s.end(syscall.SIGTERM); err != nil {
			return err
		}
		return r.handedOver(ctx, s, func() error { return s.start(ctx) })
	}},
	{"holder of the slot suspended", 5, func(ctx context.Context, r *round) error {
		s, err := r.holder(ctx, nil)
		if err != nil {
			return err
		}
		resume, err := s.suspended()
		if err != nil {
			return err
		}
		return r.handedOver(ctx, s, resume)
	}},
	{"holder of the slot without NATS", 5, func(ctx context.Context, r *round) error {
		s, err := r.holder(ctx, nil)
		if err != nil {
			return err
		}
		s.cable.refuse(true)
		return r.handedOver(ctx, s, func() error {
			s.cable.refuse(false)
			return nil
		})
	}},
	{"holder of the slot, its way to NATS silent", 5, func(ctx context.Context, r *round) error {
		s, err := r.holder(ctx, nil)
		if err != nil {
			return err
		}
		// What it appends meanwhile comes when another has gone on.
		s.cable.halt()
		return r.handedOver(ctx, s, func() error {
			s.cable.thaw()
			return nil
		})
	}},
	{"way to NATS silent", 2, func(ctx context.Context, r *round) error {
		s := r.node()
		s.cable.halt()
		err := r.wait(ctx, 4000)
		if r.random.IntN(2) == 0 {
			s.cable.reset()
		}
		s.cable.thaw()
		return err
	}},
	{"NATS killed", 4, func(ctx context.Context, r *round) error { return r.restartNATS(ctx) }},
	{"NATS suspended", 2, func(ctx context.Context, r *round) error {
		process := r.nats.command.Process
		if err := process.Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		err := r.wait(ctx, 4000)
		return errors.Join(err, process.Signal(syscall.SIGCONT))
	}},
	{"all nodes killed", 2, func(ctx context.Context, r *round) error {
		for _, s := range r.nodes {
			if err := s.end(syscall.SIGKILL); err != nil {
				return err
			}
		}
		for _, s := range r.nodes {
			if err := r.back(ctx, s.start); err != nil {
				return err
			}
		}
		return nil
	}},
}

// fullNATS is a fault of a NATS that has its files on a disk. It does not go on by
// itself: that is its operator's.
var fullNATS = fault{"NATS' disk full", 2, func(ctx context.Context, r *round) error {
	err := r.disk.fill(r.random.IntN(256))
	if err == nil {
		err = pause(ctx, 500*time.Millisecond)
	}
	if err == nil {
		err = r.wait(ctx, 2500)
	}
	err = errors.Join(err, r.disk.free())
	if err == nil {
		err = r.restartNATS(ctx)
	}
	return err
}}

package soak

import (
	"context"
	"math/rand/v2"
	"syscall"
)

// fault is something that breaks; strike breaks it and mends it.
type fault struct {
	name   string
	weight int
	strike func(context.Context, *round) error
}

// faults are what can happen in every world, and how often each does. The node is
// any of those that there are.
var faults = []fault{
	{"reference killed", 6, func(ctx context.Context, r *round) error {
		s := r.node()
		if err := s.end(syscall.SIGKILL); err != nil {
			return err
		}
		return r.back(ctx, s.start)
	}},
	{"reference killed while it started", 2, func(ctx context.Context, r *round) error {
		s := r.node()
		if err := s.end(syscall.SIGKILL); err != nil {
			return err
		}
		if err := s.launch(); err != nil {
			return err
		}
		if err := r.wait(ctx, 200); err != nil {
			return err
		}
		if err := s.end(syscall.SIGKILL); err != nil {
			return err
		}
		return r.back(ctx, s.start)
	}},
	{"reference stopped", 1, func(ctx context.Context, r *round) error {
		s := r.node()
		if err := s.end(syscall.SIGTERM); err != nil {
			return err
		}
		return r.back(ctx, s.start)
	}},
	{"Postgres killed", 5, func(ctx context.Context, r *round) error {
		if err := r.cluster.kill(); err != nil {
			return err
		}
		return r.back(ctx, r.cluster.start)
	}},
	{"all killed", 2, func(ctx context.Context, r *round) error {
		if err := r.cluster.kill(); err != nil {
			return err
		}
		for _, s := range r.nodes {
			if err := s.end(syscall.SIGKILL); err != nil {
				return err
			}
		}
		if r.nats != nil {
			if err := r.restartNATS(ctx); err != nil {
				return err
			}
		}
		if err := r.back(ctx, r.cluster.start); err != nil {
			return err
		}
		for _, s := range r.nodes {
			if err := s.start(ctx); err != nil {
				return err
			}
		}
		return nil
	}},
	{"Postgres process killed", 2, func(ctx context.Context, r *round) error {
		return r.cluster.killOne(ctx, "", r.random.IntN)
	}},
	{"walsender killed", 2, func(ctx context.Context, r *round) error {
		return r.cluster.killOne(ctx, "walsender", r.random.IntN)
	}},
	{"Postgres restarted", 2, func(ctx context.Context, r *round) error {
		return r.cluster.restart(ctx, []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT}[r.random.IntN(2)])
	}},
	{"link cut", 3, func(ctx context.Context, r *round) error {
		for range 1 + r.random.IntN(3) {
			r.link.reset()
			if err := r.wait(ctx, 300); err != nil {
				return err
			}
		}
		return nil
	}},
	{"link down", 2, func(ctx context.Context, r *round) error {
		r.link.refuse(true)
		defer r.link.refuse(false)
		return r.wait(ctx, 1500)
	}},
	{"link silent", 2, func(ctx context.Context, r *round) error {
		r.link.halt()
		defer r.link.thaw()
		return r.wait(ctx, 1500)
	}},
	{"link silent, then cut", 2, func(ctx context.Context, r *round) error {
		r.link.halt()
		defer r.link.thaw()
		err := r.wait(ctx, 1500)
		r.link.reset()
		return err
	}},
	{"link half open", 2, func(_ context.Context, r *round) error {
		r.link.resetNear()
		return nil
	}},
	{"consumers cut", 2, func(_ context.Context, r *round) error {
		for _, s := range r.streams {
			if live := s.live.Load(); live != nil {
				live.end(abrupt)
			}
		}
		return nil
	}},
}

// back waits a moment and starts something again.
func (r *round) back(ctx context.Context, start func(context.Context) error) error {
	if err := r.wait(ctx, 400); err != nil {
		return err
	}
	return start(ctx)
}

// node is one of the nodes.
func (r *round) node() *service { return r.nodes[r.random.IntN(len(r.nodes))] }

// pick chooses what happens in a round, of all that can: mostly one thing, or
// several.
func pick(random *rand.Rand, all []fault) (picked []fault) {
	total := 0
	for _, f := range all {
		total += f.weight
	}
	for len(picked) == 0 || random.IntN(3) == 0 {
		at := random.IntN(total)
		for _, f := range all {
			if at -= f.weight; at < 0 {
				picked = append(picked, f)
				break
			}
		}
	}
	return picked
}

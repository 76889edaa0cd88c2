package pulse

import (
	"context"
	"fmt"
	"sync"

	"github.com/arazzo-conformance/arazzo/reference/prisma"
)

// homes are the Postgres schemas that the models' tables were in when they were last
// read: where two have a table of one name, the model of that name is the one that
// comes first on the search path, and may become another.
type homes struct {
	mu   sync.Mutex
	last map[string]string
}

// models reads the database's models. Before anybody has them, every stream is stopped
// whose model is the table of another Postgres schema than it was created for: its own
// table's changes have another name since, and that one's have its.
func (s *Service) models(ctx context.Context) (*prisma.Schema, error) {
	schema, err := s.options.Schema(ctx)
	if err == nil && s.streams != nil {
		err = s.stopMoved(ctx, schema)
	}
	return schema, err
}

// stopMoved looks at the streams only when there is a model that was not there, or
// elsewhere, the last time.
func (s *Service) stopMoved(ctx context.Context, schema *prisma.Schema) error {
	s.homes.mu.Lock()
	defer s.homes.mu.Unlock()
	now, same := make(map[string]string, len(schema.Models)), true
	for _, m := range schema.Models {
		now[m.Name] = m.Namespace
		same = same && s.homes.last[m.Name] == m.Namespace
	}
	if !same {
		const reason = "the name of its model went to the table of another Postgres schema"
		_, err := s.stop(ctx, reason, func(n *namedStream) bool {
			home, known := now[n.Model]
			return known && n.movedTo(home)
		})
		if err != nil {
			return fmt.Errorf("stop the streams of models that moved: %w", err)
		}
	}
	s.homes.last = now
	return nil
}

// movedTo reports whether the model's table was in another Postgres schema when the
// stream was created.
func (s *namedStream) movedTo(home string) bool { return s.Namespace != "" && s.Namespace != home }

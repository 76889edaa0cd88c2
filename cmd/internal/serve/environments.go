package serve

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/cmd/internal/environments"
	"github.com/arazzo-conformance/arazzo/cmd/internal/exit"
	"github.com/arazzo-conformance/arazzo/reference/boot"
	"github.com/arazzo-conformance/arazzo/runner/source"
)

// served is the flags that say whom the reference serves what: one database, or the
// environments of a file.
type served struct {
	file                      string
	database                  Database
	keys, keyFiles            []string
	slot, publication, region string
	schema                    string
}

// ofOne are the flags about one database, whose place an environments file takes.
var ofOne = []string{"database-url", "postgres", "api-key", "api-keys", "slot", "publication", "region", "schema"}

func (s *served) flags(flags *pflag.FlagSet) {
	s.database.Flags(flags)
	flags.StringArrayVar(&s.keys, "api-key", nil,
		"the `KEY` that clients send as \"Authorization: Bearer KEY\", or sha256: and its hash; repeatable; default: those of "+environments.Variable+", else a random one")
	flags.StringArrayVar(&s.keyFiles, "api-keys", nil, "a `FILE` of such keys, one a line, # begins a comment; repeatable")
	flags.StringVar(&s.slot, "slot", "", "the `NAME` of the replication slot; default: arazzo_pulse_ and the database's OID")
	flags.StringVar(&s.publication, "publication", "", "the `NAME` of the publication; one of yours is used as it is; default: as the slot, of all tables")
	flags.StringVar(&s.region, "region", "", "the `NAME` of the region that Accelerate answers with (default local)")
	flags.StringVar(&s.schema, "schema", "", "a Prisma schema `FILE`, or a folder of them, that names the models; read at the start; default: as the database has them")
	flags.StringVar(&s.file, "environments", "", "a YAML or JSON `FILE` of several environments, each with its database and its API keys, in place of the flags from --database-url to here")
}

// apply puts what the flags say into the options.
func (s *served) apply(c *cobra.Command, o *boot.Options) error {
	found, err := s.read(c, o)
	switch {
	case err != nil:
		return err
	case found.Failed():
		return found
	}
	exit.Print(c.ErrOrStderr(), found, false)
	return nil
}

func (s *served) read(c *cobra.Command, o *boot.Options) (found source.Diagnostics, err error) {
	if c.Flags().Changed("environments") {
		for _, name := range ofOne {
			if c.Flags().Changed(name) {
				return nil, exit.Usage{Err: fmt.Errorf("--%s is about one database, and --environments gives each its own: leave out one of them", name)}
			}
		}
		o.Environments, found, err = environments.Read(c.Context(), s.file)
		return found, err
	}
	if err := s.database.Apply(o); err != nil {
		return nil, err
	}
	if err := environments.CheckSlot(s.slot); s.slot != "" && err != nil {
		return nil, exit.Usage{Err: fmt.Errorf("--slot: %w", err)}
	}
	e := &o.Environments[0]
	e.Slot, e.Publication, e.Region, e.Schema = s.slot, s.publication, s.region, s.schema
	e.Keys, found, err = environments.Keys(c.Context(), s.keys, s.keyFiles)
	return found, err
}

// plainKey is the first key of --api-key that is there as clients send it.
func (s *served) plainKey() string {
	for _, key := range s.keys {
		if !strings.HasPrefix(key, "sha256:") {
			return key
		}
	}
	return ""
}

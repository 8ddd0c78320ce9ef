package cli

import (
	"github.com/parley-chat/parley/internal/users"
)

type auditCommand struct {
	where
	Hash string `arg:"" optional:"" help:"${audit_hash}"`
}

// Run checks the chain of the audit trail, and that a hash which was kept
// elsewhere is still in it.
func (c *auditCommand) Run(s *session) error {
	_, d, err := c.ready(s)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	r, err := users.CheckTrail(s.ctx, d, c.Hash)
	if err != nil {
		return err
	}
	if r.Broken != "" {
		return s.problem("audit_broken", "N", r.At, "ID", r.Broken)
	}
	if c.Hash != "" && !r.Known {
		return s.problem("audit_unknown", "Hash", c.Hash)
	}
	return s.say("audit_whole", "Lines", r.Lines, "Removed", r.Removed, "Before", r.Before, "Hash", r.Head)
}

package cli

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/config/stored"
	"github.com/parley-chat/parley/internal/db"
)

type importCommand struct {
	where
	File string `arg:"" help:"${import_file}" placeholder:"FILE"`
}

// Run sets what a settings file says, as the console would: only keys that
// differ, and none that the environment holds.
func (c *importCommand) Run(s *session) error {
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	tree, err := config.ParseFile(c.File, raw)
	if err != nil {
		return err
	}
	_, d, err := c.ready(s)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	cfg, done, err := c.settings(s)
	if err != nil {
		return err
	}
	defer done()
	before, err := newest(s, d)
	if err != nil {
		return err
	}
	if _, err := cfg.Patch(s.ctx, tree, ""); err != nil {
		return err
	}
	list, err := stored.History(s.ctx, d, "", 10_000)
	if err != nil {
		return err
	}
	for i, p := range list {
		if p.ID == before {
			list = list[:i]
			break
		}
	}
	if len(list) == 0 {
		return s.say("import_nothing", "File", c.File)
	}
	if err := printHistory(s, list); err != nil {
		return err
	}
	return s.say("changed_running")
}

func newest(s *session, d *db.DB) (string, error) {
	list, err := stored.History(s.ctx, d, "", 1)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].ID, nil
}

// ready opens the installation's database, whose schema is up to date.
func (w where) ready(s *session) (*config.Store, *db.DB, error) {
	cfg, d, err := w.database(s)
	if err == nil && d == nil {
		err = s.problem("no_database", "Data", w.Data)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := d.Migrate(s.ctx); err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	return cfg, d, nil
}

type historyCommand struct {
	where
	Prefix string `arg:"" optional:"" help:"${prefix}"`
	Limit  int    `help:"${history_limit}" default:"50"`
}

// Run lists what was changed, by whom and when, the newest first.
func (c *historyCommand) Run(s *session) error {
	_, d, err := c.ready(s)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	list, err := stored.History(s.ctx, d, c.Prefix, min(max(c.Limit, 1), 10_000))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return s.say("history_none")
	}
	return printHistory(s, list)
}

func printHistory(s *session, list []stored.Past) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, p := range list {
		who := p.Username
		if who == "" {
			who = s.text("by_command")
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s → %s\n", p.ID, time.UnixMilli(p.At).Local().Format("2006-01-02 15:04:05"), who, p.Key,
			p.Text(p.Old), p.Text(p.New)); err != nil {
			return err
		}
	}
	return w.Flush()
}

type rollbackCommand struct {
	where
	ID string `arg:"" optional:"" help:"${rollback_id}"`
	To string `help:"${rollback_to}" placeholder:"2026-03-09T10:00"`
}

// Run takes one change back, or all since a moment.
func (c *rollbackCommand) Run(s *session) error {
	if (c.ID == "") == (c.To == "") {
		return s.problem("rollback_what")
	}
	_, d, err := c.ready(s)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	var back, secrets []stored.Past
	if c.ID != "" {
		back, err = stored.RollbackOne(s.ctx, d, c.ID)
	} else {
		at, ok := moment(c.To)
		if !ok {
			return s.problem("rollback_when", "To", c.To)
		}
		back, secrets, err = stored.RollbackTo(s.ctx, d, at)
	}
	switch {
	case errors.Is(err, stored.ErrNoChange):
		return s.problem("rollback_none", "ID", c.ID)
	case errors.Is(err, stored.ErrSecret):
		return s.problem("rollback_secret", "Key", back[0].Key)
	case err != nil:
		return err
	}
	for _, p := range secrets {
		if err := s.say("rollback_secret", "Key", p.Key); err != nil {
			return err
		}
	}
	for _, p := range back {
		if err := s.say("rolled_back", "Key", p.Key, "Value", p.Text(p.Old)); err != nil {
			return err
		}
	}
	if len(back) == 0 {
		return s.say("rollback_nothing")
	}
	return s.say("changed_running")
}

// moment reads a time of the host's clock, or one that names its zone.
func moment(text string) (unixMs int64, ok bool) {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}

package cli

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/config/stored"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/server"
)

func (w where) options(s *session) server.Options {
	return server.Options{Data: w.Data, DB: w.DBURL, Configs: w.Config, Environ: s.environ}
}

// database opens the installation's database without changing anything; nil
// when there is none yet.
func (w where) database(s *session) (*config.Store, *db.DB, error) {
	return w.existing(s, w.options(s))
}

func (w where) existing(s *session, o server.Options) (*config.Store, *db.DB, error) {
	cfg, err := server.OpenConfig(s.ctx, o)
	if err != nil {
		return nil, nil, err
	}
	if w.DBURL == "" && cfg.DatabaseURL() == "" {
		if _, err := os.Stat(filepath.Join(w.Data, "parley.db")); err != nil {
			return cfg, nil, nil
		}
	}
	return server.OpenDatabase(s.ctx, o)
}

// settings returns the settings in force, those of the console included when
// there is a database that has them.
func (w where) settings(s *session) (cfg *config.Store, done func(), err error) {
	cfg, d, err := w.database(s)
	if err != nil || d == nil {
		return cfg, func() {}, err
	}
	done = func() { _ = d.Close() }
	report, err := d.Check(s.ctx)
	if err == nil && report.Complete() {
		err = cfg.Attach(s.ctx, stored.Console(d))
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return cfg, done, nil
}

type showCommand struct {
	where
	Origin bool   `help:"${origin}"`
	Prefix string `arg:"" optional:"" help:"${prefix}"`
}

// Run lists the settings in force, secrets masked.
func (c *showCommand) Run(s *session) error {
	cfg, done, err := c.settings(s)
	if err != nil {
		return err
	}
	defer done()
	rows := cfg.Show(c.Prefix)
	if len(rows) == 0 {
		return s.problem("no_setting", "Name", c.Prefix)
	}
	if _, err := io.WriteString(s.out, config.Text(rows, c.Origin)); err != nil {
		return err
	}
	for _, w := range cfg.Warnings() {
		_, _ = io.WriteString(s.err, w+"\n")
	}
	return nil
}

type diffCommand struct {
	where
	Console bool `help:"${console}"`
}

// Run lists what differs from the defaults, or what the console has changed.
func (c *diffCommand) Run(s *session) error {
	cfg, done, err := c.settings(s)
	if err != nil {
		return err
	}
	defer done()
	_, err = io.WriteString(s.out, config.Text(cfg.Diff(c.Console), true))
	return err
}

type exportCommand struct {
	where
	All     bool   `help:"${all}"`
	TOML    bool   `help:"${toml}" name:"toml"`
	Secrets bool   `help:"${secrets}"`
	Output  string `help:"${output}" short:"o" placeholder:"FILE"`
}

// Run writes the settings as a file that --config can name. A file with secrets
// in it can be read by its owner only.
func (c *exportCommand) Run(s *session) error {
	cfg, done, err := c.settings(s)
	if err != nil {
		return err
	}
	defer done()
	raw, err := cfg.Export(c.All, c.TOML, c.Secrets)
	if err != nil {
		return err
	}
	if c.Output == "" {
		_, err = s.out.Write(raw)
		return err
	}
	return os.WriteFile(c.Output, raw, 0o600)
}

type resetCommand struct {
	where
	Key string `arg:"" help:"${key}"`
}

// Run removes what the console has set for a key. It works too when that value
// is what keeps the server from starting.
func (c *resetCommand) Run(s *session) error {
	k, ok := config.Lookup(c.Key)
	if !ok {
		return s.problem("no_setting", "Name", c.Key)
	}
	_, d, err := c.database(s)
	if err != nil {
		return err
	}
	if d == nil {
		return s.problem("no_database", "Data", c.Data)
	}
	defer func() { _ = d.Close() }()
	console := stored.Console(d)
	changes, err := console.Load(s.ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.Key != k.Name {
			continue
		}
		if err := console.Save(s.ctx, nil, []string{k.Name}, ""); err != nil {
			return err
		}
		value := string(change.Value)
		if k.Secret {
			value = config.Mask
		}
		var text string
		if json.Unmarshal(change.Value, &text) == nil && !k.Secret {
			value = text
		}
		return s.say("reset", "Name", k.Name, "Value", value)
	}
	return s.say("reset_nothing", "Name", k.Name)
}

// Package ctl is `parley ctl`: the commands of the protocol's official tool,
// with the same names, flags and exit codes, so that hosts' scripts go on.
//
// It is a client of the API and nothing else: it speaks to a server that
// somebody has logged in to (credentials.go), or over the local socket of one
// on this machine. commands.tsv says what the command line looks like, row for
// row as the reference has it; absent.tsv what is not offered, and why. Each
// group of commands has a file that says what they do, in terms of *call:
// arguments, flags, the client, and the output.
package ctl

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/parley-chat/parley/internal/i18n"
)

// Options are what a run works with.
type Options struct {
	Environ  []string
	Locale   string
	Out, Err io.Writer
	In       io.Reader
	// Secret asks for a password, without showing it on a terminal.
	Secret func() (string, error)
}

// call is one run of a command.
type call struct {
	Options
	ctx     context.Context
	spec    *spec
	flags   flags
	args    []string
	client  *client
	results []any
	single  bool
	failed  bool
}

// action does what a command is for. min and max bound its arguments; max < 0
// is no bound.
type action struct {
	min, max int
	run      func(c *call) error
	offline  bool // speaks to no server
}

const many = -1

// Run runs a command line, without the word ctl, and returns the exit code.
func Run(ctx context.Context, o Options, args []string) int {
	c := &call{Options: o, ctx: ctx}
	err := c.main(args)
	if err == nil && !c.failed {
		return 0
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		c.warn(err)
	}
	return 1
}

func (c *call) main(args []string) error {
	spec, rest := find(args)
	c.spec = spec
	var err error
	if c.flags, c.args, err = spec.parse(rest, c.Environ); err != nil {
		return c.explain(err)
	}
	act, runnable := actions[spec.name]
	switch {
	case c.flags.on("help"):
		return c.help()
	case !runnable && len(c.args) > 0:
		return c.unknown()
	case !runnable:
		return c.help()
	case len(c.args) < act.min, act.max >= 0 && len(c.args) > act.max:
		return c.problem("arguments", "Usage", "parley ctl "+spec.usage())
	}
	if !act.offline {
		if err := c.connect(); err != nil {
			return err
		}
	}
	err = act.run(c)
	return errors.Join(err, c.flush())
}

// unknown says that a command isn't there, or why Parley doesn't offer it.
func (c *call) unknown() error {
	name := strings.TrimSpace(c.spec.name + " " + strings.Join(c.args, " "))
	for _, row := range absences {
		if name == row.command || strings.HasPrefix(name, row.command+" ") {
			return c.problem("absent", "Command", row.command, "Reason", c.text("reason."+row.reason))
		}
	}
	return c.problem("unknown", "Command", name)
}

// text is a text of the catalogue; params are pairs of name and value.
func (c *call) text(key string, params ...any) string {
	m := map[string]any{}
	for i := 0; i+1 < len(params); i += 2 {
		m[params[i].(string)] = params[i+1]
	}
	return i18n.T(c.Locale, "ctl."+key, m)
}

func (c *call) problem(key string, params ...any) error { return errors.New(c.text(key, params...)) }

// environment is the value of a variable, "" when it isn't set.
func environment(environ []string, name string) string {
	for _, line := range environ {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

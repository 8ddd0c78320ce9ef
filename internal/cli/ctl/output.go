package ctl

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// object is an answer of the server, with every field that it has.
type object = map[string]any

// field is a field of an object as text.
func field(o object, name string) string {
	switch v := o[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// is reports whether a field is true, or a number above 0.
func is(o object, name string) bool {
	switch v := o[name].(type) {
	case bool:
		return v
	case json.Number:
		n, _ := v.Int64()
		return n > 0
	}
	return false
}

func (c *call) json() bool { return c.flags.on("json") || c.flags.text("format") == "json" }

// show prints a result: as it is with --json, as the line given without.
func (c *call) show(v any, format string, args ...any) {
	if c.json() {
		c.results = append(c.results, v)
		return
	}
	c.line(format, args...)
}

// done prints that what the command does was done with the thing named.
func (c *call) done(v any, name string) {
	c.show(v, "%s", strings.TrimSpace(c.text("done", "Command", c.spec.name, "Name", name)))
}

func (c *call) line(format string, args ...any) {
	if !c.flags.on("quiet") {
		_, _ = fmt.Fprintf(c.Out, format+"\n", args...)
	}
}

// flush prints what was collected for --json: a list, or the one thing that
// some commands are about.
func (c *call) flush() error {
	if !c.json() || c.flags.on("quiet") || c.single && len(c.results) == 0 {
		return nil
	}
	var out any = c.results
	switch {
	case c.single && len(c.results) == 1:
		out = c.results[0]
	case c.results == nil:
		out = []any{}
	}
	return writeJSON(c.Out, out)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// warn tells what went wrong; the command goes on with the rest.
func (c *call) warn(err error) {
	c.failed = true
	_, _ = io.WriteString(c.Err, c.text("error", "Error", err)+"\n")
}

// each runs fn for every argument, those after a failure too. A failed one
// makes the exit code 1.
func (c *call) each(args []string, fn func(arg string) error) error {
	for _, arg := range args {
		if err := fn(arg); err != nil {
			if c.ctx.Err() != nil {
				return err
			}
			c.warn(fmt.Errorf("%s: %w", arg, err))
		}
	}
	return nil
}

// confirm asks before something that can't be taken back.
func (c *call) confirm(what string) error {
	if c.flags.on("confirm") || c.flags.on("yes") {
		return nil
	}
	_, _ = io.WriteString(c.Err, c.text("ask_confirm", "What", what)+" ")
	var answer string
	if c.In != nil {
		_, _ = fmt.Fscanln(c.In, &answer)
	}
	if answer != "YES" && answer != c.text("word_yes") {
		return c.problem("not_confirmed")
	}
	return nil
}

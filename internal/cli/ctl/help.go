package ctl

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// help prints what a command is for, its subcommands and its flags.
func (c *call) help() error {
	var b strings.Builder
	s := c.spec
	usage := strings.TrimSpace("parley ctl " + s.usage())
	if s == root() {
		usage = "parley ctl"
	}
	if s.group {
		usage += " <" + c.text("help.word_command") + ">"
	}
	fmt.Fprintf(&b, "%s %s\n\n%s\n", c.text("help.word_usage"), usage, c.text("help.command."+key(s.name)))
	if len(s.aliases) > 0 {
		fmt.Fprintf(&b, "%s %s\n", c.text("help.word_aliases"), strings.Join(s.aliases, ", "))
	}
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	if list := s.children(); len(list) > 0 {
		_, _ = fmt.Fprintf(w, "\n%s\n", c.text("help.word_commands"))
		for _, child := range list {
			_, _ = fmt.Fprintf(w, "  %s\t%s\n", child.use, c.text("help.command."+key(child.name)))
		}
	}
	own := append([]flag{{name: "help", short: "h", kind: "bool"}}, s.flags...)
	c.listFlags(w, "help.word_flags", own)
	if s != root() {
		c.listFlags(w, "help.word_global", root().flags)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := c.Out.Write([]byte(b.String()))
	return err
}

func (c *call) listFlags(w *tabwriter.Writer, title string, list []flag) {
	_, _ = fmt.Fprintf(w, "\n%s\n", c.text(title))
	for _, f := range list {
		if f.hidden {
			continue
		}
		name := "    --" + f.name
		if f.short != "" {
			name = "-" + f.short + ", --" + f.name
		}
		if f.kind != "bool" {
			name += "=…"
		}
		text := c.text("help.flag." + key(f.name))
		if f.standard != "" && f.standard != "false" && f.standard != "0" {
			text += " [" + f.standard + "]"
		}
		_, _ = fmt.Fprintf(w, "  %s\t%s\n", name, text)
	}
}

// key makes a key of the catalogue of a name; "" is ctl itself.
func key(name string) string {
	if name == "" {
		return "ctl"
	}
	return strings.NewReplacer(" ", "_", "-", "_").Replace(name)
}

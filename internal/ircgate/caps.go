package ircgate

import (
	"slices"
	"strconv"
	"strings"
)

// offered are the capabilities, after https://ircv3.net/irc/, with their values for clients that
// know version 302.
var offered = map[string]string{
	"sasl": "PLAIN", "cap-notify": "", "server-time": "", "message-tags": "", "echo-message": "", "batch": "",
	"labeled-response": "", "account-tag": "", "account-notify": "", "extended-join": "", "away-notify": "", "multi-prefix": "",
	"userhost-in-names": "", "setname": "", "standard-replies": "", "draft/chathistory": "", "draft/read-marker": "",
	"draft/message-redaction": "", "draft/channel-rename": "", "draft/no-implicit-names": "",
	"draft/multiline":     "max-bytes=" + strconv.Itoa(multilineBytes) + ",max-lines=" + strconv.Itoa(multilineLines),
	"znc.in/self-message": "",
	"no-implicit-names":   "",
	"message-redaction":   "",
}

// aliases are capabilities by another name.
var aliases = map[string]string{"no-implicit-names": "draft/no-implicit-names", "message-redaction": "draft/message-redaction"}

func (c *conn) capCommand(m *message) {
	sub := strings.ToUpper(m.param(0))
	if sub != "END" && c.me == nil {
		c.reg.negotiating = true
	}
	switch sub {
	case "LS":
		if v, err := strconv.Atoi(m.param(1)); err == nil && v >= 302 {
			c.reg.version302 = true
			c.caps["cap-notify"] = true
		}
		c.listCaps("LS", slices.Sorted(keys(offered)), c.reg.version302)
	case "LIST":
		c.listCaps("LIST", slices.Sorted(keys(c.caps)), false)
	case "REQ":
		c.capRequest(m.param(1))
	case "END":
		c.reg.negotiating = false
	default:
		c.numeric("410", m.param(0), "Invalid CAP command")
	}
}

func keys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// listCaps writes capabilities in as many lines as they need.
func (c *conn) listCaps(sub string, names []string, values bool) {
	var rows []string
	row := ""
	for _, n := range names {
		if v := offered[n]; values && v != "" {
			n += "=" + v
		}
		if len(row)+len(n) > 380 {
			rows, row = append(rows, row), ""
		}
		row += n + " "
	}
	rows = append(rows, row)
	for i, r := range rows {
		params := []string{c.name(), sub}
		if i < len(rows)-1 && c.reg.version302 {
			params = append(params, "*")
		}
		c.send(nil, c.g.serverName(), "CAP", append(params, strings.TrimSpace(r))...)
	}
}

// capRequest switches capabilities on and off: all of them or none.
func (c *conn) capRequest(list string) {
	names := strings.Fields(list)
	for _, n := range names {
		if _, ok := offered[strings.TrimPrefix(n, "-")]; !ok || len(names) > 60 {
			c.send(nil, c.g.serverName(), "CAP", c.name(), "NAK", list)
			return
		}
	}
	for _, n := range names {
		off := strings.HasPrefix(n, "-")
		n = strings.TrimPrefix(n, "-")
		for _, n := range []string{n, aliases[n]} {
			if n == "" {
				continue
			}
			if off {
				delete(c.caps, n)
			} else {
				c.caps[n] = true
			}
		}
	}
	c.send(nil, c.g.serverName(), "CAP", c.name(), "ACK", list)
}

// collection gathers what one labelled command is answered with.
type collection struct {
	label    string
	lines    []line
	deferred bool // the echo of a post follows and carries the label
}

// labelled runs fn and has its answers carry the label of the command, after labeled-response.
func (c *conn) labelled(label string, fn func()) {
	if label == "" || !c.caps["labeled-response"] || !c.caps["batch"] {
		fn()
		return
	}
	col := &collection{label: cut(label, 64)}
	c.answer = col
	fn()
	c.answer = nil
	switch {
	case len(col.lines) == 0 && col.deferred:
	case len(col.lines) == 0:
		c.emit(line{map[string]string{"label": col.label}, c.g.serverName(), "ACK", nil})
	case len(col.lines) == 1:
		l := col.lines[0]
		l.tags["label"] = col.label
		c.emit(l)
	default:
		c.bundle("labeled-response", map[string]string{"label": col.label}, nil, col.lines)
	}
}

// bundle sends lines as a batch. Those that are in an inner batch stay there.
func (c *conn) bundle(kind string, tags map[string]string, params []string, list []line) {
	ref := c.reference()
	c.emit(line{tags, c.g.serverName(), "BATCH", append([]string{"+" + ref, kind}, params...)})
	for _, l := range list {
		if _, inner := l.tags["batch"]; !inner && !(l.command == "BATCH" && strings.HasPrefix(l.params[0], "-")) {
			l.tags["batch"] = ref
		}
		c.emit(l)
	}
	c.emit(line{nil, c.g.serverName(), "BATCH", []string{"-" + ref}})
}

func (c *conn) reference() string {
	c.batches++
	return "b" + strconv.Itoa(c.batches)
}

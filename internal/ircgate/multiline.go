package ircgate

import (
	"context"
	"strings"
)

// Bounds of a message of several lines, after https://ircv3.net/specs/extensions/multiline.
const (
	multilineBytes = 16000
	multilineLines = 100
	openBatches    = 4
)

// long is a batch that the client is sending.
type long struct {
	target string
	tags   map[string]string
	parts  []string
	bytes  int
	lines  int
	bad    string // why it will not be taken
}

// batch begins or ends a message of several lines.
func (c *conn) batch(ctx context.Context, m *message) {
	ref := m.param(0)
	if rest, ok := strings.CutPrefix(ref, "-"); ok {
		b := c.taking[rest]
		delete(c.taking, rest)
		switch {
		case b == nil:
		case b.bad != "":
			c.fail("BATCH", b.bad, "The message was not taken")
		case b.lines == 0 || strings.TrimSpace(strings.Join(b.parts, "")) == "":
			c.fail("BATCH", "MULTILINE_INVALID", "The message is empty")
		default:
			c.labelled(b.tags["label"], func() { c.post(ctx, b.target, strings.Join(b.parts, ""), "", b.tags, false) })
		}
		return
	}
	rest, ok := strings.CutPrefix(ref, "+")
	switch {
	case !ok || rest == "" || len(rest) > 64 || !c.caps["draft/multiline"] || m.param(1) != "draft/multiline" || m.param(2) == "":
		c.fail("BATCH", "INVALID_BATCH", "Only draft/multiline batches are taken from clients")
	case len(c.taking) >= openBatches:
		c.fail("BATCH", "TOO_MANY_BATCHES", "End the batches that are open first")
	default:
		c.taking[rest] = &long{target: m.param(2), tags: m.tags}
		if c.answer != nil {
			c.answer.deferred = true // the label is for the whole
		}
	}
}

// take adds a line to a batch.
func (c *conn) take(m *message, ref string) {
	b := c.taking[ref]
	text := m.param(1)
	if m.command != "PRIVMSG" && m.command != "NOTICE" || fold(m.param(0)) != fold(b.target) {
		b.bad = "MULTILINE_INVALID"
		return
	}
	_, concat := m.tags["draft/multiline-concat"]
	if b.lines > 0 && !concat {
		text = "\n" + text
	}
	b.lines++
	b.bytes += len(text)
	switch {
	case b.lines > multilineLines:
		b.bad, b.parts = "MULTILINE_MAX_LINES", nil
	case b.bytes > multilineBytes:
		b.bad, b.parts = "MULTILINE_MAX_BYTES", nil
	default:
		b.parts = append(b.parts, text)
	}
}

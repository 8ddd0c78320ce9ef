package ircgate

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/config"
)

// command is what a line may ask for.
type command struct {
	least int  // parameters
	early bool // also before registration
	run   func(c *conn, ctx context.Context, m *message)
}

// plainly wraps a command that needs no context.
func plainly(fn func(c *conn, m *message)) func(*conn, context.Context, *message) {
	return func(c *conn, _ context.Context, m *message) { fn(c, m) }
}

var commands map[string]command

func init() { // the table names functions that look into the table
	commands = map[string]command{
		"CAP":          {1, true, plainly((*conn).capCommand)},
		"NICK":         {0, true, plainly((*conn).nickCommand)},
		"USER":         {4, true, plainly((*conn).userCommand)},
		"PASS":         {1, true, plainly((*conn).passCommand)},
		"AUTHENTICATE": {1, true, (*conn).authenticate},
		"PING":         {0, true, plainly((*conn).ping)},
		"PONG":         {0, true, plainly(func(*conn, *message) {})},
		"QUIT":         {0, true, plainly(func(c *conn, m *message) { c.quit = "Quit: " + clean(cut(m.param(0), 200)) })},

		"JOIN": {1, false, (*conn).join}, "PART": {1, false, (*conn).part}, "NAMES": {0, false, (*conn).namesCommand},
		"TOPIC": {1, false, (*conn).topic}, "LIST": {0, false, (*conn).list}, "INVITE": {0, false, (*conn).invite},
		"KICK": {2, false, (*conn).kick}, "MODE": {1, false, (*conn).mode},

		"PRIVMSG": {0, false, (*conn).say}, "NOTICE": {0, false, (*conn).say}, "TAGMSG": {1, false, (*conn).tagMessage},
		"BATCH": {1, false, (*conn).batch}, "REDACT": {2, false, (*conn).redact}, "MARKREAD": {0, false, (*conn).markRead},
		"CHATHISTORY": {1, false, (*conn).history},

		"WHO": {0, false, (*conn).who}, "WHOIS": {1, false, (*conn).whois}, "WHOWAS": {1, false, plainly((*conn).whowas)},
		"AWAY": {0, false, (*conn).awayCommand}, "ISON": {1, false, (*conn).ison}, "USERHOST": {1, false, (*conn).userhost},
		"MONITOR": {1, false, (*conn).monitor}, "SETNAME": {1, false, (*conn).setname},

		"MOTD": {0, false, plainly(func(c *conn, _ *message) { c.motd() })}, "LUSERS": {0, false, plainly(func(c *conn, _ *message) { c.lusers() })},
		"VERSION": {0, false, plainly((*conn).version)}, "TIME": {0, false, plainly((*conn).timeCommand)}, "INFO": {0, false, plainly((*conn).info)},
		"ADMIN": {0, false, plainly((*conn).admin)},
	}
}

// obey does what a line asks for.
func (c *conn) obey(ctx context.Context, m *message) {
	if c.me == nil {
		if c.reg.early++; c.reg.early > c.g.lim.early {
			c.quit = "Too many lines before registration"
			return
		}
	}
	switch m.err {
	case errLong:
		c.numeric("417", "Input line was too long")
		return
	case errUTF8:
		c.fail("*", "INVALID_UTF8", "The line was not UTF-8 and was not taken")
		return
	case errSyntax:
		return // as empty lines are passed over
	}
	if ref := m.tags["batch"]; ref != "" && c.taking[ref] != nil {
		c.take(m, ref)
		return
	}
	c.labelled(m.tags["label"], func() { c.dispatch(ctx, m) })
	if c.me == nil {
		c.proceed(ctx)
	}
}

func (c *conn) dispatch(ctx context.Context, m *message) {
	cmd, ok := commands[m.command]
	switch {
	case !ok && c.me == nil:
		c.numeric("451", "You have not registered")
	case !ok:
		c.numeric("421", cut(word(m.command), 40), "Unknown command")
	case c.me == nil && !cmd.early:
		c.numeric("451", "You have not registered")
	case len(m.params) < cmd.least:
		c.numeric("461", m.command, "Not enough parameters")
	default:
		cmd.run(c, ctx, m)
	}
}

func (c *conn) ping(m *message) {
	if len(m.params) == 0 {
		c.numeric("409", "No origin specified")
		return
	}
	c.send(nil, c.g.serverName(), "PONG", c.g.serverName(), cut(m.param(0), 300))
}

func (c *conn) version(*message) {
	c.numeric("351", "parley-"+config.Version, c.g.serverName(), "https://ircv3.net")
}

func (c *conn) timeCommand(*message) {
	c.numeric("391", c.g.serverName(), time.Now().UTC().Format(time.RFC1123))
}

func (c *conn) info(*message) {
	c.numeric("371", "Parley "+config.Version+", a self-hosted server for team messaging")
	c.numeric("374", "End of INFO")
}

func (c *conn) admin(*message) {
	c.numeric("256", c.g.serverName(), "Administrative info")
	c.numeric("259", clean(c.g.cfg.Get().SupportSettings.SupportEmail))
}

// awayCommand shows the account as away, or as online again.
func (c *conn) awayCommand(ctx context.Context, m *message) {
	status := "online"
	if m.param(0) != "" {
		status = "away"
	}
	if err := c.session.api.call(ctx, "PUT", "/users/me/status", map[string]string{"user_id": c.me.ID, "status": status}, nil); err != nil {
		c.fail("AWAY", "CANNOT_SET", err.Error())
		return
	}
	c.away = cut(clean(m.param(0)), 100)
	c.tellAway()
}

func (c *conn) tellAway() {
	if c.away == "" {
		c.numeric("305", "You are no longer marked as being away")
		return
	}
	c.numeric("306", "You have been marked as being away")
}

// setname changes the nickname of the profile, which is shown as the real name.
func (c *conn) setname(ctx context.Context, m *message) {
	name := strings.TrimSpace(clean(m.param(0)))
	if name == "" || len([]rune(name)) > 64 {
		c.fail("SETNAME", "INVALID_REALNAME", "A name has 1 to 64 characters")
		return
	}
	if err := c.session.api.call(ctx, "PUT", "/users/me/patch", map[string]string{"nickname": name}, nil); err != nil {
		c.fail("SETNAME", "CANNOT_CHANGE_REALNAME", err.Error())
		return
	}
	if p, ok := c.people.Get(c.me.ID); ok && p.real != name { // else the event was faster
		p.real = name
		c.send(nil, c.mask(c.me), "SETNAME", name)
	}
}

func unixTime(ms int64) string { return strconv.FormatInt(ms/1000, 10) }

// stamp is the tag server-time.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }

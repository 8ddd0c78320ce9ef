package ircgate

import (
	"context"
	"errors"
	"net"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/parley-chat/parley/internal/realtime"
)

// conn is one client. All but the queue and the ending belongs to the goroutine of loop.
type conn struct {
	g       *Gate
	nc      net.Conn
	ip      string
	out     *queue
	heard   atomic.Int64 // when something last came, Unix ms
	counted string       // as whose connection, guarded by Gate.mu

	endOnce sync.Once
	ending  chan string // the reason, from other goroutines

	reg     registration
	caps    map[string]bool
	session // once registered
	answer  *collection
	batches int              // made so far, for references
	taking  map[string]*long // batches that the client is sending
	echoes  map[string]string
	pinged  bool
	quit    string // why loop ends, "" while it goes on
}

func (g *Gate) newConn(nc net.Conn) *conn {
	host, _, err := net.SplitHostPort(nc.RemoteAddr().String())
	if err != nil {
		host = nc.RemoteAddr().String()
	}
	c := &conn{g: g, nc: nc, ip: host, out: newQueue(g.lim.queue), ending: make(chan string, 1), caps: map[string]bool{},
		taking: map[string]*long{}, echoes: map[string]string{}}
	c.heard.Store(time.Now().UnixMilli())
	return c
}

// refuse answers a connection that isn't taken.
func (c *conn) refuse(why string) {
	_ = c.nc.SetDeadline(time.Now().Add(3 * time.Second))
	line, _ := encode(nil, "", "ERROR", []string{why})
	_, _ = c.nc.Write(line)
	_ = c.nc.Close()
}

// end has the connection end with a reason; it may be called by any goroutine.
func (c *conn) end(reason string) {
	c.endOnce.Do(func() { c.ending <- reason })
}

// serve runs the connection to its end.
func (c *conn) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var tasks sync.WaitGroup
	tasks.Go(func() {
		if over, err := c.out.write(c.nc, c.g.lim.write); over || err != nil {
			if over {
				c.g.flooded.Add(1)
			}
			c.end("SendQ exceeded, or the connection broke")
		}
		_ = c.nc.Close()
	})
	in := make(chan message)
	tasks.Go(func() { c.read(ctx, in) })
	reason := c.guarded(ctx, in)
	cancel()
	last, _ := encode(nil, "", "ERROR", []string{"Closing link: " + reason})
	c.out.end(last)
	// A client that doesn't read is not waited for; one that does gets the reason.
	stop := time.AfterFunc(2*time.Second, func() { _ = c.nc.Close() })
	c.close()
	tasks.Wait()
	stop.Stop()
	c.g.leave(c)
}

// guarded is loop; a panic ends this connection only.
func (c *conn) guarded(ctx context.Context, in <-chan message) (reason string) {
	defer func() {
		if v := recover(); v != nil {
			c.g.log.Error("an IRC connection panicked", "panic", v, "stack", string(debug.Stack()))
			reason = "internal error"
		}
	}()
	return c.loop(ctx, in)
}

// read takes lines from the socket, not faster than a client may send them.
func (c *conn) read(ctx context.Context, in chan<- message) {
	bucket := rate.NewLimiter(rate.Limit(c.g.lim.linesPerSec), c.g.lim.linesBurst)
	from := newLines(touching{c})
	for {
		m, err := from.next()
		if err != nil {
			c.end("the connection was closed by its peer")
			return
		}
		c.g.linesIn.Add(1)
		if bucket.Wait(ctx) != nil {
			return
		}
		select {
		case in <- m:
		case <-ctx.Done():
			return
		}
	}
}

// touching notes that the peer lives.
type touching struct{ c *conn }

func (t touching) Read(p []byte) (int, error) {
	n, err := t.c.nc.Read(p)
	t.c.heard.Store(time.Now().UnixMilli())
	return n, err
}

// loop does one thing after the other until the connection ends, and returns why.
func (c *conn) loop(ctx context.Context, in <-chan message) string {
	tick := time.NewTicker(min(time.Second, c.g.lim.ping/4+1))
	defer tick.Stop()
	began, polled, checked := time.Now(), time.Now(), time.Now()
	for c.quit == "" {
		select {
		case m := <-in:
			c.obey(ctx, &m)
		case e := <-c.events:
			c.hear(ctx, e)
		case reason := <-c.ending:
			return reason
		case <-ctx.Done():
			return "The server is stopping"
		case now := <-tick.C:
			c.keepAlive(now, began)
			if c.me != nil && now.Sub(checked) > time.Minute {
				checked = now
				c.recheck(ctx)
			}
			if c.me != nil && now.Sub(polled) > c.g.lim.poll {
				polled = now
				c.poll(ctx)
			}
		}
	}
	return c.quit
}

// keepAlive pings a silent client, and ends one that stays silent or doesn't register.
func (c *conn) keepAlive(now, began time.Time) {
	silent := now.Sub(time.UnixMilli(c.heard.Load()))
	switch {
	case c.me == nil && now.Sub(began) > c.g.lim.register:
		c.quit = "Registration timed out"
	case silent < c.g.lim.ping:
		c.pinged = false
	case silent >= 2*c.g.lim.ping:
		c.quit = "Ping timeout: " + strconv.Itoa(int(silent.Seconds())) + " seconds"
	case !c.pinged:
		c.pinged = true
		c.send(nil, "", "PING", c.g.serverName())
	}
}

// recheck ends a connection whose session has ended, and notes that the session is in use.
func (c *conn) recheck(ctx context.Context) {
	if _, err := c.g.access.ViewerOf(ctx, c.api.token); err != nil && ctx.Err() == nil {
		c.quit = "Your session has ended"
	}
}

// follow hands the hub's events to loop.
func follow(ctx context.Context, l *realtime.Listener, to chan<- heard) {
	for {
		e, err := l.Next(ctx)
		var ended *realtime.Ended
		if err != nil && !errors.As(err, &ended) && ctx.Err() == nil {
			continue // an event that can't be read
		}
		select {
		case to <- heard{e, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// heard is an event, or why there are no more.
type heard struct {
	realtime.Heard
	err error
}

// line is one line on its way to the client.
type line struct {
	tags            map[string]string
	source, command string
	params          []string
}

// send queues a line from source ("" for none) with those of its tags that the client has asked for.
func (c *conn) send(tags map[string]string, source, command string, params ...string) {
	c.pass(line{c.wanted(tags), source, command, params})
}

func (c *conn) emit(l line) {
	raw, err := encode(l.tags, l.source, l.command, l.params)
	if err != nil {
		c.g.log.Warn("an IRC line could not be written", "command", l.command, "error", err)
		return
	}
	if c.out.push(raw) {
		c.g.linesOut.Add(1)
		return
	}
	if c.quit == "" {
		c.quit = "SendQ exceeded"
	}
}

// wanted leaves the tags of capabilities that the client has; the time is added to all but numerics.
func (c *conn) wanted(tags map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range tags {
		if c.caps[capOfTag(name)] {
			out[name] = value
		}
	}
	return out
}

func capOfTag(name string) string {
	switch name {
	case "time":
		return "server-time"
	case "account":
		return "account-tag"
	case "batch":
		return "batch"
	case "label":
		return "labeled-response"
	case "draft/multiline-concat":
		return "draft/multiline"
	}
	return "message-tags" // msgid, and what begins with +
}

// numeric sends a numbered reply.
func (c *conn) numeric(code string, params ...string) {
	c.send(nil, c.g.serverName(), code, append([]string{c.name()}, params...)...)
}

// name is the client's nickname, * before it has one.
func (c *conn) name() string {
	switch {
	case c.me != nil:
		return c.me.Username
	case c.reg.nick != "":
		return c.reg.nick
	}
	return "*"
}

// fail sends a standard reply, or a notice to clients that don't know those. where are its contexts.
func (c *conn) fail(command, code, text string, where ...string) {
	if c.caps["standard-replies"] {
		c.send(nil, c.g.serverName(), "FAIL", append(append([]string{command, code}, where...), text)...)
		return
	}
	c.send(nil, c.g.serverName(), "NOTICE", c.name(), command+" "+strings.Join(where, " ")+": "+text)
}

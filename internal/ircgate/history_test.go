package ircgate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// texts runs a command and returns what the batch of its answer says, in order.
func (p *peer) texts(line string) string {
	p.t.Helper()
	p.all()
	p.send(line)
	p.expect("BATCH", "+", "chathistory")
	var out []string
	for _, l := range p.all() {
		if _, text, ok := strings.Cut(l, "PRIVMSG "); ok {
			_, text, _ = strings.Cut(text, " :")
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}

func TestHistory(t *testing.T) {
	ircgate.Bound(t, time.Minute, time.Minute, 1<<20, 1000, 1000)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		base := time.Now().Add(-time.Hour).UnixMilli()
		posts := make([]model.Post, 8)
		s.Admin.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": s.Admin.ID})
		for i := range posts {
			s.Admin.POST("/posts", map[string]any{"channel_id": room.ID, "message": fmt.Sprint("m", i), "create_at": base + int64(i)*1000}).Want(t, 201).Into(t, &posts[i])
		}
		p := enter(t, s, ann, allCaps)
		p.expect("366", room.Name)
		name := "#" + room.Name
		at := func(i int, off int64) string {
			return "timestamp=" + time.UnixMilli(base+int64(i)*1000+off).UTC().Format("2006-01-02T15:04:05.000Z")
		}
		id := func(i int) string { return "msgid=" + posts[i].ID }
		for _, c := range [][2]string{
			{"LATEST " + name + " * 3", "m5 m6 m7"},
			{"LATEST " + name + " " + id(5) + " 10", "m6 m7"},
			{"LATEST " + name + " " + at(6, 500) + " 10", "m7"},
			{"BEFORE " + name + " " + id(4) + " 2", "m2 m3"},
			{"BEFORE " + name + " " + at(4, 0) + " 2", "m2 m3"},
			{"BEFORE " + name + " " + at(4, 1) + " 2", "m3 m4"},
			{"BEFORE " + name + " " + id(0) + "-e5 2", ""},
			{"AFTER " + name + " " + id(4) + " 2", "m5 m6"},
			{"AFTER " + name + " " + at(4, 0) + " 2", "m5 m6"},
			{"AFTER " + name + " timestamp=2001-01-01T00:00:00.000Z 3", "m0 m1 m2"},
			{"AROUND " + name + " " + id(4) + " 5", "m2 m3 m4 m5 m6"},
			{"AROUND " + name + " " + at(4, 0) + " 5", "m2 m3 m4 m5 m6"},
			{"BETWEEN " + name + " " + id(1) + " " + id(5) + " 10", "m2 m3 m4"},
			{"BETWEEN " + name + " " + id(1) + " " + id(6) + " 2", "m2 m3"},
			{"BETWEEN " + name + " " + id(6) + " " + id(1) + " 2", "m4 m5"},
		} {
			if got := p.texts("CHATHISTORY " + c[0]); got != c[1] {
				t.Errorf("%s: %q, want %q", c[0], got, c[1])
			}
		}
		now := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		p.send("CHATHISTORY TARGETS timestamp=2001-01-01T00:00:00.000Z timestamp=" + now + " 10")
		p.expect("CHATHISTORY", "TARGETS", name)
		// A message of a channel that one isn't in can't be named.
		private := s.Private(bob, &model.Team{ID: room.TeamID})
		secret := bob.Say(private, "secret")
		p.send("CHATHISTORY AROUND " + name + " msgid=" + secret.ID + " 5")
		p.expect("FAIL", "CHATHISTORY")
		// Read until now, and said so to all clients.
		p.send("MARKREAD " + name + " timestamp=" + now)
		p.expect("MARKREAD", name, "timestamp=")
		var m model.ChannelMember
		ann.GET("/channels/"+room.ID+"/members/me").Want(t, 200).Into(t, &m)
		if m.LastViewedAt < posts[7].CreateAt {
			t.Errorf("read until %d, the last message is of %d", m.LastViewedAt, posts[7].CreateAt)
		}
		bob.Say(room, "news")
		ann.POST("/channels/members/me/view", map[string]string{"channel_id": room.ID}).Want(t, 200)
		p.expect("MARKREAD", name, "timestamp=")
	}, on)
}

// FuzzDispatch sends lines to a registered connection; whatever they are, it goes on or ends in order.
func FuzzDispatch(f *testing.F) {
	for _, l := range []string{"JOIN #a,#b", "PART #town-square", "PRIVMSG #town-square :x", "@+draft/reply=x PRIVMSG #town-square :y", "WHO * %tcuihsnfdlaor,1", "MONITOR + a,b,c",
		"CHATHISTORY BETWEEN #town-square msgid=a timestamp=2020-01-01T00:00:00.000Z 5", "BATCH +a draft/multiline #town-square", "@batch=a PRIVMSG #town-square :z", "BATCH -a",
		"@label=x LIST *", "CAP REQ :-batch message-tags", "MODE #town-square b", "TOPIC #town-square :", "NICK ::", "AWAY ::", "@+draft/react=x;+draft/reply=y TAGMSG #town-square",
		"REDACT #town-square x", "MARKREAD x y", "KICK #town-square ../../me", "INVITE %2e%2e #town-square", "WHOIS a/b?c#d", "JOIN #../x", "PRIVMSG me/../x :y"} {
		f.Add(l)
	}
	ircgate.Bound(f, time.Minute, time.Minute, 4<<20, 1e6, 1e6)
	s := testkit.Start(f, dbtest.SQLite, on)
	ann := s.User("ann")
	s.Team(ann)
	p := enter(f, s, ann, allCaps)
	f.Fuzz(func(t *testing.T, line string) {
		if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(line)), "QUIT") || strings.Contains(line, "QUIT") || strings.Contains(line, "quit") {
			return
		}
		p.t = t
		p.send(strings.ReplaceAll(line, "\n", " "))
		p.all()
		p.mu.Lock()
		p.lines, p.raw, p.seen = nil, nil, 0
		p.mu.Unlock()
	})
}

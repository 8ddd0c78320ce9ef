package ircgate_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestTalkBetweenIRCAndTheWeb(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		team := s.Team(ann, bob)
		room := s.Channel(ann, team, bob)
		name := "#" + room.Name
		bob.Listen()

		p := enter(t, s, ann, allCaps)
		p.expect("JOIN", name)
		p.expect("353", name, "@"+ann.Username, bob.Username)

		// From the web to IRC.
		post := bob.Say(room, "**hello** :smile: https://example.com/a_b_c")
		m := p.expect("PRIVMSG", "hello")
		if m.Nick() != bob.Username || m.Params[0] != name || m.Params[1] != "\x02hello\x02 😄 https://example.com/a_b_c" {
			t.Errorf("a message from the web: %q", m.Params)
		}
		if _, v := m.GetTag("msgid"); v != post.ID {
			t.Errorf("msgid %q, want %q", v, post.ID)
		}
		for _, tag := range []string{"time", "account"} {
			if ok, _ := m.GetTag(tag); !ok {
				t.Errorf("no tag %s", tag)
			}
		}
		// From IRC to the web, with the echo in its place and labelled.
		p.send("@label=l1 PRIVMSG " + name + " :\x02from\x02 IRC")
		if m = p.expect("PRIVMSG", "from"); m.Nick() != ann.Username || !m.HasTag("label") || !m.HasTag("msgid") {
			t.Errorf("the echo: %v %v", m, m.AllTags())
		}
		var got model.Post
		f := bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), "IRC") })
		f.JSON(t, "post", &got)
		if got.Message != "**from** IRC" || got.UserID != ann.ID {
			t.Errorf("on the web: %+v", got)
		}
		// A thread, from IRC and from the web.
		p.send("@+draft/reply=" + post.ID + " PRIVMSG " + name + " :to your question")
		p.expect("PRIVMSG", "to your question", "+draft/reply="+post.ID)
		bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), `"root_id":"`+post.ID) })
		bob.Reply(post, "thanks")
		p.expect("PRIVMSG", "thanks", "+draft/reply="+post.ID)
		// An action.
		p.send("PRIVMSG " + name + " :\x01ACTION waves\x01")
		p.expect("PRIVMSG", "\x01ACTION waves\x01")
		bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), `"type":"me"`) })
		// Mentions by the custom of IRC.
		p.send("PRIVMSG " + name + " :" + bob.Username + ": are you there?")
		bob.Expect("posted", func(f testkit.Frame) bool {
			return strings.Contains(f.Data["post"].(string), "@"+bob.Username+": are you")
		})
		if extra, ok := f.Data["mentions"]; ok {
			t.Errorf("mentions too early: %v", extra)
		}
	}, on)
}

func TestChangedAndDeleted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(ann, s.Team(ann, bob), bob)
		name := "#" + room.Name
		p, old := enter(t, s, ann, allCaps), enter(t, s, ann, "")
		p.expect("366", name)
		old.expect("366", name)
		post := bob.Say(room, "good nihgt")
		bob.Reply(post, "~~all~~ `of you`")
		old.expect("PRIVMSG", "↳ "+bob.Username+": “good nihgt” – ~~all~~ `of you`")
		bob.Do("PUT", "/posts/"+post.ID+"/patch", map[string]string{"message": "good day"}).Want(t, 200)
		p.expect("PRIVMSG", "* good day", "+draft/reply="+post.ID)
		old.expect("PRIVMSG", "* good day")
		bob.DELETE("/posts/"+post.ID).Want(t, 200)
		p.expect("REDACT", name, post.ID)
		old.expect("NOTICE", name, "A message of "+bob.Username)
	}, on)
}

func TestReactionsTypingAndRedaction(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		name := "#" + room.Name
		bob.Listen()
		p := enter(t, s, ann, allCaps)
		p.expect("366", name)
		post := bob.Say(room, "dinner?")
		p.expect("PRIVMSG", "dinner?")

		p.send("@+draft/react=👍;+draft/reply=" + post.ID + " TAGMSG " + name)
		bob.Expect("reaction_added", func(f testkit.Frame) bool { return strings.Contains(f.Data["reaction"].(string), `"+1"`) })
		p.expect("TAGMSG", "+draft/react=👍", "+draft/reply="+post.ID)
		p.send("@+draft/unreact=👍;+draft/reply=" + post.ID + " TAGMSG " + name)
		bob.Expect("reaction_removed", nil)
		bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": post.ID, "emoji_name": "wave_dark_skin_tone"}).Want(t, 200)
		p.expect("TAGMSG", "+draft/react=👋🏿")
		p.send("@+draft/react=no\\semoji;+draft/reply=" + post.ID + " TAGMSG " + name)
		p.expect("FAIL", "INVALID_REACTION")

		p.send("@+typing=active TAGMSG " + name)
		bob.Expect("typing", func(f testkit.Frame) bool { return f.Data["user_id"] == ann.ID })
		bob.POST("/users/me/typing", map[string]string{"channel_id": room.ID}).Want(t, 200)
		p.expect("TAGMSG", "+typing=active", bob.Username)

		p.send("REDACT " + name + " " + post.ID)
		p.expect("FAIL", "REDACT_FORBIDDEN")
		p.send("PRIVMSG " + name + " :mine")
		_, mine := ptr(p.expect("PRIVMSG", "mine")).GetTag("msgid")
		p.send("REDACT " + name + " " + mine)
		bob.Expect("post_deleted", nil)
		p.expect("REDACT", mine)

		// A message of several lines is one post, and one post of several lines one batch.
		p.send("BATCH +x draft/multiline "+name, "@batch=x PRIVMSG "+name+" :one", "@batch=x PRIVMSG "+name+" :two ",
			"@batch=x;draft/multiline-concat PRIVMSG "+name+" :and a half", "BATCH -x")
		bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), `one\ntwo and a half`) })
		p.expect("BATCH", "draft/multiline", name)
		p.expect("PRIVMSG", "two and a half")
		old := enter(t, s, ann, "server-time")
		old.expect("366", name)
		bob.Say(room, "first\nsecond\r\nthird")
		for _, l := range []string{"first", "second", "third"} {
			old.expect("PRIVMSG", name, l)
		}
	}, on)
}

func ptr[T any](v T) *T { return &v }

func TestDirectAndGroupMessages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, eve := s.User("ann"), s.User("bob"), s.User("eve")
		s.Team(ann, bob, eve)
		bob.Listen()
		p := enter(t, s, ann, allCaps)
		p.send("PRIVMSG " + bob.Username + " :psst")
		if m := p.expect("PRIVMSG", "psst"); m.Nick() != ann.Username || m.Params[0] != bob.Username {
			t.Errorf("the echo of a direct message: %v", m)
		}
		bob.Expect("posted", func(f testkit.Frame) bool { return f.Data["channel_type"] == "D" })
		direct := s.Direct(ann, bob)
		bob.Say(direct, "what?")
		if m := p.expect("PRIVMSG", "what?"); m.Nick() != bob.Username || m.Params[0] != ann.Username {
			t.Errorf("a direct message: %v", m)
		}
		p.send("CHATHISTORY LATEST " + bob.Username + " * 10")
		p.expect("BATCH", "chathistory", bob.Username)
		p.expect("PRIVMSG", "psst")
		p.expect("PRIVMSG", "what?")

		var group model.Channel
		bob.POST("/channels/group", []string{ann.ID, bob.ID, eve.ID}).Want(t, 201).Into(t, &group)
		bob.Say(&group, "three of us")
		m := p.expect("PRIVMSG", "three of us")
		if !strings.HasPrefix(m.Params[0], "&") || !strings.Contains(m.Params[0], bob.Username) {
			t.Errorf("a group message: %v", m)
		}
		p.send("PRIVMSG " + m.Params[0] + " :indeed")
		bob.Expect("posted", func(f testkit.Frame) bool {
			return f.Data["channel_type"] == "G" && strings.Contains(f.Data["post"].(string), "indeed")
		})

		p.send("PRIVMSG nobody-by-that-name :hi")
		p.expect("401", "nobody-by-that-name")
		// A client without echoes sees its account's other messages as notices, not as its own words to itself.
		old := enter(t, s, ann, "")
		ann.Say(direct, "from the web")
		old.expect("NOTICE", "[to "+bob.Username+"] from the web")
	}, on)
}

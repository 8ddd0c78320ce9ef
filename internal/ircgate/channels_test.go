package ircgate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/ircgate"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestChannelsAreJoinedHiddenAndLeft(t *testing.T) {
	ircgate.Bound(t, time.Minute, time.Minute, 1<<20, 1000, 1000)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		team := s.Team(bob, ann)
		open, private := s.Channel(bob, team), s.Private(bob, team)
		p := enter(t, s, ann, allCaps)
		p.expect("366", "#town-square")

		p.send("LIST")
		p.expect("322", "#"+open.Name, "Room")
		for _, l := range p.all() {
			if strings.Contains(l, private.Name) {
				t.Errorf("a private channel is listed: %q", l)
			}
		}
		p.send("LIST *room-that-isnt*")
		p.expect("323")
		// A private channel is not told from one that isn't there.
		p.send("JOIN #" + private.Name)
		hidden := p.expect("403", private.Name)
		p.send("JOIN #no-such-channel")
		missing := p.expect("403", "no-such-channel")
		if hidden.Params[2] != missing.Params[2] {
			t.Errorf("%v and %v are told apart", hidden, missing)
		}
		toldApart(t, p, private.Name, "no-such-channel")
		p.send("JOIN #" + open.Name)
		p.expect("JOIN", "#"+open.Name, ann.Username)
		p.expect("353", bob.Username)
		bob.Say(open, "welcome")
		p.expect("PRIVMSG", "welcome")
		// Parting hides, also from connections to come; the account stays a member.
		p.send("PART #" + open.Name)
		p.expect("PART", "#"+open.Name)
		bob.Say(open, "unheard")
		for _, l := range p.all() {
			if strings.Contains(l, "unheard") {
				t.Error("a hidden channel is heard")
			}
		}
		ann.GET("/channels/"+open.ID+"/members/me").Want(t, 200)
		again := enter(t, s, ann, "")
		again.expect("366", "#town-square")
		for _, l := range again.all() {
			if strings.Contains(l, open.Name) {
				t.Errorf("hidden, yet shown: %q", l)
			}
		}
		again.send("JOIN #" + open.Name)
		again.expect("JOIN", open.Name)
		again.expect("PRIVMSG", "unheard") // the history of a client that doesn't ask for it
	}, on)
}

// toldApart fails when any command answers for one name of a channel otherwise than for another.
func toldApart(t *testing.T, p *peer, names ...string) {
	t.Helper()
	for _, line := range []string{"PRIVMSG #%s :x", "TOPIC #%s", "TOPIC #%s :x", "MODE #%s", "KICK #%s x", "INVITE x #%s", "CHATHISTORY LATEST #%s * 5",
		"REDACT #%s x", "MARKREAD #%s", "@+typing=active TAGMSG #%s", "PART #%s", "NAMES #%s", "WHO #%s"} {
		answers := map[string]bool{}
		for _, name := range names {
			p.all()
			p.send(strings.ReplaceAll(line, "%s", name))
			answers[strings.ReplaceAll(strings.Join(p.all(), "\n"), name, "*")] = true
		}
		if len(answers) != 1 {
			t.Errorf("%s tells private channels from missing ones: %v", line, answers)
		}
	}
}

func TestPartLeavesWhereTheSettingsSaySo(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		p := enter(t, s, ann, "")
		p.expect("366", "#"+room.Name)
		p.send("PART #" + room.Name + " :done")
		p.expect("PART", "#"+room.Name, "done")
		ann.GET("/channels/"+room.ID+"/members/me").Refused(t, 403, "api.context.permissions.app_error")
	}, on, testkit.Env("MM_IRCSETTINGS_PARTLEAVES=true"))
}

func TestMembershipChanges(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob, eve := s.User("ann"), s.User("bob"), s.User("eve")
		team := s.Team(bob, ann, eve)
		room := s.Private(bob, team)
		p := enter(t, s, ann, allCaps)
		p.expect("366", "#town-square")
		add := func(a *testkit.Actor) {
			bob.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": a.ID}).Want(t, 201)
		}
		name := "#" + room.Name
		add(ann)
		p.expect("JOIN", name, ann.Username)
		p.expect("366", name)
		add(eve)
		p.expect("JOIN", name, eve.Username)
		bob.DELETE("/channels/"+room.ID+"/members/"+eve.ID).Want(t, 200)
		if m := p.expect("KICK", name, eve.Username); m.Nick() != bob.Username {
			t.Errorf("removed by %s", m.Nick())
		}
		add(eve)
		p.expect("JOIN", eve.Username)
		eve.DELETE("/channels/"+room.ID+"/members/"+eve.ID).Want(t, 200)
		p.expect("PART", name)
		// A new name, a new topic, a role.
		bob.Do("PUT", "/channels/"+room.ID+"/patch", map[string]string{"name": "renamed-room", "header": "about\r\nQUIT"}).Want(t, 200)
		p.expect("RENAME", name, "#renamed-room")
		if m := p.expect("TOPIC", "#renamed-room"); m.Params[1] != "about  QUIT" {
			t.Errorf("the topic: %q", m.Params)
		}
		bob.Do("PUT", "/channels/"+room.ID+"/members/"+ann.ID+"/schemeRoles", map[string]bool{"scheme_user": true, "scheme_admin": true}).Want(t, 200)
		p.expect("MODE", "#renamed-room", "+o", ann.Username)
		// With the role, over IRC.
		p.send("INVITE " + eve.Username + " #renamed-room")
		p.expect("341", eve.Username)
		p.expect("JOIN", eve.Username)
		p.send("KICK #renamed-room " + eve.Username)
		p.expect("KICK", eve.Username)
		eve.GET("/channels/"+room.ID).Want(t, 403)
		p.send("TOPIC #renamed-room :all about it")
		p.expect("TOPIC", "all about it")
		var ch model.Channel
		bob.GET("/channels/"+room.ID).Want(t, 200).Into(t, &ch)
		if ch.Header != "all about it" {
			t.Errorf("the header: %q", ch.Header)
		}
		bob.DELETE("/channels/"+room.ID+"/members/"+ann.ID).Want(t, 200)
		p.expect("KICK", "#renamed-room", ann.Username)
		bob.Say(room, "alone again")
		for _, l := range p.all() {
			if strings.Contains(l, "alone") {
				t.Errorf("heard after the removal: %q", l)
			}
		}
	}, on)
}

func TestRenamedArchivedAndLeftTeams(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		bob, eve := s.User("bob"), s.User("eve")
		team := s.Team(bob, eve)
		// A client that doesn't know RENAME leaves and enters.
		old := enter(t, s, eve, "")
		second := s.Channel(bob, team, eve)
		old.expect("JOIN", second.Name)
		bob.Do("PUT", "/channels/"+second.ID+"/patch", map[string]string{"name": "other-room"}).Want(t, 200)
		old.expect("PART", second.Name)
		old.expect("JOIN", "#other-room")
		bob.DELETE("/channels/"+second.ID).Want(t, 200)
		old.expect("PART", "#other-room")
		s.Admin.DELETE("/teams/"+team.ID+"/members/"+eve.ID).Want(t, 200)
		old.expect("PART", "#town-square")
	}, on)
}

func TestPeople(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		room := s.Channel(bob, s.Team(bob, ann), ann)
		p := enter(t, s, ann, allCaps)
		p.expect("366", "#town-square")
		p.send("WHO #" + room.Name)
		p.expect("352", bob.Username)
		p.expect("315")
		p.send("WHO #" + room.Name + " %tcnfa,42")
		p.expect("354", "42", bob.Username)
		p.send("WHOIS " + bob.Username)
		p.expect("311", bob.Username)
		p.expect("319", "@#"+room.Name)
		p.expect("330", bob.Username)
		p.expect("318")
		p.send("WHOIS nobody-here")
		p.expect("401")
		p.send("MONITOR + " + bob.Username)
		p.expect("731", bob.Username)
		bob.Listen()
		testkit.Eventually(t, "somebody online is seen", func() bool {
			p.send("ISON " + bob.Username)
			m := p.expect("303")
			return m.Params[1] == bob.Username
		})
		p.send("AWAY :lunch")
		p.expect("306")
		var st model.Status
		ann.GET("/users/me/status").Want(t, 200).Into(t, &st)
		if st.Status != "away" {
			t.Errorf("away over IRC is %q", st.Status)
		}
		p.send("AWAY")
		p.expect("305")
		p.send("SETNAME :Ann of Green Gables")
		p.expect("SETNAME", "Green Gables")
		bob.Do("PUT", "/users/me/patch", map[string]string{"nickname": "Bobby"}).Want(t, 200)
		p.expect("SETNAME", "Bobby")
		s.Admin.Do("PUT", "/users/"+bob.ID+"/patch", map[string]string{"username": "robert"}).Want(t, 200)
		if m := p.expect("NICK", "robert"); m.Nick() != bob.Username {
			t.Errorf("a new username: %v", m)
		}
		p.send("NICK somebody-else")
		p.expect("447")
		p.send("MODE #"+room.Name, "MODE "+ann.Username, "MODE #"+room.Name+" +o robert", "VERSION", "TIME", "MOTD", "LUSERS", "INFO", "ADMIN",
			"USERHOST robert", "WHOWAS x", "NONSENSE", "JOIN")
		for _, code := range []string{"324", "221", "482", "351", "391", "376", "255", "374", "256", "302", "369", "421", "461"} {
			p.expect(code)
		}
	}, on)
}

func TestOthersComeAndGo(t *testing.T) {
	ircgate.Poll(t, 50*time.Millisecond)
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, bob := s.User("ann"), s.User("bob")
		s.Team(bob, ann)
		p := enter(t, s, ann, allCaps)
		p.expect("366", "#town-square")
		p.send("MONITOR + " + bob.Username)
		p.expect("731", bob.Username)
		bob.Do("PUT", "/users/me/status", map[string]string{"user_id": bob.ID, "status": "online"}).Want(t, 200)
		p.expect("730", bob.Username)
		bob.Do("PUT", "/users/me/status", map[string]string{"user_id": bob.ID, "status": "dnd"}).Want(t, 200)
		if m := p.expect("AWAY", "dnd"); m.Nick() != bob.Username {
			t.Errorf("away: %v", m)
		}
	}, on)
}

package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// Roles, owners and what the server alone knows of an object are not taken from
// the fields of a body.
func TestNobodyRaisesThemselvesThroughFields(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		eve, bob := s.User("eve"), s.User("bob")
		rise := map[string]any{"id": eve.ID, "username": eve.Username, "email": eve.Username + "@example.com", "password": testkit.Password,
			"roles": "system_admin", "auth_service": "ldap", "auth_data": bob.ID, "email_verified": true, "mfa_active": true, "is_bot": true,
			"delete_at": 0, "scheme_admin": true, "remote_id": "x"}
		calm := func(what string, u model.User) {
			t.Helper()
			if strings.Contains(u.Roles, "admin") || u.AuthService != "" || u.IsBot || u.MFAActive {
				t.Errorf("%s: %+v", what, u)
			}
		}
		var u model.User
		for _, path := range []string{"/users/me", "/users/me/patch"} {
			eve.PUT(path, rise)
			eve.GET("/users/me").Want(t, 200).Into(t, &u)
			calm(path, u)
		}
		rise["username"], rise["email"] = "mallory", "mallory@example.com"
		delete(rise, "id")
		if r := s.Nobody().POST("/users", rise); r.Status == 201 {
			r.Into(t, &u)
			calm("sign-up", u)
		}
		eve.GET("/config").Refused(t, 403, "api.context.permissions.app_error")

		team := s.Team(bob, eve)
		room := s.Channel(bob, team)
		var m model.ChannelMember
		eve.POST("/channels/"+room.ID+"/members", map[string]any{"user_id": eve.ID, "scheme_admin": true, "roles": "channel_admin"}).Want(t, 201).Into(t, &m)
		if m.SchemeAdmin || strings.Contains(m.Roles, "admin") {
			t.Errorf("a member made themselves admin: %+v", m)
		}
		var p model.Post
		eve.POST("/posts", map[string]any{"channel_id": room.ID, "user_id": bob.ID, "message": "I am Bob", "create_at": 1000, "delete_at": 5, "edit_at": 7,
			"props": map[string]any{"from_bot": "true", "from_plugin": "true", "previewed_post": "x", "deleteBy": bob.ID}}).Want(t, 201).Into(t, &p)
		if p.UserID != eve.ID || p.CreateAt == 1000 || p.DeleteAt != 0 || p.EditAt != 0 || len(p.Props) > 0 && (p.Props["from_bot"] != nil || p.Props["previewed_post"] != nil) {
			t.Errorf("a post lies about itself: %+v", p)
		}
		eve.PUT("/posts/"+p.ID+"/patch", map[string]any{"message": "x", "user_id": bob.ID, "channel_id": team.ID, "type": "system_join_channel"}).Want(t, 200).Into(t, &p)
		if p.UserID != eve.ID || p.ChannelID != room.ID || p.Type != "" {
			t.Errorf("an edit changed whose and where: %+v", p)
		}
		if r := eve.POST("/posts", map[string]any{"channel_id": room.ID, "message": "x", "type": "system_join_channel"}); r.Status < 400 {
			t.Errorf("a member posts in the name of the server: %v", r)
		}
	})
}

// In an archived channel nothing is written any more, whatever the route.
func TestNothingIsWrittenInArchivedChannels(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room := s.Private(alice, team, bob)
		post := bob.Say(room, "before")
		alice.DELETE("/channels/"+room.ID).Want(t, 200)
		c, p := "/channels/"+room.ID, "/posts/"+post.ID
		for what, r := range map[string]*testkit.Response{
			"post":       bob.Post(room, "after"),
			"reply":      bob.POST("/posts", map[string]string{"channel_id": room.ID, "root_id": post.ID, "message": "x"}),
			"edit":       bob.PUT(p+"/patch", map[string]string{"message": "x"}),
			"react":      bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": post.ID, "emoji_name": "smile"}),
			"pin":        bob.POST(p+"/pin", nil),
			"header":     bob.PUT(c+"/patch", map[string]string{"header": "x"}),
			"add":        alice.POST(c+"/members", map[string]string{"user_id": s.Admin.ID}),
			"privacy":    s.Admin.PUT(c+"/privacy", map[string]string{"privacy": "O"}),
			"twice gone": alice.DELETE(c),
		} {
			if r.Status < 400 || r.Status >= 500 {
				t.Errorf("%s: %v", what, r)
			}
		}
	})
}

// What somebody could see while they were in a team is out of reach the moment
// they are not: by id, by link, in lists, and on the open websocket.
func TestAccessEndsWithTheMembership(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team, other := s.Team(alice, bob), s.Team(alice, bob)
		room, common := s.Private(alice, team, bob), s.Channel(alice, other, bob)
		root := alice.Say(room, "wordsecretword")
		bob.Reply(root, "wordsecretword too")
		bob.PUT("/users/me/preferences", []map[string]string{{"user_id": bob.ID, "category": "flagged_post", "name": root.ID, "value": "true"}}).Want(t, 200)
		link := bob.Say(common, s.URL+"/"+team.Name+"/pl/"+root.ID)
		ear := bob.Listen()
		s.Admin.DELETE("/teams/"+team.ID+"/members/"+bob.ID).Want(t, 200)
		ear.Expect("leave_team", nil)
		alice.Reply(root, "wordsecretword again")
		alice.PUT("/teams/"+team.ID+"/patch", map[string]string{"description": "wordsecretword"}).Want(t, 200)
		alice.Say(common, "the end")
		ear.Expect("posted", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == common.ID })
		u, own := "/users/me/teams/"+team.ID, "/users/me/teams/"+other.ID
		refused := []string{"/posts/" + root.ID, "/posts/" + root.ID + "/thread", "/channels/" + room.ID, "/channels/" + room.ID + "/posts", "/channels/" + room.ID + "/members",
			"/teams/" + team.ID + "/channels", "/teams/" + team.ID + "/channels/deleted", "/teams/" + team.ID + "/members", u + "/channels", u + "/threads",
			"/users/me/channels/" + room.ID + "/posts/unread"}
		for _, path := range refused {
			if r := bob.GET(path); r.Status != 403 && r.Status != 404 {
				t.Errorf("%v", r)
			}
		}
		for _, path := range append(refused, "/users/me/posts/flagged", "/users/me/channels", own+"/threads?extended=true", own+"/channels", "/channels/"+common.ID+"/posts",
			"/posts/"+link.ID, "/users/me/channel_members", "/users/me/teams", "/users/me/teams/members") {
			if r := bob.GET(path); strings.Contains(string(r.Body), "wordsecretword") || strings.Contains(string(r.Body), room.ID) {
				t.Errorf("still tells: %v", r)
			}
		}
		for _, f := range ear.Events() {
			if f.Broadcast["channel_id"] == room.ID || f.Broadcast["team_id"] == team.ID && f.Event != "leave_team" {
				t.Errorf("heard %s of the team", f.Event)
			}
		}
	}, testkit.Env("MM_SERVICESETTINGS_ENABLELINKPREVIEWS=true"))
}

// With a second factor enforced, who has none gets nothing by any route but
// those that set it up, and nothing on a websocket.
func TestASecondFactorIsAskedForEverywhere(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		room := s.Channel(alice, team)
		s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]bool{"EnforceMultifactorAuthentication": true}}).Want(t, 200)
		w := &world{vars: map[string]string{}, people: map[string]testkit.Actor{"owner": *alice}}
		for _, v := range things {
			w.vars[v] = room.ID
		}
		for _, r := range s.Router().Routes() {
			if r.Policy.Anonymous || r.Policy.WithoutMFA {
				continue
			}
			path, api := strings.CutPrefix(r.Path, "/api/v4")
			if !api {
				path = "<site>" + path
			}
			got := w.call(s, matrixRow{method: r.Method, path: path, body: "{}"}, "owner")
			if got.Status != 403 || r.Method != "HEAD" && got.ErrorID() != "api.context.mfa_required.app_error" {
				t.Errorf("%v", got)
			}
		}
		ear := alice.Dial("")
		if err := ear.Write(`{"seq":1,"action":"authentication_challenge","data":{"token":"` + alice.Token + `"}}`); err != nil {
			t.Fatal(err)
		}
		_ = ear.Closed()
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION=true"))
}

// Names and addresses of what a caller may not see are no different from those
// that are free: the same status, the same error.
func TestHiddenAndMissingLookTheSame(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		hidden := s.Private(alice, team)
		secret := alice.Say(hidden, "x")
		type answer struct {
			status int
			id     string
		}
		ask := func(path string) answer { r := bob.GET(path); return answer{r.Status, r.ErrorID()} }
		for _, pair := range [][2]string{
			{"/teams/" + team.ID + "/channels/name/" + hidden.Name, "/teams/" + team.ID + "/channels/name/nothing-here"},
			{"/teams/name/" + team.Name + "/channels/name/" + hidden.Name, "/teams/name/" + team.Name + "/channels/name/nothing-here"},
			{"/posts/" + secret.ID + "/info", "/posts/" + team.ID + "/info"},
			{"/posts/" + secret.ID + "/reactions", "/posts/" + team.ID + "/reactions"},
			{"/channels/" + hidden.ID + "/members", "/channels/" + team.ID + "/members"},
		} {
			if a, b := ask(pair[0]), ask(pair[1]); a != b {
				t.Errorf("%s: %v, %s: %v", pair[0], a, pair[1], b)
			}
		}
		var found []model.Channel
		bob.POST("/teams/"+team.ID+"/channels/search", map[string]string{"term": hidden.Name}).Want(t, 200).Into(t, &found)
		if slices.ContainsFunc(found, func(c model.Channel) bool { return c.ID == hidden.ID }) {
			t.Error("a private channel is found by others")
		}
	})
}

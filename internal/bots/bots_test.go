package bots_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var allowed = testkit.Env("MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true", "MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true")

func bot(t *testing.T, who *testkit.Actor, more map[string]any) *model.Bot {
	t.Helper()
	body := map[string]any{"username": "bot-" + id.New()[:8], "display_name": "Helper", "description": "helps"}
	for k, v := range more {
		body[k] = v
	}
	var b model.Bot
	who.POST("/bots", body).Want(t, 201).Into(t, &b)
	return &b
}

// as is the bot itself, with a token that who makes for it.
func as(t *testing.T, s *testkit.Server, who *testkit.Actor, b *model.Bot) *testkit.Actor {
	t.Helper()
	var token model.UserAccessToken
	who.POST("/users/"+b.UserID+"/tokens", map[string]string{"description": "for " + b.Username}).Want(t, 200).Into(t, &token)
	it := s.Nobody()
	it.ID, it.Token, it.Username = b.UserID, token.Token, b.Username
	return it
}

func TestABotsLife(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		room := s.Channel(ann, team)
		b := bot(t, s.Admin, nil)
		it := as(t, s, s.Admin, b)
		it.Post(room, "beep").Want(t, 403)
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": b.UserID}).Want(t, 201)
		ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": b.UserID}).Want(t, 201)
		ear := it.Listen()
		ann.Say(room, "hello @"+b.Username)
		ear.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "hello") })
		if post := it.Say(room, "beep"); post.Props["from_bot"] != "true" {
			t.Errorf("%+v", post)
		}
		s.Nobody().POST("/users/login", map[string]string{"login_id": b.Username, "password": testkit.Password}).
			Refused(t, 401, "api.user.login.bot_login_forbidden.app_error")
		s.Admin.PUT("/bots/"+b.UserID, map[string]string{"username": b.Username + "2"}).Want(t, 200)
		s.Admin.POST("/bots/"+b.UserID+"/disable", nil).Want(t, 200)
		it.GET("/users/me").Want(t, 401)
		if ear.Closed() == nil {
			t.Error("its socket stays open")
		}
		s.Admin.POST("/bots/"+b.UserID+"/enable", nil).Want(t, 200)
		it.GET("/users/me").Want(t, 200)
		if u := s.Admin.GET("/users/"+b.UserID).Want(t, 200); !strings.Contains(string(u.Body), `"is_bot":true`) || !strings.Contains(string(u.Body), b.Username+"2") {
			t.Errorf("%s", u.Body)
		}
		for name, errorID := range map[string]string{"Not Valid": "model.bot.is_valid.username.app_error", ann.Username: "app.user.save.username_exists.app_error"} {
			s.Admin.POST("/bots", map[string]string{"username": name}).Refused(t, 400, errorID)
		}
		s.Admin.POST("/bots", map[string]string{"username": "long", "description": strings.Repeat("x", 1025)}).Refused(t, 400, "model.bot.is_valid.description.app_error")
		it.POST("/bots", map[string]string{"username": "child"}).Want(t, 403)
		ann.POST("/bots", map[string]string{"username": "mine"}).Want(t, 403)
		ann.GET("/bots/"+b.UserID).Refused(t, 404, "store.sql_bot.get.missing.app_error")
		ann.GET("/bots").Want(t, 403)
	}, allowed)
}

// Whoever may have bots has theirs, and can't come by others' rights through them.
func TestOwners(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		for _, p := range []*testkit.Actor{ann, ben} {
			s.Admin.PUT("/users/"+p.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
		}
		var role model.Role
		s.Admin.GET("/roles/name/system_user").Want(t, 200).Into(t, &role)
		s.Admin.PUT("/roles/"+role.ID+"/patch", map[string]any{"permissions": append(role.Permissions, "create_bot", "read_bots", "manage_bots")}).Want(t, 200)
		hers, bosses := bot(t, ann, nil), bot(t, s.Admin, nil)
		var list []*model.Bot
		if ann.GET("/bots").Want(t, 200).Into(t, &list); len(list) != 1 || list[0].UserID != hers.UserID {
			t.Errorf("%+v", list)
		}
		ben.GET("/bots/"+hers.UserID).Want(t, 404)
		ben.PUT("/bots/"+hers.UserID, map[string]string{"display_name": "mine now"}).Want(t, 404)
		ben.POST("/bots/"+hers.UserID+"/disable", nil).Want(t, 404)
		ben.POST("/users/"+hers.UserID+"/tokens", map[string]string{"description": "x"}).Want(t, 403)
		ann.POST("/bots/"+bosses.UserID+"/assign/"+ann.ID, nil).Want(t, 403)
		ann.POST("/bots/"+hers.UserID+"/assign/"+ben.ID, nil).Want(t, 403)
		// A bot that became an administrator is only for administrators to manage.
		s.Admin.PUT("/users/"+hers.UserID+"/roles", map[string]string{"roles": "system_user system_admin"}).Want(t, 200)
		ann.POST("/users/"+hers.UserID+"/tokens", map[string]string{"description": "x"}).Want(t, 403)
		ann.PUT("/bots/"+hers.UserID, map[string]string{"display_name": "x"}).Want(t, 403)
		s.Admin.PUT("/users/"+hers.UserID+"/roles", map[string]string{"roles": "system_user"}).Want(t, 200)

		it := as(t, s, ann, hers)
		s.Admin.POST("/bots/"+hers.UserID+"/assign/"+ben.ID, nil).Want(t, 200)
		ann.PUT("/bots/"+hers.UserID, map[string]string{"display_name": "still mine"}).Want(t, 404)
		s.Admin.POST("/bots/"+hers.UserID+"/assign/"+bosses.UserID, nil).Refused(t, 400, "parley.bots.owner.app_error")
		it.GET("/users/me").Want(t, 200)
		s.Admin.PUT("/users/"+ben.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		testkit.Eventually(t, "the bot of who left ends", func() bool { return it.GET("/users/me").Status == 401 })
		if s.Admin.GET("/bots?only_orphaned=true&include_deleted=true").Want(t, 200).Into(t, &list); len(list) != 1 || list[0].UserID != hers.UserID {
			t.Errorf("%+v", list)
		}
	}, allowed)
}

func TestAccountsBecomeBotsAndBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Admin.PUT("/users/"+ann.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
		var token model.UserAccessToken
		ann.POST("/users/me/tokens", map[string]string{"description": "hers"}).Want(t, 200).Into(t, &token)
		ann.POST("/users/"+ann.ID+"/convert_to_bot", nil).Want(t, 403)
		s.Admin.POST("/users/"+s.Admin.ID+"/convert_to_bot", nil).Want(t, 400) // the last administrator
		var b model.Bot
		s.Admin.POST("/users/"+ann.ID+"/convert_to_bot", nil).Want(t, 200).Into(t, &b)
		ann.GET("/users/me").Want(t, 401)
		old := s.Nobody()
		old.Token = token.Token
		old.GET("/users/me").Want(t, 401)
		s.Nobody().POST("/users/login", map[string]string{"login_id": ann.Username, "password": testkit.Password}).Want(t, 401)

		it := as(t, s, s.Admin, &b)
		it.GET("/users/me").Want(t, 200)
		s.Admin.POST("/bots/"+b.UserID+"/convert_to_user", map[string]string{}).Want(t, 400)
		s.Admin.POST("/bots/"+b.UserID+"/convert_to_user", map[string]string{"password": "x"}).Want(t, 400)
		var u model.User
		s.Admin.POST("/bots/"+b.UserID+"/convert_to_user", map[string]string{"password": testkit.Password, "email": "ann@back.example"}).Want(t, 200).Into(t, &u)
		if u.IsBot || u.Email != "ann@back.example" {
			t.Errorf("%+v", u)
		}
		it.GET("/users/me").Want(t, 401)
		s.Nobody().POST("/users/login", map[string]string{"login_id": ann.Username, "password": testkit.Password}).Want(t, 200)
		s.Admin.GET("/bots/"+b.UserID+"?include_deleted=true").Want(t, 404)
	}, allowed)
}

package users_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noToken = "app.user_access_token.get_by_user.app_error"

// newToken makes an access token and an actor that calls with it.
func newToken(t *testing.T, s *testkit.Server, by *testkit.Actor, userID string) (model.UserAccessToken, *testkit.Actor) {
	t.Helper()
	var token model.UserAccessToken
	by.POST("/users/"+userID+"/tokens", map[string]string{"description": "for a test"}).Want(t, 200).Into(t, &token)
	app := s.Nobody()
	app.ID, app.Token = userID, token.Token
	return token, app
}

func TestAccessTokens(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("alice"), s.User("bob")
		s.Admin.PUT("/users/"+a.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
		s.Admin.PUT("/users/"+b.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
		a.POST("/users/me/tokens", map[string]string{"description": strings.Repeat("d", 256)}).
			Refused(t, 400, "model.user_access_token.is_valid.description.app_error")
		token, app := newToken(t, s, a, a.ID)

		// What others may not: with the permission over tokens, but not over the person.
		const forbidden = "api.context.permissions.app_error"
		b.GET("/users/tokens/"+token.ID).Refused(t, 403, forbidden)
		b.GET("/users/"+a.ID+"/tokens").Refused(t, 403, forbidden)
		b.POST("/users/"+a.ID+"/tokens", map[string]string{"description": "x"}).Refused(t, 403, forbidden)
		b.POST("/users/"+s.Admin.ID+"/tokens", map[string]string{"description": "x"}).Refused(t, 403, forbidden)
		b.GET("/users/tokens").Refused(t, 403, forbidden)
		b.POST("/users/tokens/search", map[string]string{"term": "a"}).Refused(t, 403, forbidden)
		for _, what := range []string{"revoke", "disable", "enable"} {
			b.POST("/users/tokens/"+what, map[string]string{"token_id": token.ID}).Refused(t, 403, forbidden)
			b.POST("/users/tokens/"+what, map[string]string{"token_id": id.New()}).Refused(t, 404, noToken)
			b.POST("/users/tokens/"+what, map[string]string{}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
		// The secret is shown once.
		for _, r := range []*testkit.Response{a.GET("/users/tokens/" + token.ID), a.GET("/users/me/tokens"), s.Admin.GET("/users/tokens"),
			s.Admin.POST("/users/tokens/search", map[string]string{"term": a.Username[:6]}), a.GET("/users/me/sessions")} {
			if strings.Contains(string(r.Want(t, 200).Body), token.Token) {
				t.Errorf("%s shows the secret", r.Call)
			}
		}
		var found []model.UserAccessToken
		s.Admin.POST("/users/tokens/search", map[string]string{"term": a.ID}).Want(t, 200).Into(t, &found)
		if len(found) != 1 || found[0].ID != token.ID {
			t.Errorf("search: %+v", found)
		}
		s.Admin.POST("/users/tokens/search", map[string]string{"term": "%"}).Want(t, 200).Into(t, &found)
		if len(found) != 0 {
			t.Errorf("a wildcard finds %+v", found)
		}

		socket := app.Listen()
		a.POST("/users/tokens/revoke", map[string]string{"token_id": token.ID}).Want(t, 200)
		_ = socket.Closed()
		app.GET("/users/me").Refused(t, 401, expired)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
}

func TestAccessTokensEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		set(t, s, "ServiceSettings", map[string]any{"EnableUserAccessTokens": true})
		a := s.User("alice")
		_, app := newToken(t, s, s.Admin, a.ID)
		app.GET("/users/me").Want(t, 200)
		// Ending all sessions doesn't take a standing token away.
		a.POST("/users/me/sessions/revoke/all", nil).Want(t, 200)
		app.GET("/users/me").Want(t, 200)
		s.Admin.PUT("/users/"+a.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		app.GET("/users/me").Refused(t, 401, expired)
		s.Admin.PUT("/users/"+a.ID+"/active", map[string]bool{"active": true}).Want(t, 200)
		app.GET("/users/me").Want(t, 200)
		// The switch works on tokens in use, but for those of bots.
		exec(t, s, `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat) VALUES ($1,'',$2,1,1,0)`, s.User("robot").ID, a.ID)
		botID, err := db.Value[string](t.Context(), s.DB, `SELECT userid FROM bots WHERE ownerid = $1`, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, bot := newToken(t, s, s.Admin, botID)
		set(t, s, "ServiceSettings", map[string]any{"EnableUserAccessTokens": false})
		app.GET("/users/me").Refused(t, 401, expired)
		bot.GET("/users/me").Want(t, 200)
		s.Admin.POST("/users/"+a.ID+"/tokens", map[string]string{"description": "x"}).Refused(t, 501, "app.user_access_token.disabled")
		newToken(t, s, s.Admin, botID)
	})
}

// TestTokenRevokedInUse revokes a token while it is used from all sides: once
// that is answered, it is dead.
func TestTokenRevokedInUse(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		for range 5 {
			token, app := newToken(t, s, s.Admin, s.Admin.ID)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() { app.GET("/users/me") })
			}
			s.Admin.POST("/users/tokens/revoke", map[string]string{"token_id": token.ID}).Want(t, 200)
			app.GET("/users/me").Refused(t, 401, expired)
			wg.Wait()
			app.GET("/users/me").Refused(t, 401, expired)
		}
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
}

// limited makes an access token with limits and an actor that calls with it.
func limited(t *testing.T, s *testkit.Server, by *testkit.Actor, limits map[string]any) (model.UserAccessToken, *testkit.Actor) {
	t.Helper()
	body := map[string]any{"description": "limited"}
	for k, v := range limits {
		body[k] = v
	}
	var token model.UserAccessToken
	by.POST("/users/me/tokens", body).Want(t, 200).Into(t, &token)
	app := s.Nobody()
	app.ID, app.Token = by.ID, token.Token
	return token, app
}

func TestTokensThatEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		set(t, s, "ServiceSettings", map[string]any{"EnableUserAccessTokens": true, "ExtendSessionLengthWithActivity": true})
		for body, errorID := range map[string]string{
			`{"description":"x","expires_at":5}`: "api.user.create_token.past.app_error", `{"description":"x","expires_at":"soon"}`: "api.context.invalid_body_param.app_error",
			`{"description":"x","scopes":["all"]}`: "api.context.invalid_body_param.app_error", `{"description":"x","scopes":["admin"]}`: "api.context.invalid_body_param.app_error",
			`{"description":"x","expires_at":-1}`: "api.user.create_token.past.app_error",
		} {
			s.Admin.POST("/users/me/tokens", body).Refused(t, 400, errorID)
		}
		end := id.Now() + 1500
		token, app := limited(t, s, s.Admin, map[string]any{"expires_at": end})
		socket := app.Listen()
		var got model.UserAccessToken
		s.Admin.GET("/users/tokens/"+token.ID).Want(t, 200).Into(t, &got)
		if got.ExpiresAt != end || len(got.Scopes) != 0 {
			t.Errorf("%+v", got)
		}
		// Nothing that lengthens sessions lengthens this one.
		exec(t, s, `UPDATE sessions SET lastactivityat = 1 WHERE token = $1`, token.Token)
		s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
		app.GET("/users/me").Want(t, 200)
		testkit.Eventually(t, "the end of the token", func() bool { return app.GET("/users/me").Status == 401 })
		if now := id.Now(); now < end {
			t.Errorf("it ended %d ms too early", end-now)
		}
		app.GET("/users/me").Refused(t, 401, expired)
		// The socket ends with the next thing that it would have heard.
		s.Admin.PUT("/users/me/preferences", []map[string]string{{"user_id": s.Admin.ID, "category": "notes", "name": "a", "value": "b"}}).Want(t, 200)
		_ = socket.Closed()
		s.Admin.POST("/users/tokens/disable", map[string]string{"token_id": token.ID}).Want(t, 200)
		s.Admin.POST("/users/tokens/enable", map[string]string{"token_id": token.ID}).Want(t, 200)
		app.GET("/users/me").Refused(t, 401, expired) // a new session doesn't outlive it either
		s.Admin.POST("/users/tokens/revoke", map[string]string{"token_id": token.ID}).Want(t, 200)
		if n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM parley_token_limits`); n != 0 || err != nil {
			t.Errorf("%d limits are left, %v", n, err)
		}
		// Nothing of a token is left when its owner is deleted.
		ann := s.User("ann")
		s.Admin.POST("/users/"+ann.ID+"/tokens", map[string]any{"description": "x", "scopes": []string{"read"}}).Want(t, 200)
		set(t, s, "ServiceSettings", map[string]any{"EnableAPIUserDeletion": true})
		s.Admin.DELETE("/users/"+ann.ID+"?permanent=true").Want(t, 200)
		if n, err := db.Value[int64](t.Context(), s.DB, `SELECT count(*) FROM parley_token_limits`); n != 0 || err != nil {
			t.Errorf("%d limits are left of a deleted account, %v", n, err)
		}
		set(t, s, "AccessTokenSettings", map[string]any{"LongestLifeDays": 30})
		const day = 24 * 60 * 60 * 1000
		for _, at := range []int64{0, id.Now() + 32*day} {
			s.Admin.POST("/users/me/tokens", map[string]any{"description": "x", "expires_at": at}).Refused(t, 400, "api.user.create_token.too_long.app_error")
		}
		limited(t, s, s.Admin, map[string]any{"expires_at": id.Now() + 30*day})
	})
}

func TestTokensForSomethingOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		const scope = "api.context.token_scope.app_error"
		team := s.Team(s.Admin)
		room := s.Channel(s.Admin, team)
		_, reader := limited(t, s, s.Admin, map[string]any{"scopes": []string{"read", "read"}})
		_, writer := limited(t, s, s.Admin, map[string]any{"scopes": []string{"write"}})
		_, both := limited(t, s, s.Admin, map[string]any{"scopes": []string{"write", "read"}})
		_, all := limited(t, s, s.Admin, map[string]any{"scopes": []string{"admin", "write", "read"}})

		reader.GET("/channels/"+room.ID).Want(t, 200)
		reader.POST("/users/ids", []string{s.Admin.ID}).Want(t, 200)
		reader.Post(room, "no").Refused(t, 403, scope)
		writer.Post(room, "yes").Want(t, 201)
		writer.GET("/channels/"+room.ID).Refused(t, 403, scope)
		both.Post(room, "yes").Want(t, 201)

		// Administration is not among what a token without it may do, though its owner administers.
		both.GET("/config").Want(t, 403)
		both.GET("/users/tokens").Want(t, 403)
		both.PUT("/users/"+s.User("ann").ID+"/roles", map[string]string{"roles": "system_user system_admin"}).Want(t, 403)
		all.GET("/config").Want(t, 200)

		// What lets others in is for people themselves: a token makes no token.
		for _, app := range []*testkit.Actor{reader, both, all} {
			app.POST("/users/me/tokens", map[string]string{"description": "more"}).Want(t, 403)
			app.PUT("/users/me/password", map[string]string{"current_password": testkit.Password, "new_password": "Other-Passw0rd-3"}).Want(t, 403)
		}

		// On a socket, too: one hears, and the other doesn't; the one that hears isn't seen typing.
		s.Admin.Listen()
		typing := map[string]string{"channel_id": room.ID}
		if f := reader.Listen().Call("user_typing", typing); f.Status != "FAIL" || f.Error["id"] != scope {
			t.Errorf("typing with a token that may only read: %+v", f)
		}
		if f := both.Listen().Call("user_typing", typing); f.Status != "OK" {
			t.Errorf("typing: %+v", f)
		}
		writer.GET("/websocket").Refused(t, 403, scope)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
}

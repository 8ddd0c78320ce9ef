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

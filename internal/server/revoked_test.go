package server_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// A token that is revoked on one node, or switched off there, is refused on the other at once.
func TestRevokedTokensAreRefusedOnAllNodes(t *testing.T) {
	a, b, _ := two(t, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
	for _, how := range []string{"revoke", "disable"} {
		var token model.UserAccessToken
		a.Admin.POST("/users/me/tokens", map[string]string{"description": how}).Want(t, 200).Into(t, &token)
		here, there := a.Nobody(), b.Nobody()
		here.Token, there.Token = token.Token, token.Token
		for _, one := range []*testkit.Actor{here, there} {
			one.GET("/users/me").Want(t, 200)
		}
		a.Admin.POST("/users/tokens/"+how, map[string]string{"token_id": token.ID}).Want(t, 200)
		here.GET("/users/me").Want(t, 401)
		testkit.Eventually(t, "the other node refuses the token: "+how, func() bool { return there.GET("/users/me").Status == 401 })
	}
}

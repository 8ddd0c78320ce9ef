package ctl

import (
	"net/http"

	"github.com/parley-chat/parley/internal/id"
)

var tokenActions = map[string]action{
	"token generate": {2, 2, tokenGenerate, false},
	"token list":     {1, 1, tokenList, false},
	"token revoke":   {1, many, tokenRevoke, false},
}

func tokenGenerate(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	token, err := c.generate(u, c.args[1])
	if err != nil {
		return err
	}
	c.show(token, "%s: %s", field(token, "token"), field(token, "description"))
	return nil
}

func (c *call) generate(u object, description string) (object, error) {
	return c.one(http.MethodPost, "/users/"+field(u, "id")+"/tokens", object{"description": description})
}

func tokenList(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	active, inactive := c.flags.on("active"), c.flags.on("inactive")
	if inactive {
		active = false
	}
	if c.flags.on("all") {
		active, inactive = true, true
	}
	return c.pages("/users/"+field(u, "id")+"/tokens", func(token object) {
		if on := is(token, "is_active"); on && active || !on && inactive {
			c.show(token, "%s: %s", field(token, "id"), field(token, "description"))
		}
	})
}

func tokenRevoke(c *call) error {
	return c.each(c.args, func(tokenID string) error {
		if !id.Valid(tokenID) {
			return c.problem("no_id", "Value", tokenID)
		}
		if err := c.post("/users/tokens/revoke", object{"token_id": tokenID}, nil); err != nil {
			return err
		}
		c.done(object{"id": tokenID}, tokenID)
		return nil
	})
}

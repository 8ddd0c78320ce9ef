package ctl

import (
	"net/http"
)

var userEditActions = map[string]action{
	"user edit email":      {2, 2, func(c *call) error { return c.editUser("email") }, false},
	"user edit username":   {2, 2, func(c *call) error { return c.editUser("username") }, false},
	"user edit authdata":   {2, 2, userAuthData, false},
	"user change-password": {1, 1, userPassword, false},
	"user convert":         {0, many, userConvert, false},
}

// editUser sets one field of an account to the second argument.
func (c *call) editUser(name string) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	u[name] = c.args[1]
	now, err := c.one(http.MethodPut, "/users/"+field(u, "id"), u)
	if err != nil {
		return err
	}
	c.done(now, c.args[1])
	return nil
}

func userAuthData(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	body := object{"auth_service": field(u, "auth_service"), "auth_data": c.args[1]}
	if err := c.put("/users/"+field(u, "id")+"/auth", body, nil); err != nil {
		return err
	}
	c.done(u, field(u, "username"))
	return nil
}

func userPassword(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	body := object{"new_password": c.flags.text("password")}
	if body["new_password"] == "" {
		if body["new_password"], err = c.secretOf("password", "ask"); err != nil {
			return err
		}
	}
	if c.flags.has("current") {
		body["current_password"] = c.flags.text("current")
	}
	if c.flags.on("hashed") {
		body["already_hashed"] = "true"
	}
	if err := c.put("/users/"+field(u, "id")+"/password", body, nil); err != nil {
		return err
	}
	c.done(u, field(u, "username"))
	return nil
}

// userConvert makes bots of users, or a user of a bot.
func userConvert(c *call) error {
	switch toBot, toUser := c.flags.on("bot"), c.flags.on("user"); {
	case toBot == toUser || len(c.args) == 0 || toUser && len(c.args) > 1:
		return c.problem("arguments", "Usage", "parley ctl "+c.spec.usage())
	case toBot:
		return c.eachUser(c.args, func(u object) error {
			bot, err := c.one(http.MethodPost, "/users/"+field(u, "id")+"/convert_to_bot", nil)
			if err != nil {
				return err
			}
			c.done(bot, field(u, "username"))
			return nil
		})
	}
	if err := c.need("password"); err != nil {
		return err
	}
	bot, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	path := "/bots/" + field(bot, "id") + "/convert_to_user"
	if c.flags.on("system-admin") {
		path += "?set_system_admin=true"
	}
	u, err := c.one(http.MethodPost, path, c.fields(profileFlags))
	if err != nil {
		return err
	}
	c.done(u, field(u, "username"))
	return nil
}

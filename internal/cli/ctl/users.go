package ctl

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

var userActions = map[string]action{
	"user create":         {0, 0, userCreate, false},
	"user list":           {0, 0, userList, false},
	"user search":         {1, many, userSearch, false},
	"user activate":       {1, many, func(c *call) error { return c.setActive(true) }, false},
	"user deactivate":     {1, many, func(c *call) error { return c.setActive(false) }, false},
	"user delete":         {1, many, userDelete, false},
	"user deleteall":      {0, 0, userDeleteAll, false},
	"user promote":        {1, many, func(c *call) error { return c.postToUsers("/promote") }, false},
	"user demote":         {1, many, func(c *call) error { return c.postToUsers("/demote") }, false},
	"user verify":         {1, many, func(c *call) error { return c.postToUsers("/email/verify/member") }, false},
	"user invite":         {2, many, userInvite, false},
	"user resetmfa":       {1, many, userResetMFA, false},
	"user reset-password": {1, many, userResetPassword, false},
}

// fields collects those fields of a body whose flags were given.
func (c *call) fields(names map[string]string) object {
	body := object{}
	for name, field := range names {
		if c.flags.has(name) {
			body[field] = c.flags.text(name)
		}
	}
	return body
}

var profileFlags = map[string]string{"username": "username", "email": "email", "password": "password", "nickname": "nickname",
	"firstname": "first_name", "lastname": "last_name", "locale": "locale"}

func userCreate(c *call) error {
	if err := c.need("username", "email", "password"); err != nil {
		return err
	}
	body := c.fields(profileFlags)
	body["email_verified"], body["disable_welcome_email"] = c.flags.on("email-verified"), c.flags.on("disable-welcome-email")
	user, err := c.one(http.MethodPost, "/users", body)
	if err != nil {
		return err
	}
	path := "/users/" + field(user, "id")
	if c.flags.on("system-admin") {
		roles := model.RoleSystemUser + " " + model.RoleSystemAdmin
		if err := c.put(path+"/roles", object{"roles": roles}, nil); err != nil {
			return err
		}
		user["roles"] = roles
	}
	if c.flags.on("guest") {
		if err := c.post(path+"/demote", nil, nil); err != nil {
			return err
		}
		user["roles"] = model.RoleSystemGuest
	}
	c.done(user, field(user, "username"))
	return nil
}

func userList(c *call) error {
	query := url.Values{}
	if name := c.flags.text("team"); name != "" {
		team, err := c.team(name)
		if err != nil {
			return err
		}
		query.Set("in_team", field(team, "id"))
	}
	if c.flags.on("inactive") {
		query.Set("inactive", "true")
	}
	if role := c.flags.text("role"); role != "" {
		query.Set("role", role)
	}
	return c.pages("/users?"+query.Encode(), func(u object) {
		mark := ""
		if is(u, "delete_at") {
			mark = " (" + c.text("word_deactivated") + ")"
		}
		c.show(u, "%s: %s (%s)%s", field(u, "id"), field(u, "username"), field(u, "email"), mark)
	})
}

func userSearch(c *call) error {
	return c.eachUser(c.args, func(u object) error {
		var lines []string
		for _, name := range []string{"id", "username", "nickname", "position", "first_name", "last_name", "email", "auth_service", "roles"} {
			lines = append(lines, name+": "+field(u, name))
		}
		c.show(u, "%s", strings.Join(lines, "\n"))
		return nil
	})
}

func (c *call) setActive(active bool) error {
	return c.eachUser(c.args, func(u object) error {
		if err := c.put("/users/"+field(u, "id")+"/active", object{"active": active}, nil); err != nil {
			return err
		}
		c.done(u, field(u, "username"))
		return nil
	})
}

func userDelete(c *call) error {
	if err := c.confirm(strings.Join(c.args, ", ")); err != nil {
		return err
	}
	return c.eachUser(c.args, func(u object) error {
		if err := c.remove("/users/" + field(u, "id") + "?permanent=true"); err != nil {
			return err
		}
		c.done(u, field(u, "username"))
		return nil
	})
}

func userDeleteAll(c *call) error {
	if err := c.confirm(c.text("all_users")); err != nil {
		return err
	}
	if err := c.remove("/users"); err != nil {
		return err
	}
	c.done(object{"status": "OK"}, c.text("all_users"))
	return nil
}

// postToUsers posts, without a body, to something of every user named.
func (c *call) postToUsers(path string) error {
	return c.eachUser(c.args, func(u object) error {
		if err := c.post("/users/"+field(u, "id")+path, nil, nil); err != nil {
			return err
		}
		c.done(u, field(u, "username"))
		return nil
	})
}

func userInvite(c *call) error {
	address := c.args[0]
	return c.eachTeam(c.args[1:], func(team object) error {
		if err := c.post("/teams/"+field(team, "id")+"/invite/email", []string{address}, nil); err != nil {
			return err
		}
		c.done(object{"email": address, "team": field(team, "name")}, address+" → "+field(team, "name"))
		return nil
	})
}

func userResetMFA(c *call) error {
	return c.eachUser(c.args, func(u object) error {
		if err := c.put("/users/"+field(u, "id")+"/mfa", object{"activate": false}, nil); err != nil {
			return err
		}
		c.done(u, field(u, "username"))
		return nil
	})
}

// userResetPassword has mails sent; a username does as well as an address.
func userResetPassword(c *call) error {
	return c.each(c.args, func(name string) error {
		address := name
		if !strings.Contains(name, "@") {
			u, err := c.user(name)
			if err != nil {
				return err
			}
			address = field(u, "email")
		}
		if err := c.post("/users/password/reset/send", object{"email": address}, nil); err != nil {
			return err
		}
		c.done(object{"email": address}, address)
		return nil
	})
}

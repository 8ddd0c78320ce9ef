package ctl

import (
	"net/http"
)

var preferenceActions = map[string]action{
	"user preference list":   {1, many, preferenceList, false},
	"user preference get":    {1, many, preferenceGet, false},
	"user preference set":    {1, many, preferenceSet, false},
	"user preference delete": {1, many, preferenceDelete, false},
}

func (c *call) showPreference(p object) {
	c.show(p, "%s %s/%s: %s", field(p, "user_id"), field(p, "category"), field(p, "name"), field(p, "value"))
}

func preferenceList(c *call) error {
	return c.eachUser(c.args, func(u object) error {
		path := "/users/" + field(u, "id") + "/preferences"
		if category := c.flags.text("category"); category != "" {
			path += "/" + seg(category)
		}
		var list []object
		if err := c.get(path, &list); err != nil {
			return err
		}
		for _, p := range list {
			c.showPreference(p)
		}
		return nil
	})
}

func preferenceGet(c *call) error {
	if err := c.need("category", "name"); err != nil {
		return err
	}
	return c.eachUser(c.args, func(u object) error {
		p, err := c.one(http.MethodGet, "/users/"+field(u, "id")+"/preferences/"+seg(c.flags.text("category"))+"/name/"+seg(c.flags.text("name")), nil)
		if err == nil {
			c.showPreference(p)
		}
		return err
	})
}

func (c *call) preferenceOf(u object) object {
	return object{"user_id": field(u, "id"), "category": c.flags.text("category"), "name": c.flags.text("name"), "value": c.flags.text("value")}
}

func preferenceSet(c *call) error {
	if err := c.need("category", "name", "value"); err != nil {
		return err
	}
	return c.eachUser(c.args, func(u object) error {
		p := c.preferenceOf(u)
		if err := c.put("/users/"+field(u, "id")+"/preferences", []object{p}, nil); err != nil {
			return err
		}
		c.showPreference(p)
		return nil
	})
}

func preferenceDelete(c *call) error {
	if err := c.need("category", "name"); err != nil {
		return err
	}
	return c.eachUser(c.args, func(u object) error {
		if err := c.post("/users/"+field(u, "id")+"/preferences/delete", []object{c.preferenceOf(u)}, nil); err != nil {
			return err
		}
		c.done(object{"user_id": field(u, "id")}, field(u, "username"))
		return nil
	})
}

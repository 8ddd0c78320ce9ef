package ctl

import (
	"net/http"
)

// slashActions are of the slash commands that integrations add to teams.
var slashActions = map[string]action{
	"command create":  {1, 1, slashCreate, false},
	"command list":    {0, many, slashList, false},
	"command show":    {1, 1, slashShow, false},
	"command modify":  {1, 1, slashModify, false},
	"command move":    {2, 2, slashMove, false},
	"command archive": {1, 1, slashArchive, false},
}

var slashFlags = map[string]string{"title": "display_name", "description": "description", "trigger-word": "trigger", "url": "url",
	"response-username": "username", "icon": "icon_url", "autocompleteDesc": "auto_complete_desc", "autocompleteHint": "auto_complete_hint"}

// slashBody collects what the flags say of a command, over what body has.
func (c *call) slashBody(body object) (object, error) {
	for k, v := range c.fields(slashFlags) {
		body[k] = v
	}
	if name := c.flags.text("creator"); name != "" {
		u, err := c.user(name)
		if err != nil {
			return nil, err
		}
		body["creator_id"] = u["id"]
	}
	if c.flags.on("autocomplete") {
		body["auto_complete"] = true
	}
	if c.flags.on("post") {
		body["method"] = "P"
	} else if body["method"] == nil {
		body["method"] = "G"
	}
	return body, nil
}

func slashCreate(c *call) error {
	if err := c.need("trigger-word", "url", "creator"); err != nil {
		return err
	}
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	body, err := c.slashBody(object{"team_id": team["id"]})
	if err != nil {
		return err
	}
	made, err := c.one(http.MethodPost, "/commands", body)
	if err != nil {
		return err
	}
	c.done(made, field(made, "id"))
	return nil
}

func slashList(c *call) error {
	return c.eachOrAllTeams(func(team object) error {
		var list []object
		if err := c.get("/commands?custom_only=true&team_id="+field(team, "id"), &list); err != nil {
			return err
		}
		for _, o := range list {
			c.show(o, "%s: %s (%s)", field(o, "id"), field(o, "display_name"), field(team, "name"))
		}
		return nil
	})
}

func slashShow(c *call) error {
	o, err := c.one(http.MethodGet, "/commands/"+seg(c.args[0]), nil)
	if err != nil {
		return err
	}
	return c.showTree(o)
}

func slashModify(c *call) error {
	path := "/commands/" + seg(c.args[0])
	o, err := c.one(http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if o, err = c.slashBody(o); err != nil {
		return err
	}
	now, err := c.one(http.MethodPut, path, o)
	if err != nil {
		return err
	}
	c.done(now, c.args[0])
	return nil
}

func slashMove(c *call) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	if err := c.put("/commands/"+seg(c.args[1])+"/move", object{"team_id": team["id"]}, nil); err != nil {
		return err
	}
	c.done(object{"id": c.args[1], "team_id": team["id"]}, c.args[1])
	return nil
}

func slashArchive(c *call) error {
	if err := c.remove("/commands/" + seg(c.args[0])); err != nil {
		return err
	}
	c.done(object{"id": c.args[0]}, c.args[0])
	return nil
}

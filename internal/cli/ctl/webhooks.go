package ctl

import (
	"errors"
	"net/http"
)

var webhookActions = map[string]action{
	"webhook list":            {0, many, webhookList, false},
	"webhook show":            {1, 1, webhookShow, false},
	"webhook delete":          {1, many, webhookDelete, false},
	"webhook create-incoming": {0, 0, createIncoming, false},
	"webhook create-outgoing": {0, 0, createOutgoing, false},
	"webhook modify-incoming": {1, 1, modifyIncoming, false},
	"webhook modify-outgoing": {1, 1, modifyOutgoing, false},
}

// eachOrAllTeams runs fn for the teams named, or for all when none is.
func (c *call) eachOrAllTeams(fn func(team object) error) error {
	if len(c.args) > 0 {
		return c.eachTeam(c.args, fn)
	}
	var teams []object
	if err := c.pages("/teams", func(team object) { teams = append(teams, team) }); err != nil {
		return err
	}
	for _, team := range teams {
		if err := fn(team); err != nil {
			return err
		}
	}
	return nil
}

func webhookList(c *call) error {
	return c.eachOrAllTeams(func(team object) error {
		for _, kind := range []string{"incoming", "outgoing"} {
			err := c.pages("/hooks/"+kind+"?team_id="+field(team, "id"), func(hook object) {
				c.show(hook, "%s: %s (%s)", field(hook, "id"), field(hook, "display_name"), kind)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// hook finds a webhook of either kind.
func (c *call) hook(hookID string) (hook object, path string, err error) {
	for _, kind := range []string{"/hooks/incoming/", "/hooks/outgoing/"} {
		hook, err = c.first(kind + seg(hookID))
		if !errors.Is(err, errNothing) {
			return hook, kind + seg(hookID), err
		}
	}
	return nil, "", c.problem("no_webhook", "ID", hookID)
}

func webhookShow(c *call) error {
	hook, _, err := c.hook(c.args[0])
	if err != nil {
		return err
	}
	return c.showTree(hook)
}

func webhookDelete(c *call) error {
	return c.each(c.args, func(hookID string) error {
		hook, path, err := c.hook(hookID)
		if err != nil {
			return err
		}
		if err := c.remove(path); err != nil {
			return err
		}
		c.done(hook, hookID)
		return nil
	})
}

// hookBody collects what the flags say of a webhook, over what body has.
func (c *call) hookBody(body object) (object, error) {
	for k, v := range c.fields(map[string]string{"display-name": "display_name", "description": "description", "icon": "icon_url",
		"content-type": "content_type"}) {
		body[k] = v
	}
	if c.flags.on("lock-to-channel") {
		body["channel_locked"] = true
	}
	for name, key := range map[string]string{"trigger-word": "trigger_words", "url": "callback_urls"} {
		if c.flags.has(name) {
			body[key] = c.flags[name]
		}
	}
	if when := c.flags.text("trigger-when"); when != "" {
		at := map[string]int{"exact": 0, "start": 1}
		n, known := at[when]
		if !known {
			return nil, c.problem("flag_value", "Flag", "--trigger-when", "Value", when)
		}
		body["trigger_when"] = n
	}
	if name := c.flags.text("channel"); name != "" {
		channel, err := c.channel(name)
		if err != nil {
			return nil, err
		}
		body["channel_id"] = channel["id"]
	}
	return body, nil
}

func createIncoming(c *call) error {
	if err := c.need("channel", "user"); err != nil {
		return err
	}
	return c.createHook("/hooks/incoming", "user_id", object{})
}

func createOutgoing(c *call) error {
	if err := c.need("team", "user", "trigger-word", "url", "display-name"); err != nil {
		return err
	}
	team, err := c.team(c.flags.text("team"))
	if err != nil {
		return err
	}
	return c.createHook("/hooks/outgoing", "creator_id", object{"team_id": team["id"]})
}

func (c *call) createHook(path, owner string, body object) error {
	u, err := c.user(c.flags.text("user"))
	if err != nil {
		return err
	}
	body[owner] = u["id"]
	if body, err = c.hookBody(body); err != nil {
		return err
	}
	hook, err := c.one(http.MethodPost, path, body)
	if err != nil {
		return err
	}
	c.done(hook, field(hook, "id"))
	return nil
}

func modifyIncoming(c *call) error { return c.modifyHook("/hooks/incoming/") }
func modifyOutgoing(c *call) error { return c.modifyHook("/hooks/outgoing/") }

func (c *call) modifyHook(base string) error {
	path := base + seg(c.args[0])
	hook, err := c.one(http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if hook, err = c.hookBody(hook); err != nil {
		return err
	}
	now, err := c.one(http.MethodPut, path, hook)
	if err != nil {
		return err
	}
	c.done(now, c.args[0])
	return nil
}

package ctl

import (
	"errors"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

var channelActions = map[string]action{
	"channel create":    {0, 0, channelCreate, false},
	"channel list":      {1, many, channelList, false},
	"channel search":    {1, 1, channelSearch, false},
	"channel archive":   {1, many, func(c *call) error { return c.removeChannels("") }, false},
	"channel delete":    {1, many, channelDelete, false},
	"channel unarchive": {1, many, channelUnarchive, false},
	"channel modify":    {1, 1, channelModify, false},
	"channel move":      {2, many, channelMove, false},
	"channel rename":    {1, 1, channelRename, false},
}

func channelCreate(c *call) error {
	if err := c.need("team", "name", "display-name"); err != nil {
		return err
	}
	team, err := c.team(c.flags.text("team"))
	if err != nil {
		return err
	}
	kind := model.ChannelOpen
	if c.flags.on("private") {
		kind = model.ChannelPrivate
	}
	channel, err := c.one(http.MethodPost, "/channels", object{"team_id": field(team, "id"), "name": c.flags.text("name"),
		"display_name": c.flags.text("display-name"), "header": c.flags.text("header"), "purpose": c.flags.text("purpose"), "type": kind})
	if err != nil {
		return err
	}
	c.done(channel, field(channel, "name"))
	return nil
}

func (c *call) showChannel(channel object) {
	mark := ""
	switch {
	case is(channel, "delete_at"):
		mark = " (" + c.text("word_archived") + ")"
	case field(channel, "type") == model.ChannelPrivate:
		mark = " (" + c.text("word_private") + ")"
	}
	c.show(channel, "%s%s", field(channel, "name"), mark)
}

// channelList lists public, archived and private channels. Who may not see all
// of the private ones sees those that they are in.
func channelList(c *call) error {
	return c.eachTeam(c.args, func(team object) error {
		base := "/teams/" + field(team, "id") + "/channels"
		if err := c.pages(base, c.showChannel); err != nil {
			return err
		}
		if err := c.pages(base+"/deleted", c.showChannel); err != nil {
			return err
		}
		err := c.pages(base+"/private", c.showChannel)
		var r *refusal
		if !errors.As(err, &r) || r.StatusCode != http.StatusForbidden {
			return err
		}
		var own []object
		if err := c.get("/users/me/teams/"+field(team, "id")+"/channels", &own); err != nil {
			return err
		}
		for _, channel := range own {
			if field(channel, "type") == model.ChannelPrivate {
				c.showChannel(channel)
			}
		}
		return nil
	})
}

func channelSearch(c *call) error {
	name := c.args[0]
	if team := c.flags.text("team"); team != "" {
		channel, err := c.channel(team + ":" + name)
		if err == nil {
			c.showFound(channel)
		}
		return err
	}
	var found object
	err := c.pages("/teams", func(team object) {
		if found != nil {
			return
		}
		if channel, err := c.first("/teams/" + field(team, "id") + "/channels/name/" + seg(name)); err == nil {
			found = channel
		}
	})
	if err == nil && found == nil {
		err = c.problem("no_channel", "Name", name)
	}
	if err == nil {
		c.showFound(found)
	}
	return err
}

func (c *call) showFound(channel object) {
	c.show(channel, "%s: %s (%s)", field(channel, "name"), field(channel, "display_name"), field(channel, "id"))
}

func (c *call) removeChannels(query string) error {
	return c.eachChannel(c.args, func(channel object) error {
		if err := c.remove("/channels/" + field(channel, "id") + query); err != nil {
			return err
		}
		c.done(channel, field(channel, "name"))
		return nil
	})
}

func channelDelete(c *call) error {
	if err := c.confirm(strings.Join(c.args, ", ")); err != nil {
		return err
	}
	return c.removeChannels("?permanent=true")
}

func channelUnarchive(c *call) error {
	return c.eachChannel(c.args, func(channel object) error {
		now, err := c.one(http.MethodPost, "/channels/"+field(channel, "id")+"/restore", nil)
		if err != nil {
			return err
		}
		c.done(now, field(channel, "name"))
		return nil
	})
}

func channelModify(c *call) error {
	kind, err := c.privacy()
	if err != nil {
		return err
	}
	return c.eachChannel(c.args, func(channel object) error {
		now, err := c.one(http.MethodPut, "/channels/"+field(channel, "id")+"/privacy", object{"privacy": kind})
		if err != nil {
			return err
		}
		c.done(now, field(channel, "name"))
		return nil
	})
}

func channelMove(c *call) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	return c.eachChannel(c.args[1:], func(channel object) error {
		now, err := c.one(http.MethodPost, "/channels/"+field(channel, "id")+"/move",
			object{"team_id": field(team, "id"), "force": c.flags.on("force")})
		if err != nil {
			return err
		}
		c.done(now, field(channel, "name"))
		return nil
	})
}

func channelRename(c *call) error {
	patch := c.fields(map[string]string{"name": "name", "display-name": "display_name"})
	if len(patch) == 0 {
		return c.problem("flag_needed", "Flags", "--name, --display-name")
	}
	return c.eachChannel(c.args, func(channel object) error {
		now, err := c.one(http.MethodPut, "/channels/"+field(channel, "id")+"/patch", patch)
		if err != nil {
			return err
		}
		c.done(now, field(now, "name"))
		return nil
	})
}

package ctl

import "slices"

var memberActions = map[string]action{
	"team users add":       {2, many, teamAdd, false},
	"team users remove":    {2, many, teamRemove, false},
	"channel users add":    {2, many, channelAdd, false},
	"channel users remove": {1, many, channelRemove, false},
}

func teamAdd(c *call) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	return c.eachUser(c.args[1:], func(u object) error {
		body := object{"team_id": field(team, "id"), "user_id": field(u, "id")}
		if err := c.post("/teams/"+field(team, "id")+"/members", body, nil); err != nil {
			return err
		}
		c.done(body, field(u, "username"))
		return nil
	})
}

func teamRemove(c *call) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	return c.eachUser(c.args[1:], func(u object) error {
		if err := c.remove("/teams/" + field(team, "id") + "/members/" + field(u, "id")); err != nil {
			return err
		}
		c.done(object{"team_id": field(team, "id"), "user_id": field(u, "id")}, field(u, "username"))
		return nil
	})
}

func channelAdd(c *call) error {
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	return c.eachUser(c.args[1:], func(u object) error {
		body := object{"channel_id": field(channel, "id"), "user_id": field(u, "id")}
		if err := c.post("/channels/"+field(channel, "id")+"/members", body, nil); err != nil {
			return err
		}
		c.done(body, field(u, "username"))
		return nil
	})
}

func channelRemove(c *call) error {
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	base, names := "/channels/"+field(channel, "id")+"/members", c.args[1:]
	if all := c.flags.on("all-users"); all != (len(names) == 0) {
		return c.problem("one_of", "Flags", "--all-users, "+c.text("word_users"))
	}
	if c.flags.on("all-users") {
		// All of them first: whoever leaves moves the pages.
		if err := c.pages(base, func(m object) { names = append(names, field(m, "user_id")) }); err != nil {
			return err
		}
		names = slices.Compact(names)
	}
	return c.eachUser(names, func(u object) error {
		if err := c.remove(base + "/" + field(u, "id")); err != nil {
			return err
		}
		c.done(object{"channel_id": field(channel, "id"), "user_id": field(u, "id")}, field(u, "username"))
		return nil
	})
}

package ctl

import (
	"net/http"

	"github.com/parley-chat/parley/internal/id"
)

var groupActions = map[string]action{
	"group list-ldap":       {0, 0, groupListLDAP, false},
	"group channel enable":  {1, 1, func(c *call) error { return c.constrainChannel(true) }, false},
	"group channel disable": {1, 1, func(c *call) error { return c.constrainChannel(false) }, false},
	"group channel status":  {1, 1, groupChannelStatus, false},
	"group channel list":    {1, 1, groupChannelList, false},
	"group team enable":     {1, 1, func(c *call) error { return c.constrainTeam(true) }, false},
	"group team disable":    {1, 1, func(c *call) error { return c.constrainTeam(false) }, false},
	"group team status":     {1, 1, groupTeamStatus, false},
	"group team list":       {1, 1, groupTeamList, false},
	"group user restore":    {1, 1, groupRestore, false},
}

func groupListLDAP(c *call) error {
	var list struct {
		Groups []object `json:"groups"`
	}
	if err := c.get("/ldap/groups", &list); err != nil {
		return err
	}
	for _, g := range list.Groups {
		c.show(g, "%s: %s", field(g, "primary_key"), field(g, "name"))
	}
	return nil
}

// constrain says that the members of a team or channel come from its groups, or
// do so no longer. Without a group everybody would have to leave.
func (c *call) constrain(base string, of object, on bool) error {
	path := base + field(of, "id")
	if on {
		list, err := c.linked(path)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return c.problem("no_groups", "Name", field(of, "name"))
		}
	}
	now, err := c.one(http.MethodPut, path+"/patch", object{"group_constrained": on})
	if err == nil {
		c.done(now, field(of, "name"))
	}
	return err
}

// linked are the groups of a team or channel.
func (c *call) linked(path string) ([]object, error) {
	var list struct {
		Groups []object `json:"groups"`
	}
	err := c.get(path+"/groups?page=0&per_page=200", &list)
	return list.Groups, err
}

func (c *call) showGroups(path string) error {
	list, err := c.linked(path)
	for _, g := range list {
		c.show(g, "%s: %s", field(g, "id"), field(g, "display_name"))
	}
	return err
}

func (c *call) showConstraint(of object) {
	word := "disabled"
	if is(of, "group_constrained") {
		word = "enabled"
	}
	c.show(object{"group_constrained": word == "enabled"}, "%s", word)
}

func (c *call) constrainChannel(on bool) error {
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	return c.constrain("/channels/", channel, on)
}

func groupChannelStatus(c *call) error {
	channel, err := c.channel(c.args[0])
	if err == nil {
		c.showConstraint(channel)
	}
	return err
}

func groupChannelList(c *call) error {
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	return c.showGroups("/channels/" + field(channel, "id"))
}

func (c *call) constrainTeam(on bool) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	return c.constrain("/teams/", team, on)
}

func groupTeamStatus(c *call) error {
	team, err := c.team(c.args[0])
	if err == nil {
		c.showConstraint(team)
	}
	return err
}

func groupTeamList(c *call) error {
	team, err := c.team(c.args[0])
	if err != nil {
		return err
	}
	return c.showGroups("/teams/" + field(team, "id"))
}

// groupRestore takes a group's id: a deleted one has no name to be found by.
func groupRestore(c *call) error {
	if !id.Valid(c.args[0]) {
		return c.problem("no_id", "Value", c.args[0])
	}
	if err := c.post("/groups/"+c.args[0]+"/restore", nil, nil); err != nil {
		return err
	}
	c.done(object{"id": c.args[0]}, c.args[0])
	return nil
}

package ctl

import (
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

var teamActions = map[string]action{
	"team create":  {0, 0, teamCreate, false},
	"team list":    {0, 0, teamList, false},
	"team search":  {1, many, teamSearch, false},
	"team archive": {1, many, func(c *call) error { return c.removeTeams("") }, false},
	"team delete":  {1, many, func(c *call) error { return c.removeTeams("?permanent=true") }, false},
	"team restore": {1, many, teamRestore, false},
	"team rename":  {1, 1, teamRename, false},
	"team modify":  {1, many, teamModify, false},
}

func teamCreate(c *call) error {
	if err := c.need("name", "display-name"); err != nil {
		return err
	}
	kind := model.TeamOpen
	if c.flags.on("private") {
		kind = model.TeamInvite
	}
	team, err := c.one(http.MethodPost, "/teams", object{"name": c.flags.text("name"), "display_name": c.flags.text("display-name"),
		"email": c.flags.text("email"), "type": kind})
	if err != nil {
		return err
	}
	c.done(team, field(team, "name"))
	return nil
}

func (c *call) showTeam(team object) {
	mark := ""
	if is(team, "delete_at") {
		mark = " (" + c.text("word_archived") + ")"
	}
	c.show(team, "%s%s", field(team, "name"), mark)
}

func teamList(c *call) error { return c.pages("/teams", c.showTeam) }

func teamSearch(c *call) error {
	seen := map[string]bool{}
	for _, term := range c.args {
		var list []object
		if err := c.post("/teams/search", object{"term": term}, &list); err != nil {
			return err
		}
		if len(list) == 0 {
			c.warn(c.problem("no_team", "Name", term))
		}
		for _, team := range list {
			if !seen[field(team, "id")] {
				seen[field(team, "id")] = true
				c.show(team, "%s: %s (%s)", field(team, "name"), field(team, "display_name"), field(team, "id"))
			}
		}
	}
	return nil
}

func (c *call) removeTeams(query string) error {
	if err := c.confirm(strings.Join(c.args, ", ")); err != nil {
		return err
	}
	return c.eachTeam(c.args, func(team object) error {
		if err := c.remove("/teams/" + field(team, "id") + query); err != nil {
			return err
		}
		c.done(team, field(team, "name"))
		return nil
	})
}

// teamRestore takes ids as well as names: an archived team may not be found by name.
func teamRestore(c *call) error {
	return c.eachTeam(c.args, func(team object) error {
		now, err := c.one(http.MethodPost, "/teams/"+field(team, "id")+"/restore", nil)
		if err != nil {
			return err
		}
		c.done(now, field(team, "name"))
		return nil
	})
}

func teamRename(c *call) error {
	if err := c.need("display-name"); err != nil {
		return err
	}
	return c.eachTeam(c.args, func(team object) error {
		team["display_name"] = c.flags.text("display-name")
		now, err := c.one(http.MethodPut, "/teams/"+field(team, "id"), team)
		if err != nil {
			return err
		}
		c.done(now, field(now, "name"))
		return nil
	})
}

// privacy is O or P, as exactly one of --public and --private says.
func (c *call) privacy() (string, error) {
	if c.flags.on("private") == c.flags.on("public") {
		return "", c.problem("one_of", "Flags", "--private, --public")
	}
	if c.flags.on("private") {
		return model.ChannelPrivate, nil
	}
	return model.ChannelOpen, nil
}

func teamModify(c *call) error {
	kind, err := c.privacy()
	if err != nil {
		return err
	}
	if kind == model.ChannelPrivate {
		kind = model.TeamInvite
	}
	return c.eachTeam(c.args, func(team object) error {
		now, err := c.one(http.MethodPut, "/teams/"+field(team, "id")+"/privacy", object{"privacy": kind})
		if err != nil {
			return err
		}
		c.done(now, field(team, "name"))
		return nil
	})
}

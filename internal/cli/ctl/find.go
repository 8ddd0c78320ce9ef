package ctl

import (
	"errors"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/id"
)

// first asks at each path until one has something. Only what the server doesn't
// find leads on to the next.
func (c *call) first(paths ...string) (object, error) {
	for _, path := range paths {
		var o object
		err := c.get(path, &o)
		var r *refusal
		switch {
		case err == nil:
			return o, nil
		case errors.As(err, &r) && (r.StatusCode == http.StatusNotFound || r.StatusCode == http.StatusBadRequest):
		default:
			return nil, err
		}
	}
	return nil, errNothing
}

var errNothing = errors.New("nothing found")

// user finds somebody by mail address, username or id.
func (c *call) user(name string) (object, error) {
	var paths []string
	if strings.Contains(name, "@") {
		paths = append(paths, "/users/email/"+seg(name))
	}
	paths = append(paths, "/users/username/"+seg(strings.TrimPrefix(name, "@")))
	if id.Valid(name) {
		paths = append(paths, "/users/"+name)
	}
	o, err := c.first(paths...)
	if errors.Is(err, errNothing) {
		return nil, c.problem("no_user", "Name", name)
	}
	return o, err
}

// team finds a team by name or id.
func (c *call) team(name string) (object, error) {
	paths := []string{"/teams/name/" + seg(name)}
	if id.Valid(name) {
		paths = append(paths, "/teams/"+name)
	}
	o, err := c.first(paths...)
	if errors.Is(err, errNothing) {
		return nil, c.problem("no_team", "Name", name)
	}
	return o, err
}

// channel finds a channel, archived or not, by team:channel or id.
func (c *call) channel(name string) (object, error) {
	var path string
	switch teamName, channelName, named := strings.Cut(name, ":"); {
	case named:
		team, err := c.team(teamName)
		if err != nil {
			return nil, err
		}
		path = "/teams/" + field(team, "id") + "/channels/name/" + seg(channelName) + "?include_deleted=true"
	case id.Valid(name):
		path = "/channels/" + name
	default:
		return nil, c.problem("no_channel", "Name", name)
	}
	o, err := c.first(path)
	if errors.Is(err, errNothing) {
		return nil, c.problem("no_channel", "Name", name)
	}
	return o, err
}

// eachUser runs fn for every user named.
func (c *call) eachUser(names []string, fn func(user object) error) error {
	return c.each(names, func(name string) error {
		user, err := c.user(name)
		if err != nil {
			return err
		}
		return fn(user)
	})
}

// eachTeam runs fn for every team named.
func (c *call) eachTeam(names []string, fn func(team object) error) error {
	return c.each(names, func(name string) error {
		team, err := c.team(name)
		if err != nil {
			return err
		}
		return fn(team)
	})
}

// eachChannel runs fn for every channel named.
func (c *call) eachChannel(names []string, fn func(channel object) error) error {
	return c.each(names, func(name string) error {
		channel, err := c.channel(name)
		if err != nil {
			return err
		}
		return fn(channel)
	})
}

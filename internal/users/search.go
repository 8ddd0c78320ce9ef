package users

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

type searchIn struct {
	Search searchBody `body:"json,props"`
}

// searchBody tells a limit that isn't given from one of 0.
type searchBody struct {
	model.UserSearch
	Limit *int `json:"limit"`
}

// search answers POST /users/search.
func (u *Users) search(ctx context.Context, v access.Viewer, in searchIn) (userList, error) {
	q := in.Search
	limit := model.UserSearchDefaultLimit
	if q.Limit != nil {
		limit = *q.Limit
	}
	switch {
	case q.Term == "":
		return nil, fault.InvalidParam("term")
	case q.TeamID == "" && q.NotInChannelID != "":
		return nil, fault.InvalidParam("team_id")
	case limit <= 0 || limit > model.UserSearchMaxLimit:
		return nil, fault.InvalidParam("limit")
	}
	for _, s := range []string{q.TeamID, q.NotInTeamID, q.InChannelID, q.NotInChannelID, q.InGroupID, q.NotInGroupID} {
		if s != "" && !id.Valid(s) {
			return nil, fault.InvalidParam("props")
		}
	}
	err := u.mayBrowse(ctx, v, scope{q.TeamID, q.NotInTeamID, q.InChannelID, q.NotInChannelID, q.InGroupID, q.NotInGroupID, q.WithoutTeam})
	if err != nil {
		return nil, err
	}
	f := u.newFilter()
	err = u.narrow(ctx, v, f, browseIn{InTeam: q.TeamID, NotInTeam: q.NotInTeamID, InChannel: q.InChannelID, NotInChannel: q.NotInChannelID,
		InGroup: q.InGroupID, NotInGroup: q.NotInGroupID, GroupConstrained: q.GroupConstrained, WithoutTeam: q.WithoutTeam,
		Active: !q.AllowInactive, Role: q.Role})
	if err != nil {
		return nil, err
	}
	f.roles(q.Roles, q.TeamRoles, q.ChannelRoles)
	u.searchTerm(ctx, v, f, q.Term)
	found, err := u.find(ctx, f, "u.username", limit, 0)
	if err != nil {
		return nil, err
	}
	return u.shownAll(ctx, v, found), nil
}

// searchTerm looks at what the viewer is shown, so that nobody guesses the
// hidden parts of a profile by searching.
func (u *Users) searchTerm(ctx context.Context, v access.Viewer, f *filter, term string) {
	privacy, admin := u.cfg.Get().PrivacySettings, v.Admin(ctx)
	f.term(term, privacy.ShowEmailAddress || admin, privacy.ShowFullName || admin)
}

type autocompleteIn struct {
	InTeam    string `query:"in_team"`
	InChannel string `query:"in_channel"`
	Name      string `query:"name"`
	Limit     int    `query:"limit" default:"100" max:"1000"`
}

// autocompletion answers GET /users/autocomplete.
type autocompletion struct {
	Users        userList `json:"users"`
	OutOfChannel userList `json:"out_of_channel,omitempty"`
}

// autocomplete offers users whose names begin with a text: of the channel and,
// apart, the others of its team; of the team; or of the server.
func (u *Users) autocomplete(ctx context.Context, v access.Viewer, in autocompleteIn) (autocompletion, error) {
	none := autocompletion{}
	if in.Limit == 0 {
		in.Limit = model.UserSearchDefaultLimit
	}
	for _, p := range []struct{ name, value string }{{"in_team", in.InTeam}, {"in_channel", in.InChannel}} {
		if p.value != "" && !id.Valid(p.value) {
			return none, fault.InvalidURLParam(p.name)
		}
	}
	if err := u.mayBrowse(ctx, v, scope{inTeam: in.InTeam, inChannel: in.InChannel}); err != nil {
		return none, err
	}
	if in.InChannel != "" && in.InTeam == "" {
		c, err := u.acc.Channel(ctx, in.InChannel)
		if err != nil {
			return none, err
		}
		in.InTeam = c.TeamID // the viewer, who reads the channel, is in its team
	}
	inside, err := u.offered(ctx, v, in, browseIn{InTeam: in.InTeam, InChannel: in.InChannel, Active: true})
	if err != nil || in.InChannel == "" {
		return autocompletion{Users: inside}, err
	}
	outside, err := u.offered(ctx, v, in, browseIn{InTeam: in.InTeam, NotInChannel: in.InChannel, Active: true})
	return autocompletion{Users: inside, OutOfChannel: outside}, err
}

func (u *Users) offered(ctx context.Context, v access.Viewer, in autocompleteIn, where browseIn) (userList, error) {
	f := u.newFilter()
	if err := u.narrow(ctx, v, f, where); err != nil {
		return nil, err
	}
	f.term(in.Name, false, u.cfg.Get().PrivacySettings.ShowFullName || v.Admin(ctx))
	found, err := u.find(ctx, f, "u.username", in.Limit, 0)
	if err != nil {
		return nil, err
	}
	return u.shownAll(ctx, v, found), nil
}

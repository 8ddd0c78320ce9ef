package access

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// pair is a user and the team or channel of a membership.
type pair struct{ user, of string }

// Member is what a membership says about rights. The zero value is no member.
type Member struct {
	Present                              bool
	SchemeGuest, SchemeUser, SchemeAdmin bool
	Explicit                             string // roles given by name, space separated
}

func scanMember(r db.Row) (Member, error) {
	m := Member{Present: true}
	err := r.Scan(&m.SchemeGuest, &m.SchemeUser, &m.SchemeAdmin, &m.Explicit)
	return m, err
}

const memberColumns = `coalesce(schemeguest,false), coalesce(schemeuser,false), coalesce(schemeadmin,false), coalesce(roles,'')`

// TeamMember returns a user's membership of a team; one that has left is no
// member. No membership is not an error.
func (a *Access) TeamMember(ctx context.Context, userID, teamID string) (Member, error) {
	return a.teamMembers.get(pair{userID, teamID}, func() (Member, error) {
		return memberOrNone(db.Get(ctx, a.db, scanMember,
			`SELECT `+memberColumns+` FROM teammembers WHERE teamid = $1 AND userid = $2 AND deleteat = 0`, teamID, userID))
	})
}

// ChannelMember returns a user's membership of a channel. No membership is not
// an error.
func (a *Access) ChannelMember(ctx context.Context, userID, channelID string) (Member, error) {
	return a.channelMembers.get(pair{userID, channelID}, func() (Member, error) {
		return memberOrNone(db.Get(ctx, a.db, scanMember,
			`SELECT `+memberColumns+` FROM channelmembers WHERE channelid = $1 AND userid = $2`, channelID, userID))
	})
}

func memberOrNone(m Member, err error) (Member, error) {
	if errors.Is(err, db.ErrNotFound) {
		return Member{}, nil
	}
	return m, err
}

// InChannel reports whether a user is a member of a channel.
func (a *Access) InChannel(ctx context.Context, userID, channelID string) (bool, error) {
	m, err := a.ChannelMember(ctx, userID, channelID)
	return m.Present, err
}

// InTeam reports whether a user is a member of a team.
func (a *Access) InTeam(ctx context.Context, userID, teamID string) (bool, error) {
	m, err := a.TeamMember(ctx, userID, teamID)
	return m.Present, err
}

// TeamRoles returns the names of all roles that a membership of a team gives:
// those of the team's scheme (or the built-in ones) before the explicit ones.
func (a *Access) TeamRoles(ctx context.Context, m Member, teamID string) ([]string, error) {
	if !m.Present {
		return nil, nil
	}
	s := builtIn
	if m.SchemeGuest || m.SchemeUser || m.SchemeAdmin {
		t, err := a.Team(ctx, teamID)
		if err != nil {
			return nil, err
		}
		if s, err = a.scheme(ctx, t.SchemeID); err != nil {
			return nil, err
		}
	}
	return roleNames(m, s.teamGuest, s.teamUser, s.teamAdmin), nil
}

// ChannelRoles returns the names of all roles that a membership of a channel
// gives: those of the channel's scheme, else the team's, else the built-in
// ones, before the explicit ones.
func (a *Access) ChannelRoles(ctx context.Context, m Member, channelID string) ([]string, error) {
	if !m.Present {
		return nil, nil
	}
	s, err := a.channelScheme(ctx, channelID)
	if err != nil {
		return nil, err
	}
	return roleNames(m, s.channelGuest, s.channelUser, s.channelAdmin), nil
}

// MembershipRoles is ChannelRoles, joined by blanks, for who has read the
// channel's team and scheme ("" for none) together with the membership.
func (a *Access) MembershipRoles(ctx context.Context, m Member, teamID, schemeID string) (string, error) {
	var s schemeRoles
	var err error
	if schemeID != "" {
		s, err = a.scheme(ctx, schemeID)
	} else {
		s, err = a.outerScheme(ctx, &ChannelFacts{TeamID: teamID})
	}
	if err != nil {
		return "", err
	}
	if m.SchemeUser && !m.SchemeGuest && !m.SchemeAdmin && m.Explicit == "" {
		return s.channelUser, nil // nearly everybody, without a new string
	}
	return strings.Join(roleNames(m, s.channelGuest, s.channelUser, s.channelAdmin), " "), nil
}

func roleNames(m Member, guest, user, admin string) []string {
	var names []string
	if m.SchemeGuest {
		names = append(names, guest)
	}
	if m.SchemeUser {
		names = append(names, user)
	}
	if m.SchemeAdmin {
		names = append(names, admin)
	}
	return append(names, strings.Fields(m.Explicit)...)
}

// Memberships returns the ids of the live channels and teams that a user is
// in: what the websocket hub indexes when the user connects.
func (a *Access) Memberships(ctx context.Context, userID string) (channels, teams []string, err error) {
	channels, err = db.List(ctx, a.db, db.One[string],
		`SELECT channelid FROM channelmembers WHERE userid = $1 LIMIT 100000`, userID)
	if err != nil {
		return nil, nil, err
	}
	teams, err = db.List(ctx, a.db, db.One[string],
		`SELECT teamid FROM teammembers WHERE userid = $1 AND deleteat = 0 LIMIT 100000`, userID)
	return channels, teams, err
}

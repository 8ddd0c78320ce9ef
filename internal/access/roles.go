package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
)

// roleFacts is what a role permits.
type roleFacts struct {
	permissions map[Permission]struct{}
}

// schemeRoles are the names of the roles that members get in a scheme.
type schemeRoles struct {
	teamGuest, teamUser, teamAdmin          string
	channelGuest, channelUser, channelAdmin string
	channelScope                            bool
}

// builtIn are the roles outside of any scheme.
var builtIn = schemeRoles{
	teamGuest: "team_guest", teamUser: "team_user", teamAdmin: "team_admin",
	channelGuest: "channel_guest", channelUser: "channel_user", channelAdmin: "channel_admin",
}

// moderated are the channel permissions that a channel's own scheme may take
// away but never add (reference: roles.json, channel_moderation).
var moderated = map[Permission]bool{
	PermAddBookmarkPrivateChannel: true, PermAddBookmarkPublicChannel: true,
	PermDeleteBookmarkPrivateChannel: true, PermDeleteBookmarkPublicChannel: true,
	PermEditBookmarkPrivateChannel: true, PermEditBookmarkPublicChannel: true,
	PermOrderBookmarkPrivateChannel: true, PermOrderBookmarkPublicChannel: true,
	PermManagePrivateChannelMembers: true, PermManagePublicChannelMembers: true,
	PermAddReaction: true, PermRemoveReaction: true,
	PermCreatePost: true, PermUseChannelMentions: true,
}

// role returns what a role permits; one that doesn't exist permits nothing.
func (a *Access) role(ctx context.Context, name string) (*roleFacts, error) {
	return a.roles.get(name, func() (*roleFacts, error) {
		text, err := db.Value[string](ctx, a.db,
			`SELECT coalesce(permissions,'') FROM roles WHERE name = $1 AND deleteat = 0`, name)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return nil, err
		}
		r := &roleFacts{permissions: map[Permission]struct{}{}}
		for _, p := range strings.Fields(text) {
			r.permissions[Permission(p)] = struct{}{}
		}
		return r, nil
	})
}

// Grants reports whether any of the roles named permits p.
func (a *Access) Grants(ctx context.Context, roles []string, p Permission) (bool, error) {
	for _, name := range roles {
		r, err := a.role(ctx, name)
		if err != nil {
			return false, err
		}
		if _, ok := r.permissions[p]; ok {
			return true, nil
		}
	}
	return false, nil
}

// scheme returns the roles of a scheme, the built-in ones for "" and for a
// scheme that is gone.
func (a *Access) scheme(ctx context.Context, schemeID string) (schemeRoles, error) {
	if schemeID == "" {
		return builtIn, nil
	}
	return a.schemes.get(schemeID, func() (schemeRoles, error) {
		s, err := db.Get(ctx, a.db, func(r db.Row) (schemeRoles, error) {
			var s schemeRoles
			err := r.Scan(&s.teamGuest, &s.teamUser, &s.teamAdmin, &s.channelGuest, &s.channelUser, &s.channelAdmin, &s.channelScope)
			return s, err
		}, `SELECT coalesce(defaultteamguestrole,''), coalesce(defaultteamuserrole,''), coalesce(defaultteamadminrole,''),
			coalesce(defaultchannelguestrole,''), coalesce(defaultchanneluserrole,''), coalesce(defaultchanneladminrole,''), scope = 'channel'
			FROM schemes WHERE id = $1 AND deleteat = 0`, schemeID)
		if errors.Is(err, db.ErrNotFound) {
			return builtIn, nil
		}
		return s, err
	})
}

// channelScheme returns the roles in force in a channel: by its own scheme,
// else its team's, else the built-in ones.
func (a *Access) channelScheme(ctx context.Context, channelID string) (schemeRoles, error) {
	c, err := a.Channel(ctx, channelID)
	if err != nil {
		return schemeRoles{}, err
	}
	if c.SchemeID != "" {
		return a.scheme(ctx, c.SchemeID)
	}
	return a.outerScheme(ctx, c)
}

// outerScheme is the scheme in force around a channel, its own left aside.
func (a *Access) outerScheme(ctx context.Context, c *ChannelFacts) (schemeRoles, error) {
	if c.TeamID == "" {
		return builtIn, nil
	}
	t, err := a.Team(ctx, c.TeamID)
	if err != nil {
		return schemeRoles{}, err
	}
	return a.scheme(ctx, t.SchemeID)
}

// grantsInChannel is Grants for the roles of a channel membership. A role of a
// channel's own scheme says only which moderated permissions remain of the
// role it stands for; all others come from that one.
func (a *Access) grantsInChannel(ctx context.Context, m Member, channelID string, p Permission) (bool, error) {
	names, err := a.ChannelRoles(ctx, m, channelID)
	if err != nil {
		return false, err
	}
	c, err := a.Channel(ctx, channelID)
	if err != nil {
		return false, err
	}
	own, err := a.scheme(ctx, c.SchemeID)
	if err != nil || !own.channelScope {
		ok, gerr := a.Grants(ctx, names, p)
		return ok, errors.Join(err, gerr)
	}
	outer, err := a.outerScheme(ctx, c)
	if err != nil {
		return false, err
	}
	stands := map[string]string{own.channelGuest: outer.channelGuest, own.channelUser: outer.channelUser, own.channelAdmin: outer.channelAdmin}
	for _, name := range names {
		ok, err := a.Grants(ctx, []string{name}, p)
		if err != nil {
			return false, err
		}
		if higher, scheme := stands[name]; scheme {
			above, err := a.Grants(ctx, []string{higher}, p)
			if err != nil {
				return false, err
			}
			ok = above && (ok || !moderated[p])
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

// Lowered is what remains of the permissions of a role in a channel whose own
// scheme has another in its place: all but the moderated ones that own lacks.
func Lowered(above, own []string) []string {
	out := make([]string, 0, len(above))
	for _, p := range above {
		if !moderated[Permission(p)] || slices.Contains(own, p) {
			out = append(out, p)
		}
	}
	return out
}

package channels

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// What a channel's own administrators of the console may take away from its
// members and guests (reference: roles.json, channel_moderation). The switches
// are kept in roles of a scheme that only this channel has; such a role holds
// moderated permissions alone, all others come from the role it stands for.

// moderatedSwitch is a switch with the permissions behind it, those of open and
// those of private channels (nil: the same).
type moderatedSwitch struct {
	name          string
	membersOnly   bool
	open, private []access.Permission
}

var moderated = []moderatedSwitch{
	{name: model.ModerateCreatePost, open: []access.Permission{access.PermCreatePost}},
	{name: model.ModerateCreateReactions, open: []access.Permission{access.PermAddReaction, access.PermRemoveReaction}},
	{name: model.ModerateManageMembers, membersOnly: true, open: []access.Permission{access.PermManagePublicChannelMembers},
		private: []access.Permission{access.PermManagePrivateChannelMembers}},
	{name: model.ModerateUseChannelMentions, open: []access.Permission{access.PermUseChannelMentions}},
	{name: model.ModerateManageBookmarks, membersOnly: true,
		open: []access.Permission{access.PermAddBookmarkPublicChannel, access.PermEditBookmarkPublicChannel,
			access.PermDeleteBookmarkPublicChannel, access.PermOrderBookmarkPublicChannel},
		private: []access.Permission{access.PermAddBookmarkPrivateChannel, access.PermEditBookmarkPrivateChannel,
			access.PermDeleteBookmarkPrivateChannel, access.PermOrderBookmarkPrivateChannel}},
}

// behind returns the permissions of the i-th switch in a channel of a type.
func behind(i int, channelType string) []access.Permission {
	m := &moderated[i]
	if channelType == model.ChannelPrivate && m.private != nil {
		return m.private
	}
	return m.open
}

// permissions is a set of them.
type permissions map[string]bool

func (p permissions) all(list []access.Permission) bool {
	for _, x := range list {
		if !p[string(x)] {
			return false
		}
	}
	return true
}

func (p permissions) set(list []access.Permission, on bool) {
	for _, x := range list {
		if on {
			p[string(x)] = true
		} else {
			delete(p, string(x))
		}
	}
}

// text is the form of the column.
func (p permissions) text() string {
	list := make([]string, 0, len(p))
	for x := range p {
		list = append(list, x)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// pair is what guests and what members may do.
type pair struct{ guests, members permissions }

// moderation is a channel's switches: what the roles in force around the
// channel give, and what remains of it in the channel.
type moderation struct {
	channel     *model.Channel
	above, here pair
	guest, user string // roles of the channel's own scheme, "" without one
}

// loadModeration reads the switches of a channel of a team.
func (c *Channels) loadModeration(ctx context.Context, q db.Querier, channelID string) (*moderation, error) {
	ch, err := c.load(ctx, q, channelID)
	if err != nil {
		return nil, err
	}
	if ch.IsConversation() {
		return nil, fault.Invalid("api.channel.add_user_to_channel.type.app_error")
	}
	type names struct{ guest, user, teamGuest, teamUser string }
	n, err := db.Get(ctx, q, func(r db.Row) (n names, err error) {
		err = r.Scan(db.NullString(&n.guest), db.NullString(&n.user), db.NullString(&n.teamGuest), db.NullString(&n.teamUser))
		return n, err
	}, `SELECT s.defaultchannelguestrole, s.defaultchanneluserrole, ts.defaultchannelguestrole, ts.defaultchanneluserrole
		FROM channels c LEFT JOIN schemes s ON s.id = c.schemeid AND s.deleteat = 0
		LEFT JOIN teams t ON t.id = c.teamid LEFT JOIN schemes ts ON ts.id = t.schemeid AND ts.deleteat = 0 WHERE c.id = $1`, channelID)
	if err != nil {
		return nil, err
	}
	if n.teamUser == "" {
		n.teamGuest, n.teamUser = model.RoleChannelGuest, model.RoleChannelUser
	}
	roles, err := rolePermissions(ctx, q, n.guest, n.user, n.teamGuest, n.teamUser)
	if err != nil {
		return nil, err
	}
	m := &moderation{channel: ch, above: pair{roles[n.teamGuest], roles[n.teamUser]}, guest: n.guest, user: n.user}
	m.here = m.above
	if n.user != "" {
		m.here = pair{roles[n.guest], roles[n.user]}
	}
	return m, nil
}

// rolePermissions returns the permissions of roles by their names.
func rolePermissions(ctx context.Context, q db.Querier, names ...string) (map[string]permissions, error) {
	out := map[string]permissions{}
	for _, n := range names {
		out[n] = permissions{}
	}
	_, err := db.List(ctx, q, func(r db.Row) (struct{}, error) {
		var name, text string
		err := r.Scan(&name, &text)
		for _, p := range strings.Fields(text) {
			out[name][p] = true
		}
		return struct{}{}, err
	}, "SELECT name, coalesce(permissions,'') FROM roles WHERE name = ANY($1) AND deleteat = 0 LIMIT $2", names, len(names))
	return out, err
}

// shown is the switches as the protocol shows them.
func (m *moderation) shown() []*model.ChannelModeration {
	out := make([]*model.ChannelModeration, len(moderated))
	for i, x := range moderated {
		perms := behind(i, m.channel.Type)
		one := func(above, here permissions) *model.ChannelModeratedRole {
			enabled := above.all(perms)
			return &model.ChannelModeratedRole{Value: enabled && here.all(perms), Enabled: enabled}
		}
		roles := &model.ChannelModeratedRoles{Members: one(m.above.members, m.here.members)}
		if !x.membersOnly {
			roles.Guests = one(m.above.guests, m.here.guests)
		}
		out[i] = &model.ChannelModeration{Name: x.name, Roles: roles}
	}
	return out
}

// apply returns what the roles of the channel's own scheme are to hold after
// the patches: moderated permissions only. It refuses to give what the roles
// around the channel don't.
func (m *moderation) apply(patches []*model.ChannelModerationPatch) (pair, error) {
	next := pair{onlyModerated(m.here.guests), onlyModerated(m.here.members)}
	for _, p := range patches {
		if p == nil || p.Name == nil || p.Roles == nil {
			return next, fault.InvalidParam("moderations")
		}
		i := slices.IndexFunc(moderated, func(x moderatedSwitch) bool { return x.name == *p.Name })
		if i < 0 {
			return next, fault.InvalidParam("moderations")
		}
		perms := behind(i, m.channel.Type)
		for _, role := range [...]struct {
			want        *bool
			above, next permissions
			skip        bool
		}{
			{p.Roles.Members, m.above.members, next.members, false},
			{p.Roles.Guests, m.above.guests, next.guests, moderated[i].membersOnly},
		} {
			if role.want == nil || role.skip {
				continue
			}
			if *role.want && !role.above.all(perms) {
				return next, fault.Forbidden("api.channel.patch_channel_moderations_for_channel.restricted_permission.app_error")
			}
			role.next.set(perms, *role.want)
		}
	}
	return next, nil
}

// onlyModerated returns the moderated ones of some permissions.
func onlyModerated(p permissions) permissions {
	out := permissions{}
	for i := range moderated {
		for _, list := range [][]access.Permission{moderated[i].open, moderated[i].private} {
			for _, x := range list {
				if p[string(x)] {
					out[string(x)] = true
				}
			}
		}
	}
	return out
}

package channels

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Join makes a user a member of an open or private channel and tells everybody
// who follows. byID is who let them in, "" or userID when they came by
// themselves; rootID the post from whose thread they were added, or "". A member
// stays one: that is no error and no news. Fails with 404 for an unknown channel
// or user, and somebody outside the channel's team, 400 for a conversation and
// an archived channel, 403 for a closed account.
func (c *Channels) Join(ctx context.Context, byID, userID, channelID, rootID string) (*model.ChannelMember, error) {
	list, err := c.admit(ctx, admission{channelID: channelID, userIDs: []string{userID}, byID: byID, rootID: rootID})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 { // a member all along, who has left meanwhile
		return nil, errNoMember
	}
	return list[0], nil
}

// JoinMany makes users members of a channel in one transaction and returns
// their memberships. Who can't be one is left out; it fails as Join does when
// that is everybody.
func (c *Channels) JoinMany(ctx context.Context, byID string, userIDs []string, channelID string) ([]*model.ChannelMember, error) {
	return c.admit(ctx, admission{channelID: channelID, userIDs: userIDs, byID: byID})
}

// admission is people who are to enter a channel.
type admission struct {
	channelID string
	userIDs   []string
	byID      string
	rootID    string
	admins    []string // of userIDs: who becomes an administrator of the channel
	withTeam  bool
}

// admit is every way into a channel of a team. It returns the memberships of
// those who could enter, or are in already, in the order given.
func (c *Channels) admit(ctx context.Context, a admission) ([]*model.ChannelMember, error) {
	ch, err := c.acc.Channel(ctx, a.channelID)
	if err != nil {
		return nil, err
	}
	if ch.Direct() {
		return nil, fault.Invalid("api.channel.add_user_to_channel.type.app_error")
	}
	if ch.DeleteAt > 0 {
		return nil, fault.Invalid("api.channel.add_user.to.channel.failed.deleted.app_error")
	}
	list, err := c.admissible(ctx, ch, a.userIDs)
	if err != nil {
		return nil, err
	}
	now := id.Now()
	var fresh []string
	happens := &Joined{Channel: ch, UserIDs: a.userIDs, ByID: a.byID, RootID: a.rootID, WithTeam: a.withTeam}
	also := c.Joined.Parts(ctx, happens)
	err = c.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if fresh, err = insertMembers(ctx, tx, ch.ID, list, a.admins, now); err != nil || len(fresh) == 0 {
			return err
		}
		happens.UserIDs = fresh
		tx.AfterCommit(func() { c.entered(ch.ID, fresh) })
		return also.In(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	members, err := c.admitted(ctx, ch.ID, list, fresh, a.admins, now)
	if err == nil && len(fresh) > 0 {
		c.tellJoined(ctx, happens)
	}
	return members, err
}

// admissible returns the accounts behind ids that can be members of ch: neither
// unknown nor closed, and in its team. It fails when none can.
func (c *Channels) admissible(ctx context.Context, ch *access.ChannelFacts, ids []string) ([]*model.User, error) {
	known, err := c.users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	inside, err := db.List(ctx, c.db, db.One[string],
		"SELECT userid FROM teammembers WHERE teamid = $1 AND userid = ANY($2) AND deleteat = 0 LIMIT $3", ch.TeamID, ids, len(ids))
	if err != nil {
		return nil, err
	}
	refused := fault.NotFound("app.user.missing_account.const")
	in := set(inside)
	list := slices.DeleteFunc(known, func(u *model.User) bool {
		switch {
		case u.DeleteAt > 0:
			refused = fault.Forbidden("app.channel.add_member.deleted_user.app_error")
		case !in[u.ID]:
			refused = fault.NotFound("app.team.get_member.missing.app_error")
		default:
			return false
		}
		return true
	})
	if len(list) == 0 {
		return nil, refused
	}
	return list, nil
}

// admitted returns the memberships of list: of the fresh ones as they were just
// made, of the others as the database has them.
func (c *Channels) admitted(ctx context.Context, channelID string, list []*model.User, fresh, admins []string, now int64) ([]*model.ChannelMember, error) {
	isFresh, isAdmin := set(fresh), set(admins)
	out := make([]*model.ChannelMember, len(list))
	var old []string
	for i, u := range list {
		if !isFresh[u.ID] {
			old = append(old, u.ID)
			continue
		}
		m := &model.ChannelMember{ChannelID: channelID, UserID: u.ID, NotifyProps: model.DefaultChannelNotifyProps(), LastUpdateAt: now,
			SchemeGuest: u.IsGuest(), SchemeUser: !u.IsGuest(), SchemeAdmin: isAdmin[u.ID]}
		if err := c.nameRoles(ctx, m); err != nil {
			return nil, err
		}
		out[i] = m
	}
	if len(old) == 0 {
		return out, nil
	}
	stored, err := c.members(ctx, "cm.channelid = $1 AND cm.userid = ANY($2) LIMIT $3", channelID, old, len(old))
	if err != nil {
		return nil, err
	}
	byUser := make(map[string]*model.ChannelMember, len(stored))
	for _, m := range stored {
		byUser[m.UserID] = m
	}
	for i, u := range list {
		if out[i] == nil {
			out[i] = byUser[u.ID]
		}
	}
	return slices.DeleteFunc(out, func(m *model.ChannelMember) bool { return m == nil }), nil
}

// insertMembers makes list members of a channel, with everything in it unread,
// and notes in its history when they came. It returns who was no member before.
func insertMembers(ctx context.Context, tx *db.Tx, channelID string, list []*model.User, admins []string, now int64) ([]string, error) {
	ids, guests := make([]string, len(list)), []string{}
	for i, u := range list {
		ids[i] = u.ID
		if u.IsGuest() {
			guests = append(guests, u.ID)
		}
	}
	fresh, err := db.List(ctx, tx, db.One[string], `INSERT INTO channelmembers (channelid, userid, roles, lastviewedat, msgcount, mentioncount,
		notifyprops, lastupdateat, schemeuser, schemeadmin, schemeguest, mentioncountroot, msgcountroot, urgentmentioncount)
		SELECT $1, u.id, '', 0, 0, 0, $2, $3, NOT (u.id = ANY($4)), u.id = ANY($5), u.id = ANY($4), 0, 0, 0 FROM users u WHERE u.id = ANY($6)
		ON CONFLICT (channelid, userid) DO NOTHING RETURNING userid`,
		channelID, db.JSON(model.DefaultChannelNotifyProps()), now, guests, admins, ids)
	if err != nil || len(fresh) == 0 {
		return nil, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO channelmemberhistory (channelid, userid, jointime)
		SELECT $1, u.id, $2 FROM users u WHERE u.id = ANY($3) ON CONFLICT (channelid, userid, jointime) DO UPDATE SET leavetime = NULL`,
		channelID, now, fresh)
	return inOrder(ids, fresh), err
}

// set returns the members of list, to look them up.
func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// inOrder returns those of ids that are in some, in the order of ids.
func inOrder(ids, some []string) []string {
	in := set(some)
	return slices.DeleteFunc(slices.Clone(ids), func(s string) bool { return !in[s] })
}

// entered brings the caches and the websockets up to date with new members.
func (c *Channels) entered(channelID string, userIDs []string) {
	for _, userID := range userIDs {
		c.acc.ForgetChannelMember(userID, channelID)
		c.hub.JoinedChannel(userID, channelID)
	}
}

// tellJoined tells clients and the later slices of new members. Who is added
// gets the news twice, as a member and by name: the second also reaches clients
// that don't know the channel yet.
func (c *Channels) tellJoined(ctx context.Context, e *Joined) {
	c.Joined.Publish(ctx, e)
	if e.WithTeam {
		return // added_to_team tells the clients
	}
	ch := e.Channel
	for _, userID := range e.UserIDs {
		data := map[string]any{"user_id": userID, "team_id": ch.TeamID}
		c.hub.Publish(realtime.Event{Name: model.EventUserAdded, Data: data, To: realtime.Audience{ChannelID: ch.ID, OmitUsers: map[string]bool{userID: true}}})
		c.hub.Publish(realtime.Event{Name: model.EventUserAdded, Data: data, To: realtime.Audience{ChannelID: ch.ID, UserID: userID}})
	}
}

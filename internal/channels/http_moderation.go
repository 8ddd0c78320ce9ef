package channels

import (
	"context"
	"maps"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

func (c *Channels) getModerations(ctx context.Context, _ access.Viewer, in channelIn) ([]*model.ChannelModeration, error) {
	m, err := c.loadModeration(ctx, c.db, in.ChannelID)
	if err != nil {
		return nil, err
	}
	return m.shown(), nil
}

type patchModerationsIn struct {
	channelIn
	Patches []*model.ChannelModerationPatch `body:"json,moderations"`
}

// patchModerations moves switches. The first one that takes something away
// gives the channel a scheme of its own, and the last one that gives everything
// back takes the scheme away again.
func (c *Channels) patchModerations(ctx context.Context, v access.Viewer, in patchModerationsIn) ([]*model.ChannelModeration, error) {
	var changed []string
	err := c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "channel "+in.ChannelID); err != nil {
			return err
		}
		m, err := c.loadModeration(ctx, tx, in.ChannelID)
		if err != nil {
			return err
		}
		next, err := m.apply(in.Patches)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() {
			c.acc.ForgetSchemes()
			c.acc.ForgetChannel(in.ChannelID)
		})
		changed = []string{m.guest, m.user}
		return m.store(ctx, tx, next)
	})
	if err != nil {
		return nil, err
	}
	if changed[1] != "" {
		c.RolesChanged.Publish(context.WithoutCancel(ctx), changed)
	}
	c.users.Audit(ctx, v, "/api/v4/channels/"+in.ChannelID+"/moderations/patch", "channel_id="+in.ChannelID)
	c.hub.Publish(realtime.Event{Name: model.EventChannelSchemeUpdated, To: realtime.Audience{ChannelID: in.ChannelID}})
	if err := c.tellMembers(ctx, in.ChannelID); err != nil {
		return nil, err
	}
	return c.getModerations(ctx, v, in.channelIn)
}

// getOwnModerations and patchOwnModerations are the same for those who
// administer the channel itself: they need nobody from the console to make it
// one for announcements. What the roles above don't give they can't give.
func (c *Channels) getOwnModerations(ctx context.Context, v access.Viewer, in channelIn) ([]*model.ChannelModeration, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermManageChannelRoles); err != nil {
		return nil, err
	}
	return c.getModerations(ctx, v, in)
}

func (c *Channels) patchOwnModerations(ctx context.Context, v access.Viewer, in patchModerationsIn) ([]*model.ChannelModeration, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermManageChannelRoles); err != nil {
		return nil, err
	}
	return c.patchModerations(ctx, v, in)
}

// store brings the channel's scheme and its roles up to next.
func (m *moderation) store(ctx context.Context, tx *db.Tx, next pair) error {
	all := maps.Equal(next.guests, onlyModerated(m.above.guests)) && maps.Equal(next.members, onlyModerated(m.above.members))
	switch {
	case all && m.user == "":
		return nil
	case all:
		return m.dropScheme(ctx, tx)
	case m.user == "":
		return m.makeScheme(ctx, tx, next)
	}
	for role, perms := range map[string]permissions{m.guest: next.guests, m.user: next.members} {
		if _, err := tx.Exec(ctx, "UPDATE roles SET permissions = $2, updateat = $3 WHERE name = $1", role, " "+perms.text(), id.Now()); err != nil {
			return err
		}
	}
	return nil
}

// makeScheme gives the channel a scheme with three roles of its own.
func (m *moderation) makeScheme(ctx context.Context, tx *db.Tx, next pair) error {
	admin, err := rolePermissions(ctx, tx, model.RoleChannelAdmin)
	if err != nil {
		return err
	}
	now, schemeID := id.Now(), id.New()
	names := make([]string, 3)
	for i, r := range [...]struct {
		text  string
		perms permissions
	}{
		{"Channel Admin", onlyModerated(admin[model.RoleChannelAdmin])}, {"Channel User", next.members}, {"Channel Guest", next.guests},
	} {
		names[i] = id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO roles (id, name, displayname, description, createat, updateat, deleteat, permissions, schememanaged, builtin, schemeid)
			VALUES ($1, $2, $3, '', $4, $4, 0, $5, true, false, $6)`, id.New(), names[i], r.text+" of "+m.channel.Name, now, " "+r.perms.text(), schemeID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO schemes (id, name, displayname, description, createat, updateat, deleteat, scope, defaultteamadminrole, defaultteamuserrole,
		defaultteamguestrole, defaultchanneladminrole, defaultchanneluserrole, defaultchannelguestrole, defaultplaybookadminrole, defaultplaybookmemberrole,
		defaultrunadminrole, defaultrunmemberrole) VALUES ($1, $2, $3, '', $4, $4, 0, 'channel', '', '', '', $5, $6, $7, '', '', '', '')`,
		schemeID, id.New(), "Moderation of "+m.channel.Name, now, names[0], names[1], names[2]); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE channels SET schemeid = $2, updateat = $3 WHERE id = $1", m.channel.ID, schemeID, now)
	return err
}

// dropScheme takes the channel's scheme and its roles away.
func (m *moderation) dropScheme(ctx context.Context, tx *db.Tx) error {
	now := id.Now()
	for _, stmt := range [...]string{
		"UPDATE roles SET deleteat = $2, updateat = $2 WHERE schemeid = $1",
		"UPDATE schemes SET deleteat = $2, updateat = $2 WHERE id = $1",
		"UPDATE channels SET schemeid = NULL, updateat = $2 WHERE schemeid = $1",
	} {
		if _, err := tx.Exec(ctx, stmt, *m.channel.SchemeID, now); err != nil {
			return err
		}
	}
	return nil
}

// tellMembers tells each connected member that the roles behind their
// membership changed.
func (c *Channels) tellMembers(ctx context.Context, channelID string) error {
	list, err := c.members(ctx, "cm.channelid = $1 LIMIT 100000", channelID)
	for _, m := range list {
		if c.hub.Online(m.UserID) {
			c.tellMember(m)
		}
	}
	return err
}

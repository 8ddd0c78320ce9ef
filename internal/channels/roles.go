package channels

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// maxRoles is the size of the column of explicit roles.
const maxRoles = 256

// changeMember is every way in which a member's settings change; edit may
// refuse. The member's own clients are told.
func (c *Channels) changeMember(ctx context.Context, channelID, userID string, edit func(m *model.ChannelMember) error) error {
	var m *model.ChannelMember
	err := c.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err := tx.Lock(ctx, "member "+channelID+userID); err != nil {
			return err
		}
		m, err = db.Get(ctx, tx, scanMember, selectMembers+" WHERE cm.channelid = $1 AND cm.userid = $2", channelID, userID)
		if err != nil {
			return orNotFound(err, errNoMember)
		}
		m.NotifyProps = m.NotifyProps.Clone()
		if err := edit(m); err != nil {
			return err
		}
		m.LastUpdateAt = max(id.Now(), m.LastUpdateAt+1)
		tx.AfterCommit(func() { c.acc.ForgetChannelMember(userID, channelID) })
		_, err = tx.Exec(ctx, `UPDATE channelmembers SET roles = $3, schemeguest = $4, schemeuser = $5, schemeadmin = $6, notifyprops = $7,
			autotranslationdisabled = $8, lastupdateat = $9 WHERE channelid = $1 AND userid = $2`, channelID, userID, m.ExplicitRoles,
			m.SchemeGuest, m.SchemeUser, m.SchemeAdmin, db.JSON(m.NotifyProps), m.AutoTranslationDisabled, m.LastUpdateAt)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.nameRoles(ctx, m); err != nil {
		return err
	}
	c.MemberChanged.Publish(ctx, m)
	c.tellMember(m)
	return nil
}

// tellMember tells a member's own clients of the membership.
func (c *Channels) tellMember(m *model.ChannelMember) {
	c.hub.Publish(realtime.Event{Name: model.EventChannelMemberUpdated, To: realtime.Audience{UserID: m.UserID},
		Data: map[string]any{"channelMember": string(m.AppendJSON(nil))}})
}

type putRolesIn struct {
	memberIn
	Body struct {
		Roles string `json:"roles"`
	} `body:"json,roles"`
}

// putRoles sets the roles of a member by their names: those that the scheme in
// force gives become its flags, others are kept as they are.
func (c *Channels) putRoles(ctx context.Context, v access.Viewer, in putRolesIn) (api.OK, error) {
	names := strings.Fields(in.Body.Roles)
	for _, n := range names {
		if !model.ValidRoleName(n) {
			return api.OK{}, fault.InvalidParam("roles")
		}
	}
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermManageChannelRoles); err != nil {
		return api.OK{}, err
	}
	flags, explicit, err := c.splitRoles(ctx, in.ChannelID, names)
	if err != nil {
		return api.OK{}, err
	}
	err = c.changeMember(ctx, in.ChannelID, in.UserID, func(m *model.ChannelMember) error {
		switch {
		case flags.SchemeGuest && flags.SchemeUser:
			return fault.Invalid("api.channel.update_channel_member_roles.guest_and_user.app_error")
		case m.SchemeGuest != flags.SchemeGuest:
			return fault.Invalid("api.channel.update_channel_member_roles.changing_guest_role.app_error")
		}
		m.SchemeUser, m.SchemeAdmin, m.ExplicitRoles = flags.SchemeUser, flags.SchemeAdmin, explicit
		return nil
	})
	if err == nil {
		c.users.Audit(ctx, v, "/api/v4/channels/"+in.ChannelID+"/members/"+in.UserID+"/roles", "user_id="+in.UserID+" new_roles="+in.Body.Roles)
	}
	return api.Done(), err
}

// splitRoles tells the roles of the scheme in force from others, which must
// exist and belong to no scheme.
func (c *Channels) splitRoles(ctx context.Context, channelID string, names []string) (flags model.SchemeRoles, explicit string, err error) {
	scheme, err := c.acc.ChannelRoles(ctx, access.Member{Present: true, SchemeGuest: true, SchemeUser: true, SchemeAdmin: true}, channelID)
	if err != nil {
		return flags, "", err
	}
	var others []string
	for _, n := range names {
		switch n {
		case scheme[0], model.RoleChannelGuest:
			flags.SchemeGuest = true
		case scheme[1], model.RoleChannelUser:
			flags.SchemeUser = true
		case scheme[2], model.RoleChannelAdmin:
			flags.SchemeAdmin = true
		default:
			others = append(others, n)
		}
	}
	explicit = strings.Join(others, " ")
	if len(explicit) > maxRoles {
		return flags, "", fault.Invalid("model.channel_member.is_valid.roles_limit.app_error", "Limit", maxRoles)
	}
	if len(others) == 0 {
		return flags, "", nil
	}
	known := map[string]bool{}
	_, err = db.List(ctx, c.db, func(r db.Row) (struct{}, error) {
		var name string
		var managed bool
		err := r.Scan(&name, db.NullBool(&managed))
		known[name] = managed
		return struct{}{}, err
	}, "SELECT name, schememanaged FROM roles WHERE name = ANY($1) AND deleteat = 0 LIMIT $2", others, len(others))
	if err != nil {
		return flags, "", err
	}
	for _, n := range others {
		switch managed, ok := known[n]; {
		case !ok:
			return flags, "", fault.Invalid("app.role.get_by_name.app_error")
		case managed:
			return flags, "", fault.Invalid("api.channel.update_channel_member_roles.scheme_role.app_error", "Role", n)
		}
	}
	return flags, explicit, nil
}

type putSchemeRolesIn struct {
	memberIn
	Body model.SchemeRoles `body:"json,scheme_roles"`
}

// putSchemeRoles makes a full member an administrator of the channel or no
// longer; guests stay guests.
func (c *Channels) putSchemeRoles(ctx context.Context, v access.Viewer, in putSchemeRolesIn) (api.OK, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermManageChannelRoles); err != nil {
		return api.OK{}, err
	}
	err := c.changeMember(ctx, in.ChannelID, in.UserID, func(m *model.ChannelMember) error {
		const id = "api.channel.update_channel_member_roles."
		switch {
		case m.SchemeGuest:
			return fault.Invalid(id + "guest.app_error")
		case in.Body.SchemeGuest:
			return fault.Invalid(id + "user_and_guest.app_error")
		case !in.Body.SchemeUser:
			return fault.Invalid(id + "unset_user_scheme.app_error")
		}
		m.SchemeUser, m.SchemeAdmin = true, in.Body.SchemeAdmin
		return nil
	})
	return api.Done(), err
}

// ownProps are the notify props that a member may set (reference: notify-props.json).
var ownProps = map[string]bool{
	model.NotifyPropDesktop: true, model.NotifyPropDesktopSound: true, "desktop_notification_sound": true, model.NotifyPropDesktopThreads: true,
	model.NotifyPropEmail: true, model.NotifyPropPush: true, model.NotifyPropPushThreads: true, model.NotifyPropMarkUnread: true,
	model.NotifyPropIgnoreChannelMentions: true, model.NotifyPropAutoFollowThreads: true,
}

type putNotifyPropsIn struct {
	memberIn
	Props model.StringMap `body:"json,notify_props"`
}

// putNotifyProps sets how somebody is told of what happens in a channel. The
// protocol keeps whatever value a known key is given, and ignores other keys.
func (c *Channels) putNotifyProps(ctx context.Context, v access.Viewer, in putNotifyPropsIn) (api.OK, error) {
	if in.Props == nil {
		return api.OK{}, fault.InvalidParam("notify_props")
	}
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	err := c.changeMember(ctx, in.ChannelID, in.UserID, func(m *model.ChannelMember) error {
		for k, value := range in.Props {
			if ownProps[k] {
				m.NotifyProps[k] = value
			}
		}
		if len(toJSON(m.NotifyProps)) > model.ChannelMemberNotifyPropsMaxRunes {
			return fault.Invalid("app.channel.update_member.notify_props_limit_exceeded.app_error")
		}
		return nil
	})
	return api.Done(), err
}

type putAutoTranslationIn struct {
	memberIn
	Body struct {
		Disabled bool `json:"autotranslation_disabled"`
	} `body:"json,body"`
}

func (c *Channels) putAutoTranslation(ctx context.Context, v access.Viewer, in putAutoTranslationIn) (api.OK, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return api.OK{}, err
	}
	ch, err := c.load(ctx, c.db, in.ChannelID)
	if err != nil {
		return api.OK{}, err
	}
	if !ch.AutoTranslation {
		return api.OK{}, fault.Invalid("api.channel.update_channel_member_autotranslation.channel_not_enabled.app_error")
	}
	err = c.changeMember(ctx, in.ChannelID, in.UserID, func(m *model.ChannelMember) error {
		m.AutoTranslationDisabled = in.Body.Disabled
		return nil
	})
	return api.Done(), err
}

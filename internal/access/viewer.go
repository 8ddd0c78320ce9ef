package access

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Router is the router that slices mount their routes on.
type Router = api.Router[Viewer]

// Viewer is who looks: the caller of a request or of a websocket action. The
// zero value is an anonymous viewer, who may do nothing.
type Viewer struct {
	UserID string
	Roles  []string // of the system
	id     *identity
	a      *Access
	system bool
}

// CallerID is the user's id, "" for an anonymous viewer.
func (v Viewer) CallerID() string { return v.UserID }

// Anonymous reports whether nobody is signed in.
func (v Viewer) Anonymous() bool { return v.UserID == "" && !v.system }

// System reports whether the call came over the local socket: the system
// itself, which may do everything and is no user.
func (v Viewer) System() bool { return v.system }

// Session is the session that the call came with, nil for an anonymous viewer.
// Callers must not change it.
func (v Viewer) Session() *model.Session {
	if v.id == nil {
		return nil
	}
	return &v.id.session
}

// SessionID is the id of the session, "" for an anonymous viewer.
func (v Viewer) SessionID() string {
	if v.id == nil {
		return ""
	}
	return v.id.session.ID
}

// Guest reports whether the viewer is a guest.
func (v Viewer) Guest() bool {
	for _, r := range v.Roles {
		if r == model.RoleSystemGuest {
			return true
		}
	}
	return false
}

// Bot reports whether the viewer is a bot account.
func (v Viewer) Bot() bool { return v.id != nil && v.id.bot }

// Username is the viewer's name.
func (v Viewer) Username() string {
	if v.id == nil {
		return ""
	}
	return v.id.username
}

// Can reports whether the viewer's system roles permit p. A failure to find
// out is logged and counts as no.
func (v Viewer) Can(ctx context.Context, p Permission) bool {
	if v.system {
		return true
	}
	if (v.Lent() || !v.Allows(model.ScopeAdmin)) && withheld(p) {
		return false
	}
	return v.decided(ctx, p, func() (bool, error) { return v.a.Grants(ctx, v.Roles, p) })
}

// Admin reports whether the viewer manages the system.
func (v Viewer) Admin(ctx context.Context) bool { return v.Can(ctx, PermManageSystem) }

// CanTeam reports whether the viewer's roles in a team or in the system permit p.
func (v Viewer) CanTeam(ctx context.Context, teamID string, p Permission) bool {
	if v.Can(ctx, p) {
		return true
	}
	return v.decided(ctx, p, func() (bool, error) {
		if teamID == "" {
			return false, nil
		}
		m, err := v.a.TeamMember(ctx, v.UserID, teamID)
		if err != nil || !m.Present {
			return false, err
		}
		names, err := v.a.TeamRoles(ctx, m, teamID)
		if err != nil {
			return false, err
		}
		return v.a.Grants(ctx, names, p)
	})
}

// CanChannel reports whether the viewer's roles in a channel, in its team or
// in the system permit p. Of a channel that doesn't exist nothing is permitted.
func (v Viewer) CanChannel(ctx context.Context, channelID string, p Permission) bool {
	return v.canChannel(ctx, channelID, Member{}, p)
}

// CanJoined is CanChannel of somebody who has joined the channel: of one outside
// it says what they could do after joining. Whether they may join isn't asked.
func (v Viewer) CanJoined(ctx context.Context, channelID string, p Permission) bool {
	return v.canChannel(ctx, channelID, Member{Present: true, SchemeGuest: v.Guest(), SchemeUser: !v.Guest()}, p)
}

// canChannel is CanChannel, with the membership that stands for none.
func (v Viewer) canChannel(ctx context.Context, channelID string, outside Member, p Permission) bool {
	return v.decided(ctx, p, func() (bool, error) {
		c, err := v.a.Channel(ctx, channelID)
		if err != nil {
			return false, err
		}
		m, err := v.a.ChannelMember(ctx, v.UserID, channelID)
		if err != nil {
			return false, err
		}
		if !m.Present {
			m = outside
		}
		if m.Present {
			if ok, err := v.a.grantsInChannel(ctx, m, channelID, p); ok || err != nil {
				return ok, err
			}
		}
		return v.CanTeam(ctx, c.TeamID, p), nil
	})
}

// MayRead reports whether the viewer may read what is written in a channel: a
// member, or somebody who may read the open channels of its team.
func (v Viewer) MayRead(ctx context.Context, ch *ChannelFacts) bool {
	return v.CanChannel(ctx, ch.ID, PermReadChannelContent) ||
		ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, PermReadPublicChannel)
}

func (v Viewer) decided(ctx context.Context, p Permission, ask func() (bool, error)) bool {
	if v.a == nil || v.Anonymous() {
		return false
	}
	ok, err := ask()
	if err != nil {
		if !fault.IsNotFound(err) && ctx.Err() == nil {
			v.a.log.Error("permission refused because it could not be checked", "permission", p, "error", err)
		}
		return false
	}
	return ok
}

// Need refuses with 403 unless the system roles permit any of perms.
func (v Viewer) Need(ctx context.Context, perms ...Permission) error {
	return need(perms, func(p Permission) bool { return v.Can(ctx, p) })
}

// NeedTeam refuses with 403 unless any of perms is permitted in the team.
func (v Viewer) NeedTeam(ctx context.Context, teamID string, perms ...Permission) error {
	return need(perms, func(p Permission) bool { return v.CanTeam(ctx, teamID, p) })
}

// NeedChannel refuses with 403 unless any of perms is permitted in the channel.
func (v Viewer) NeedChannel(ctx context.Context, channelID string, perms ...Permission) error {
	return need(perms, func(p Permission) bool { return v.CanChannel(ctx, channelID, p) })
}

// NeedUser refuses with 403 unless the viewer is the user, or may edit others;
// an administrator's account may be touched by administrators only.
func (v Viewer) NeedUser(ctx context.Context, userID string) error {
	if v.UserID == userID && userID != "" {
		return nil
	}
	return v.Need(ctx, PermEditOtherUsers)
}

func need(perms []Permission, can func(Permission) bool) error {
	names := make([]string, len(perms))
	for i, p := range perms {
		if can(p) {
			return nil
		}
		names[i] = string(p)
	}
	return fault.NoPermission(names...)
}

// Acting returns a viewer for work that the server does in a user's name, such
// as a job or a bridge; it has the roles given and no session.
func (a *Access) Acting(userID, username, roles string) Viewer {
	return Viewer{UserID: userID, Roles: strings.Fields(roles), a: a,
		id: &identity{username: username, session: model.Session{UserID: userID, Roles: roles}}}
}

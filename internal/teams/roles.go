package teams

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type putRolesIn struct {
	memberIn
	Body struct {
		Roles string `json:"roles"`
	} `body:"json,roles"`
}

// putRoles sets all roles of a member by name.
func (t *Teams) putRoles(ctx context.Context, v access.Viewer, in putRolesIn) (api.OK, error) {
	names := strings.Fields(in.Body.Roles)
	if len(names) == 0 || len(names) > rolesMost || slices.ContainsFunc(names, func(n string) bool { return !model.ValidRoleName(n) }) {
		return api.OK{}, fault.InvalidParam("team_member_roles")
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeamRoles); err != nil {
		return api.OK{}, err
	}
	managed, err := t.knownRoles(ctx, names)
	if err != nil {
		return api.OK{}, err
	}
	scheme, err := t.schemeNames(ctx, t.db, in.TeamID)
	if err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.setRoles(ctx, in, func(m *model.TeamMember) error {
		guest := m.SchemeGuest
		m.SchemeGuest, m.SchemeUser, m.SchemeAdmin = false, false, false
		var explicit []string
		for _, name := range names {
			switch {
			case name == scheme.admin:
				m.SchemeAdmin = true
			case name == scheme.user:
				m.SchemeUser = true
			case name == scheme.guest:
				m.SchemeGuest = true
			case managed[name]:
				return fault.Invalid("api.channel.update_team_member_roles.scheme_role.app_error")
			// The roles of the whole system are not a team's to give.
			case strings.HasPrefix(name, "system_") && !v.Admin(ctx):
				return fault.NoPermission(string(access.PermManageSystem))
			case !slices.Contains(explicit, name):
				explicit = append(explicit, name)
			}
		}
		m.ExplicitRoles = strings.Join(explicit, " ")
		switch {
		case m.SchemeGuest && (m.SchemeUser || m.SchemeAdmin):
			return fault.Invalid("api.team.update_team_member_roles.guest_and_user.app_error")
		case m.SchemeGuest != guest:
			return fault.Invalid("api.channel.update_team_member_roles.changing_guest_role.app_error")
		case len(m.ExplicitRoles) > rolesWidth:
			return fault.Invalid("model.team_member.is_valid.roles_limit.app_error", "Limit", rolesWidth)
		}
		return nil
	})
}

const (
	rolesMost  = 50
	rolesWidth = 256 // of the column teammembers.roles
)

// knownRoles refuses names that are no role's, and tells which are given by
// schemes alone.
func (t *Teams) knownRoles(ctx context.Context, names []string) (map[string]bool, error) {
	type role struct {
		name    string
		managed bool
	}
	rows, err := db.List(ctx, t.db, func(r db.Row) (role, error) {
		var f role
		err := r.Scan(&f.name, &f.managed)
		return f, err
	}, `SELECT name, coalesce(schememanaged,false) FROM roles WHERE name = ANY($1) AND deleteat = 0 LIMIT $2`, names, len(names))
	if err != nil {
		return nil, err
	}
	managed := make(map[string]bool, len(rows))
	for _, r := range rows {
		managed[r.name] = r.managed
	}
	for _, name := range names {
		if _, known := managed[name]; !known {
			return nil, fault.Invalid("app.role.get_by_name.app_error")
		}
	}
	return managed, nil
}

type putSchemeRolesIn struct {
	memberIn
	Body model.SchemeRoles `body:"json,scheme_roles"`
}

// putSchemeRoles makes a member an administrator of the team, or an ordinary
// member again. Guests stay guests.
func (t *Teams) putSchemeRoles(ctx context.Context, v access.Viewer, in putSchemeRolesIn) (api.OK, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeamRoles); err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.setRoles(ctx, putRolesIn{memberIn: in.memberIn}, func(m *model.TeamMember) error {
		switch {
		case m.SchemeGuest:
			return fault.Invalid("api.team.update_team_member_roles.guest.app_error")
		case in.Body.SchemeGuest:
			return fault.Invalid("api.team.update_team_member_roles.user_and_guest.app_error")
		case !in.Body.SchemeUser:
			return fault.Invalid("api.team.update_team_member_roles.unset_user_scheme.app_error")
		}
		m.SchemeUser, m.SchemeAdmin = true, in.Body.SchemeAdmin
		return nil
	})
}

// setRoles changes a membership's roles: fn gets the row as it is now.
func (t *Teams) setRoles(ctx context.Context, in putRolesIn, fn func(m *model.TeamMember) error) error {
	var changed *model.TeamMember
	err := t.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "members of team "+in.TeamID); err != nil {
			return err
		}
		m, err := t.member(ctx, tx, in.TeamID, in.UserID)
		if err != nil {
			return err
		}
		if m.DeleteAt != 0 {
			return fault.NotFound("app.team.get_member.missing.app_error")
		}
		if err := fn(m); err != nil {
			return err
		}
		tx.AfterCommit(func() { t.acc.ForgetTeamMember(m.UserID, m.TeamID) })
		changed = m
		return putMembers(ctx, tx, []*model.TeamMember{m})
	})
	if err != nil {
		return err
	}
	if err := t.nameRoles(ctx, changed); err != nil {
		return err
	}
	t.sayRoles(changed)
	return nil
}

// sayRoles tells a member's clients what they are now.
func (t *Teams) sayRoles(m *model.TeamMember) {
	raw, err := json.Marshal(m)
	if err != nil {
		t.log.Error("an event was not told", "event", "memberrole_updated", "error", err)
		return
	}
	t.hub.Publish(realtime.Event{Name: "memberrole_updated", Data: map[string]string{"member": string(raw)}, To: realtime.Audience{UserID: m.UserID}})
}

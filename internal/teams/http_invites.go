package teams

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

func (t *Teams) mountInvites(r *access.Router) {
	api.Get(r, "/teams/invite/{invite_id}", access.Public, t.getInvite)
	api.Post(r, "/teams/members/invite", access.Session, t.postMemberByInvite, api.Created())
	api.Post(r, "/teams/{team_id}/invite/email", access.Session, t.postInvites)
	api.Post(r, "/teams/{team_id}/invite-guests/email", access.Session, t.postGuestInvites)
	api.Delete(r, "/teams/invites/email", access.Needs(access.PermInvalidateEmailInvite), t.deleteInvites)
}

// byInvite returns the live team whose invite link ends in inviteID.
func (t *Teams) byInvite(ctx context.Context, inviteID string) (*model.Team, error) {
	const missing = "app.team.get_by_invite_id.finding.app_error"
	if inviteID == "" {
		return nil, fault.NotFound(missing)
	}
	return t.one(ctx, t.db, missing, "t.inviteid = $1 AND t.deleteat = 0", inviteID)
}

type getInviteIn struct {
	InviteID string `path:"invite_id,text"`
}

// getInvite shows a stranger with a link where it leads.
func (t *Teams) getInvite(ctx context.Context, _ access.Viewer, in getInviteIn) (model.InviteInfo, error) {
	team, err := t.byInvite(ctx, in.InviteID)
	if err != nil {
		return model.InviteInfo{}, err
	}
	if team.Type != model.TeamOpen {
		return model.InviteInfo{}, fault.Forbidden("api.team.get_invite_info.not_open_team")
	}
	return model.InviteInfo{ID: team.ID, Name: team.Name, DisplayName: team.DisplayName, Description: team.Description}, nil
}

type postByInviteIn struct {
	Token    string `query:"token"`
	InviteID string `query:"invite_id"`
}

// postMemberByInvite lets the viewer in by a mailed invitation or by the team's link.
func (t *Teams) postMemberByInvite(ctx context.Context, v access.Viewer, in postByInviteIn) (*model.TeamMember, error) {
	switch {
	case in.Token != "":
		return t.joinByMail(ctx, v, in.Token)
	case in.InviteID == "":
		return nil, fault.Invalid("api.team.add_user_to_team.missing_parameter.app_error")
	case v.Guest():
		return nil, fault.Forbidden("api.team.add_user_to_team_from_invite.guest.app_error")
	}
	team, err := t.byInvite(ctx, in.InviteID)
	if err != nil {
		return nil, err
	}
	if team.GroupConstrained != nil && *team.GroupConstrained {
		return nil, fault.Forbidden("app.team.invite_id.group_constrained.error")
	}
	return t.Join(ctx, "", v.UserID, team.ID)
}

type postInvitesIn struct {
	teamIn
	Graceful bool   `query:"graceful"`
	Raw      []byte `body:"raw"`
}

func (t *Teams) postInvites(ctx context.Context, v access.Viewer, in postInvitesIn) (any, error) {
	var m model.MemberInvite
	if err := api.DecodeJSON(in.Raw, &m); err != nil {
		return nil, fault.Invalid("api.team.invite_members_to_team_and_channels.invalid_body.app_error").Wrap(err)
	}
	if err := t.mayMail(ctx, v, in.TeamID); err != nil {
		return nil, err
	}
	return t.postMails(ctx, v, in, invitation{kind: model.TokenTypeTeamInvitation, emails: m.Emails, channels: m.ChannelIDs, note: m.Message})
}

// mayMail refuses who may not invite people into a team by mail, and everybody
// while the setting is off.
func (t *Teams) mayMail(ctx context.Context, v access.Viewer, teamID string) error {
	if err := v.NeedTeam(ctx, teamID, access.PermInviteUser); err != nil {
		return err
	}
	if err := v.NeedTeam(ctx, teamID, access.PermAddUserToTeam); err != nil {
		return err
	}
	if !t.cfg.Get().ServiceSettings.EnableEmailInvitations {
		return fault.NotImplemented("api.team.invite_members.disabled.app_error")
	}
	return nil
}

// InviteByMail invites people into a team as the route POST
// /teams/{team_id}/invite/email does gracefully: the answer says what became of
// each address.
func (t *Teams) InviteByMail(ctx context.Context, v access.Viewer, teamID string, emails []string) ([]model.EmailInviteWithError, error) {
	if err := t.mayMail(ctx, v, teamID); err != nil {
		return nil, err
	}
	return t.invite(ctx, v, teamID, invitation{kind: model.TokenTypeTeamInvitation, emails: emails}, true)
}

type postGuestInvitesIn struct {
	postInvitesIn
	MagicLink bool `query:"guest_magic_link"`
}

func (t *Teams) postGuestInvites(ctx context.Context, v access.Viewer, in postGuestInvitesIn) (any, error) {
	guests := t.cfg.Get().GuestAccountsSettings
	switch {
	case !guests.Enable:
		return nil, fault.NotImplemented("api.team.invite_guests_to_channels.disabled.error")
	case in.MagicLink:
		// Signing in by a mailed link alone is not offered.
		return nil, fault.Forbidden("api.team.invite_guests_to_channels.guest_magic_link_disabled.error")
	}
	var g model.GuestsInvite
	if err := api.DecodeJSON(in.Raw, &g); err != nil {
		return nil, fault.Invalid("api.team.invite_guests_to_channels.invalid_body.app_error").Wrap(err)
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermInviteGuest); err != nil {
		return nil, err
	}
	if !t.cfg.Get().ServiceSettings.EnableEmailInvitations {
		return nil, fault.NotImplemented("api.team.invite_members.disabled.app_error")
	}
	if len(g.Channels) == 0 {
		return nil, fault.InvalidParam("channels")
	}
	return t.postMails(ctx, v, in.postInvitesIn, invitation{kind: model.TokenTypeGuestInvitation, emails: g.Emails, channels: g.Channels, note: g.Message})
}

// postMails answers with OK, or gracefully with what became of each address.
func (t *Teams) postMails(ctx context.Context, v access.Viewer, in postInvitesIn, i invitation) (any, error) {
	asked, seen := i.emails, map[string]bool{}
	i.emails = nil
	for _, email := range asked {
		if email = strings.ToLower(strings.TrimSpace(email)); !seen[email] {
			seen[email] = true
			i.emails = append(i.emails, email)
		}
	}
	sent, err := t.invite(ctx, v, in.TeamID, i, in.Graceful)
	if err != nil {
		return nil, err
	}
	if in.Graceful {
		return sent, nil
	}
	return api.Done(), nil
}

func (t *Teams) deleteInvites(ctx context.Context, _ access.Viewer, _ api.None) (api.OK, error) {
	_, err := db.Exec(ctx, t.db, `DELETE FROM tokens WHERE type = ANY($1)`,
		[]string{model.TokenTypeTeamInvitation, model.TokenTypeGuestInvitation, model.TokenTypeGuestMagicLinkInvitation})
	if err != nil {
		return api.OK{}, fault.Internal("api.team.invalidate_all_email_invites.app_error", err)
	}
	return api.Done(), nil
}

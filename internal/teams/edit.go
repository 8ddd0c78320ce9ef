package teams

import (
	"context"
	"encoding/json"
	"net/mail"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// validate holds a team against the rules of its fields, in the order in which
// the protocol names the first that is broken.
func validate(t *model.Team) error {
	n := utf8.RuneCountInString(t.DisplayName)
	switch {
	case len(t.Email) > model.TeamEmailMaxLength || t.Email != "" && !isAddress(t.Email):
		return fault.Invalid("model.team.is_valid.email.app_error")
	case n == 0 || n > model.TeamDisplayNameMaxRunes:
		return fault.Invalid("model.team.is_valid.name.app_error")
	case len(t.Name) > model.TeamNameMaxLength:
		return fault.Invalid("model.team.is_valid.url.app_error")
	case len(t.Description) > model.TeamDescriptionMaxLength:
		return fault.Invalid("model.team.is_valid.description.app_error")
	case model.ReservedTeamName(t.Name):
		return fault.Invalid("model.team.is_valid.reserved.app_error")
	case !model.ValidTeamName(t.Name):
		return fault.Invalid("model.team.is_valid.characters.app_error")
	case t.Type != model.TeamOpen && t.Type != model.TeamInvite:
		return fault.Invalid("model.team.is_valid.type.app_error")
	case len(t.CompanyName) > model.TeamCompanyNameMaxLength:
		return fault.Invalid("model.team.is_valid.company.app_error")
	case len(t.AllowedDomains) > model.TeamAllowedDomainsMaxLength:
		return fault.Invalid("model.team.is_valid.domains.app_error")
	}
	return nil
}

// Check is validate for an import, which writes rows with times of their own.
func Check(t *model.Team) error { return validate(t) }

func isAddress(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}

// create makes a team of what a client asks for. Its maker is its owner, its
// first member and its administrator; what the system makes has none.
func (t *Teams) create(ctx context.Context, v access.Viewer, asked *model.Team) (*model.Team, error) {
	by := &model.User{Email: asked.Email}
	if !v.System() {
		var err error
		if by, err = t.users.ByID(ctx, v.UserID); err != nil {
			return nil, err
		}
	}
	team := &model.Team{ID: id.New(), CreateAt: id.Now(), DisplayName: asked.DisplayName, Name: asked.Name, Description: asked.Description,
		Email: by.Email, Type: asked.Type, CompanyName: asked.CompanyName, AllowedDomains: asked.AllowedDomains, InviteID: id.New(),
		AllowOpenInvite: asked.AllowOpenInvite, GroupConstrained: asked.GroupConstrained, SchemeID: asked.SchemeID}
	team.UpdateAt = team.CreateAt
	if err := validate(team); err != nil {
		return nil, err
	}
	if team.SchemeID != nil {
		var err error
		if team.SchemeID, err = t.teamScheme(ctx, *team.SchemeID); err != nil {
			return nil, err
		}
	}
	if !v.System() && !t.domainAllowed(team, by) {
		return nil, fault.Invalid("api.team.is_team_creation_allowed.domain.app_error")
	}
	var first []*admission
	if !v.System() {
		owner := &model.TeamMember{TeamID: team.ID, UserID: by.ID, SchemeUser: !by.IsGuest(), SchemeGuest: by.IsGuest(),
			SchemeAdmin: !by.IsGuest(), CreateAt: team.CreateAt}
		first = []*admission{{userID: by.ID, member: owner, fresh: true}}
	}
	if err := t.found(ctx, team, first); err != nil {
		return nil, err
	}
	t.Created.Publish(ctx, Created{Team: team, ByID: by.ID})
	return team, t.welcome(ctx, way{byID: by.ID}, team.ID, first)
}

// found writes a new team with its first members.
func (t *Teams) found(ctx context.Context, team *model.Team, first []*admission) error {
	return t.db.Tx(ctx, func(tx *db.Tx) error {
		if err := insert(ctx, tx, team); err != nil {
			return err
		}
		tx.AfterCommit(func() {
			t.acc.ForgetTeam(team.ID)
			for _, a := range first {
				t.acc.ForgetTeamMember(a.userID, team.ID)
				t.hub.JoinedTeam(a.userID, team.ID)
			}
		})
		members := make([]*model.TeamMember, len(first))
		for i, a := range first {
			members[i] = a.member
		}
		return putMembers(ctx, tx, members)
	})
}

// edit changes a team's row: fn gets a copy of it as it is now. UpdateAt always
// grows. Caches are told; topics and events are the caller's.
func (t *Teams) edit(ctx context.Context, teamID string, fn func(tx *db.Tx, team *model.Team) error) (Updated, error) {
	var u Updated
	err := t.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "team "+teamID); err != nil {
			return err
		}
		old, err := t.load(ctx, tx, teamID)
		if err != nil {
			return err
		}
		fresh := *old
		fresh.UpdateAt = max(id.Now(), old.UpdateAt+1)
		if err := fn(tx, &fresh); err != nil {
			return err
		}
		u = Updated{Old: old, New: &fresh}
		tx.AfterCommit(func() {
			t.acc.ForgetTeam(teamID)
			if old.DeleteAt != fresh.DeleteAt { // who doesn't see a closed team sees it again
				t.acc.Answers.Changed(access.Anything)
			}
		})
		return update(ctx, tx, &fresh)
	})
	return u, err
}

// change is edit for what everybody in the team hears of as an update.
func (t *Teams) change(ctx context.Context, v access.Viewer, teamID string, fn func(team *model.Team) error) (*model.Team, error) {
	u, err := t.edit(ctx, teamID, func(_ *db.Tx, team *model.Team) error {
		if err := fn(team); err != nil {
			return err
		}
		return validate(team)
	})
	if err != nil {
		return nil, err
	}
	u.ByID = v.UserID
	t.Updated.Publish(ctx, u)
	t.say("update_team", u.New)
	return u.New, nil
}

// patch changes the fields that p sets. Who may come in is for those to say who
// may invite.
func (t *Teams) patch(ctx context.Context, v access.Viewer, teamID string, p *model.TeamPatch) (*model.Team, error) {
	p.CloudLimitsArchived = nil // never a client's to say
	mayInvite := v.CanTeam(ctx, teamID, access.PermInviteUser)
	return t.change(ctx, v, teamID, func(team *model.Team) error {
		was := *team
		p.Apply(team)
		if (team.AllowOpenInvite != was.AllowOpenInvite || team.AllowedDomains != was.AllowedDomains) && !mayInvite {
			return fault.NoPermission(string(access.PermInviteUser))
		}
		if team.AllowedDomains != was.AllowedDomains {
			return t.checkDomains(team.AllowedDomains)
		}
		return nil
	})
}

// checkDomains refuses a team's list of domains that leads out of the server's.
func (t *Teams) checkDomains(list string) error {
	limit := splitDomains(t.cfg.Get().TeamSettings.RestrictCreationToDomains)
	if len(limit) == 0 {
		return nil
	}
	within := set(limit)
	for _, d := range splitDomains(list) {
		if !within[d] {
			return fault.Invalid("api.team.update_restricted_domains.mismatch.app_error", "Domain", d)
		}
	}
	return nil
}

// setPrivacy opens a team to everybody or closes it. The invite link of a team
// that is closed stops working.
func (t *Teams) setPrivacy(ctx context.Context, v access.Viewer, teamID, kind string) (*model.Team, error) {
	return t.change(ctx, v, teamID, func(team *model.Team) error {
		open := kind == model.TeamOpen
		if !open && (team.AllowOpenInvite || team.Type != kind) {
			team.InviteID = id.New()
		}
		team.Type, team.AllowOpenInvite = kind, open
		return nil
	})
}

// archive closes a team; restore reopens it.
func (t *Teams) archive(ctx context.Context, v access.Viewer, teamID string) error {
	u, err := t.edit(ctx, teamID, func(_ *db.Tx, team *model.Team) error {
		team.DeleteAt = team.UpdateAt
		return nil
	})
	if err != nil {
		return err
	}
	t.Archived.Publish(ctx, Changed{Team: u.New, ByID: v.UserID})
	t.say("delete_team", u.New)
	return nil
}

func (t *Teams) restore(ctx context.Context, v access.Viewer, teamID string) (*model.Team, error) {
	u, err := t.edit(ctx, teamID, func(_ *db.Tx, team *model.Team) error {
		team.DeleteAt = 0
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.Restored.Publish(ctx, Changed{Team: u.New, ByID: v.UserID})
	t.say("restore_team", u.New)
	return u.New, nil
}

// remove deletes a team for good. Its parts go first, by the topic, so that
// what was cut off can be done again.
func (t *Teams) remove(ctx context.Context, v access.Viewer, teamID string) error {
	if err := t.archive(ctx, v, teamID); err != nil {
		return err
	}
	team, err := t.load(ctx, t.db, teamID)
	if err != nil {
		return err
	}
	t.Deleted.Publish(ctx, Changed{Team: team, ByID: v.UserID})
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		left, err := db.List(ctx, tx, db.One[string], `DELETE FROM teammembers WHERE teamid = $1 RETURNING userid`, teamID)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() {
			t.acc.ForgetTeam(teamID)
			for _, userID := range left {
				t.acc.ForgetTeamMember(userID, teamID)
				t.hub.LeftTeam(userID, teamID)
			}
		})
		_, err = db.Exec(ctx, tx, `DELETE FROM teams WHERE id = $1`, teamID)
		return err
	})
	if err != nil {
		return err
	}
	return t.blobs.Delete(ctx, iconName(teamID))
}

// setScheme gives a team another scheme, the built-in roles for "".
func (t *Teams) setScheme(ctx context.Context, v access.Viewer, teamID, schemeID string) error {
	scheme, err := t.teamScheme(ctx, schemeID)
	if err != nil {
		return err
	}
	u, err := t.edit(ctx, teamID, func(_ *db.Tx, team *model.Team) error {
		team.SchemeID = scheme
		return nil
	})
	if err != nil {
		return err
	}
	u.ByID = v.UserID
	t.Updated.Publish(ctx, u)
	t.say("update_team_scheme", u.New)
	return nil
}

// say tells the members of a team of it as anybody among them may see it.
func (t *Teams) say(name string, team *model.Team) {
	shown, err := json.Marshal(team.Sanitized(false, false))
	if err != nil {
		t.log.Error("an event was not told", "event", name, "error", err)
		return
	}
	t.hub.Publish(realtime.Event{Name: name, Data: map[string]string{"team": string(shown)}, To: realtime.Audience{TeamID: team.ID}})
}

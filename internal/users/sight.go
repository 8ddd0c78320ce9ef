package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Shown returns a copy of user with what v may know of them: all but the
// secrets for themselves and, but for the times of their sign-in, for
// administrators; the profile, as the privacy settings allow, for others.
func (u *Users) Shown(ctx context.Context, v access.Viewer, user *model.User) *model.User {
	switch {
	case v.UserID == user.ID:
		return ownView(user)
	case v.Admin(ctx):
		return adminView(user)
	}
	return u.publicView(user)
}

// shownAll is Shown for a list.
func (u *Users) shownAll(ctx context.Context, v access.Viewer, list []*model.User) []*model.User {
	out := make([]*model.User, len(list))
	show := u.publicView
	if v.Admin(ctx) {
		show = adminView
	}
	for i, user := range list {
		out[i] = show(user)
	}
	return out
}

// withoutSecrets is the part that nobody is shown.
func withoutSecrets(user *model.User) *model.User {
	c := *user
	c.Password, c.MFASecret, c.MFAUsedTimestamps = "", "", nil
	c.FailedAttempts, c.LastLogin = 0, 0
	if c.Locale == "" {
		c.Locale = model.DefaultLocale
	}
	return &c
}

func ownView(user *model.User) *model.User {
	c := withoutSecrets(user)
	if c.AuthData != nil {
		c.AuthData = new(string)
	}
	return c
}

func adminView(user *model.User) *model.User {
	c := withoutSecrets(user)
	c.AllowMarketing, c.LastPasswordUpdate = false, 0
	return c
}

func (u *Users) publicView(user *model.User) *model.User {
	c := adminView(user)
	c.AuthData, c.AuthService = new(string), ""
	c.EmailVerified, c.MFAActive = false, false
	c.NotifyProps = nil
	privacy := u.cfg.Get().PrivacySettings
	if !privacy.ShowEmailAddress {
		c.Email = ""
	}
	if !privacy.ShowFullName {
		c.FirstName, c.LastName = "", ""
	}
	return c
}

// sight is whom a viewer may see: everybody, or those who share a channel or
// one of some teams with them.
type sight struct {
	all    bool
	viewer string
	teams  []string
}

func (u *Users) sight(ctx context.Context, v access.Viewer) (sight, error) {
	if v.Can(ctx, access.PermViewMembers) {
		return sight{all: true}, nil
	}
	s := sight{viewer: v.UserID}
	teams, err := db.List(ctx, u.db, db.One[string], `SELECT teamid FROM teammembers WHERE userid = $1 AND deleteat = 0 LIMIT 1000`, v.UserID)
	if err != nil {
		return s, err
	}
	for _, teamID := range teams {
		if v.CanTeam(ctx, teamID, access.PermViewMembers) {
			s.teams = append(s.teams, teamID)
		}
	}
	return s, nil
}

// where returns the condition over u that keeps to the sight, numbering its
// parameters from next on.
func (s sight) where(next int) (string, []any) {
	if s.all {
		return "", nil
	}
	return fmt.Sprintf(`(u.id = $%[1]d
		OR EXISTS (SELECT 1 FROM channelmembers mine JOIN channelmembers theirs ON theirs.channelid = mine.channelid AND theirs.userid = u.id WHERE mine.userid = $%[1]d)
		OR EXISTS (SELECT 1 FROM teammembers tm WHERE tm.userid = u.id AND tm.teamid = ANY($%[2]d) AND tm.deleteat = 0))`, next, next+1), []any{s.viewer, s.teams}
}

// CanSee reports whether v may know of a user: everybody who may view members,
// else those who share a channel, or a team where that is permitted.
func (u *Users) CanSee(ctx context.Context, v access.Viewer, userID string) (bool, error) {
	if v.UserID == userID && userID != "" {
		return true, nil
	}
	s, err := u.sight(ctx, v)
	if err != nil || s.all {
		return err == nil, err
	}
	cond, args := s.where(1)
	args = append(args, userID)
	_, err = db.Value[string](ctx, u.db, fmt.Sprintf(`SELECT u.id FROM users u WHERE %s AND u.id = $%d`, cond, len(args)), args...)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// visible returns a user whom v may see; 403 when they may not, whether or not
// the user exists.
func (u *Users) visible(ctx context.Context, v access.Viewer, userID string) (*model.User, error) {
	ok, err := u.CanSee(ctx, v, userID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.NoPermission(string(access.PermViewMembers))
	}
	return u.ByID(ctx, userID)
}

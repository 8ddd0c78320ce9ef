package users

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Shown returns a copy of user with what v may know of them: all but the
// secrets for themselves and, but for the history of their sign-ins, for
// administrators; the profile, as the privacy settings allow, for others.
func (u *Users) Shown(ctx context.Context, v access.Viewer, user *model.User) *model.User {
	switch {
	case v.UserID == user.ID:
		c := user.ForSelf()
		return &c
	case v.Admin(ctx):
		c := user.ForAdmin()
		return &c
	}
	return u.publicView(user)
}

// shownAll is Shown for a list, in which the viewer is one among others.
func (u *Users) shownAll(ctx context.Context, v access.Viewer, list []*model.User) userList {
	out := make(userList, len(list))
	admin := v.Admin(ctx)
	for i, user := range list {
		if admin {
			c := user.ForAdmin()
			out[i] = &c
		} else {
			out[i] = u.publicView(user)
		}
	}
	return out
}

// userList is a list of users that writes itself.
type userList []*model.User

// AppendJSON appends the list as JSON to dst.
func (l userList) AppendJSON(dst []byte) []byte { return model.AppendList(dst, l) }

// MarshalJSON is for lists inside other answers.
func (l userList) MarshalJSON() ([]byte, error) { return l.AppendJSON(nil), nil }

// publicView is what people see of each other.
func (u *Users) publicView(user *model.User) *model.User {
	privacy := u.cfg.Get().PrivacySettings
	c := user.ForOthers(model.Visibility{Email: privacy.ShowEmailAddress, FullName: privacy.ShowFullName})
	c.AuthService = "" // how somebody signs in is between them and the administrators
	return &c
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

// Seen returns those of ids whom v may know of, in their order; ids that
// nobody has are among them only for viewers who may see everybody.
func (u *Users) Seen(ctx context.Context, v access.Viewer, ids []string) ([]string, error) {
	s, err := u.sight(ctx, v)
	if err != nil || s.all || len(ids) == 0 {
		return ids, err
	}
	cond, args := s.where(1)
	args = append(args, ids, len(ids))
	seen, err := db.List(ctx, u.db, db.One[string], fmt.Sprintf(`SELECT u.id FROM users u WHERE %s AND u.id = ANY($%d) LIMIT $%d`, cond, len(args)-1, len(args)), args...)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(seen))
	for _, userID := range seen {
		known[userID] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(userID string) bool { return !known[userID] }), nil
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

// GuestSees reports whether a guest may know of a user: for the websocket hub,
// which has no viewer at hand. What can't be found out is a no.
func (u *Users) GuestSees(guestID, userID string) bool {
	ok, err := u.CanSee(context.Background(), u.acc.Acting(guestID, "", model.RoleSystemGuest), userID)
	return err == nil && ok
}

// NameFor is the username of an account that v may know of; "" otherwise.
func (u *Users) NameFor(ctx context.Context, v access.Viewer, userID string) string {
	if !id.Valid(userID) {
		return ""
	}
	if sees, err := u.CanSee(ctx, v, userID); err != nil || !sees {
		return ""
	}
	user, err := u.ByID(ctx, userID)
	if err != nil {
		return ""
	}
	return user.Username
}

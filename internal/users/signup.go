package users

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type signupIn struct {
	User   model.User `body:"json,user"`
	Token  string     `query:"t"`
	Invite string     `query:"iid"`
}

// signup answers POST /users: by an invitation sent by mail, by a team's
// invite link, by an administrator, or by anybody while the server is open.
func (u *Users) signup(ctx context.Context, v access.Viewer, in signupIn) (*model.User, error) {
	user := &in.User
	admin := v.Admin(ctx)
	strangersPart(user, admin)
	var into Invited
	var err error
	switch {
	case in.Token != "":
		into, err = u.invitedByMail(ctx, user, in.Token)
	case in.Invite != "":
		into, err = u.invitedByLink(ctx, user, in.Invite)
	case !admin:
		err = u.mayJoin(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err := u.create(ctx, user, in.Token); err != nil {
		return nil, err
	}
	if into.TeamID != "" {
		into.User = user
		u.Invited.Publish(ctx, into)
	}
	if !admin {
		u.welcome(ctx, user)
	}
	u.Audit(ctx, v, "/api/v4/users", "user_id="+user.ID)
	shown := user.ForSelf()
	return &shown, nil
}

// strangersPart leaves of a sign-up's body what a stranger may say of
// themselves; administrators may also say how the account signs in.
func strangersPart(user *model.User, admin bool) {
	clean := model.User{Username: user.Username, Password: user.Password, Email: user.Email, Nickname: user.Nickname,
		FirstName: user.FirstName, LastName: user.LastName, Position: user.Position, Props: user.Props,
		NotifyProps: user.NotifyProps, Locale: user.Locale, Timezone: user.Timezone, AllowMarketing: user.AllowMarketing,
		DisableWelcomeEmail: user.DisableWelcomeEmail, RemoteID: new(string), Roles: model.RoleSystemUser}
	if admin {
		clean.AuthData, clean.AuthService, clean.EmailVerified = user.AuthData, user.AuthService, user.EmailVerified
	}
	*user = clean
}

// signupOpen refuses while accounts by e-mail address are switched off.
func (u *Users) signupOpen() error {
	c := u.cfg.Get()
	if !c.EmailSettings.EnableSignUpWithEmail || !c.TeamSettings.EnableUserCreation {
		return fault.NotImplemented("api.user.create_user.signup_email_disabled.app_error")
	}
	return nil
}

// mayJoin refuses strangers without an invitation unless the server is open or
// has nobody yet.
func (u *Users) mayJoin(ctx context.Context) error {
	if err := u.signupOpen(); err != nil {
		return err
	}
	if u.cfg.Get().TeamSettings.EnableOpenServer {
		return nil
	}
	none, err := u.nobodyYet(ctx, u.db)
	if err != nil {
		return err
	}
	if !none {
		return fault.Forbidden("api.user.create_user.no_open_server")
	}
	return nil
}

// nobodyYet reports whether no person has an account; once there is one it
// costs nothing.
func (u *Users) nobodyYet(ctx context.Context, q db.Querier) (bool, error) {
	if u.somebody.Load() {
		return false, nil
	}
	_, err := db.Value[string](ctx, q, `SELECT u.id FROM users u LEFT JOIN bots b ON b.userid = u.id WHERE b.userid IS NULL LIMIT 1`)
	if errors.Is(err, db.ErrNotFound) {
		return true, nil
	}
	if err == nil {
		u.somebody.Store(true)
	}
	return false, err
}

// mailInvitation is what a token of an invitation by mail says.
type mailInvitation struct {
	TeamID   string `json:"teamId"`
	Email    string `json:"email"`
	Channels string `json:"channels"` // ids, space separated; for guests
	SenderID string `json:"senderId"`
}

func (u *Users) invitedByMail(ctx context.Context, user *model.User, secret string) (Invited, error) {
	var none Invited
	if err := u.signupOpen(); err != nil {
		return none, err
	}
	token, err := u.acc.OneTime(ctx, u.db, secret)
	if errors.Is(err, db.ErrNotFound) {
		return none, fault.Invalid("api.user.create_user.signup_link_invalid.app_error")
	}
	if err != nil {
		return none, err
	}
	switch token.Type {
	case model.TokenTypeTeamInvitation:
	case model.TokenTypeGuestInvitation:
		if !u.cfg.Get().GuestAccountsSettings.Enable {
			return none, fault.Invalid("api.user.create_user.guest_accounts.disabled.app_error")
		}
		user.Roles = model.RoleSystemGuest
	default:
		return none, fault.Invalid("api.user.create_user.invalid_invitation_type.app_error")
	}
	if id.Now()-token.CreateAt > model.InvitationLifetime {
		return none, fault.Invalid("api.user.create_user.signup_link_expired.app_error")
	}
	var said mailInvitation
	if json.Unmarshal([]byte(token.Extra), &said) != nil {
		return none, fault.Invalid("api.user.create_user.signup_link_invalid.app_error")
	}
	if !strings.EqualFold(strings.TrimSpace(user.Email), said.Email) {
		return none, fault.Invalid("api.user.create_user.bad_token_email_data.app_error")
	}
	team, err := u.acc.Team(ctx, said.TeamID)
	if err != nil {
		return none, err
	}
	user.EmailVerified = true // the link came by mail
	return Invited{TeamID: team.ID, Channels: strings.Fields(said.Channels), ByID: said.SenderID}, nil
}

func (u *Users) invitedByLink(ctx context.Context, user *model.User, inviteID string) (Invited, error) {
	var none Invited
	if err := u.signupOpen(); err != nil {
		return none, err
	}
	teamID, err := db.Value[string](ctx, u.db, `SELECT id FROM teams WHERE inviteid = $1 AND deleteat = 0 LIMIT 1`, inviteID)
	if errors.Is(err, db.ErrNotFound) || inviteID == "" {
		return none, fault.NotFound("app.team.get_by_invite_id.finding.app_error")
	}
	if err != nil {
		return none, err
	}
	team, err := u.acc.Team(ctx, teamID)
	if err != nil {
		return none, err
	}
	if team.GroupConstrained {
		return none, fault.Forbidden("app.team.invite_id.group_constrained.error")
	}
	if !domainAllowed(user.Email, team.AllowedDomains) {
		return none, fault.Invalid("api.user.create_user.accepted_domain.app_error")
	}
	return Invited{TeamID: team.ID}, nil
}

// Create makes an account for a server's own purposes (a console command, an
// import, a sign-on service): user.Password is the plain one, "" where the
// account signs in elsewhere. It fills in id, times and defaults, makes the
// first person an administrator, and fails with 400 for what is taken or
// breaks a rule.
func (u *Users) Create(ctx context.Context, user *model.User) error { return u.create(ctx, user, "") }

// create also uses up the token of an invitation.
func (u *Users) create(ctx context.Context, user *model.User, invitation string) error {
	tidy(user)
	err := u.checkDomain(user, "api.user.create_user.accepted_domain.app_error", "api.user.create_user.accepted_domain.app_error")
	if err != nil {
		return err
	}
	if user.Username == "" {
		user.Username = "n" + id.New()
	}
	if user.AuthService == "" {
		if err := u.acc.CheckPasswordRules(user.Password); err != nil {
			return err
		}
	}
	if err := check(user); err != nil {
		return err
	}
	if user.AuthService == "" {
		if err := u.free(ctx, user); err != nil {
			return err // before the hash, which is what costs
		}
		if user.Password, err = u.acc.HashPassword(ctx, user.Password); err != nil {
			return err
		}
	} else {
		user.Password = ""
	}
	if err := u.store(ctx, user, invitation); err != nil {
		return err
	}
	u.Created.Publish(ctx, user)
	u.hub.Publish(realtime.Event{Name: "new_user", Data: map[string]string{"user_id": user.ID},
		To: realtime.Audience{Everyone: true}, About: user.ID})
	return nil
}

// free refuses names and addresses that are taken. The unique indexes decide;
// this only saves the cost of a hash.
func (u *Users) free(ctx context.Context, user *model.User) error {
	name, err := db.Value[bool](ctx, u.db, `SELECT username = $1 FROM users WHERE username = $1 OR email = $2 LIMIT 1`, user.Username, user.Email)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil
	case err != nil:
		return err
	case name:
		return fault.Invalid("app.user.save.username_exists.app_error")
	}
	return fault.Invalid("app.user.save.email_exists.app_error")
}

func (u *Users) store(ctx context.Context, user *model.User, invitation string) error {
	return u.storeWith(ctx, user, invitation, nil)
}

// storeWith also does what keep does, in the same transaction. A bot is never the
// first user.
func (u *Users) storeWith(ctx context.Context, user *model.User, invitation string, keep func(ctx context.Context, tx *db.Tx) error) error {
	return u.db.Tx(ctx, func(tx *db.Tx) error {
		if keep == nil && !u.somebody.Load() {
			if err := tx.Lock(ctx, "first user"); err != nil {
				return err
			}
			first, err := u.nobodyYet(ctx, tx)
			if err != nil {
				return err
			}
			if first && !user.IsGuest() {
				user.Roles = model.RoleSystemAdmin + " " + model.RoleSystemUser
			}
		}
		user.ID, user.CreateAt = id.New(), id.Now()
		user.UpdateAt = user.CreateAt
		if user.AuthService == "" {
			user.LastPasswordUpdate = user.CreateAt
		}
		if invitation != "" {
			err := u.acc.Spend(ctx, tx, invitation)
			if errors.Is(err, db.ErrNotFound) { // somebody was faster with the same link
				err = fault.Invalid("api.user.create_user.signup_link_invalid.app_error")
			}
			if err != nil {
				return err
			}
		}
		if err := insert(ctx, tx, user); err != nil {
			return err
		}
		if keep != nil {
			return keep(ctx, tx)
		}
		tx.AfterCommit(func() { u.somebody.Store(true) })
		return nil
	})
}

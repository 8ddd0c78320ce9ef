package users

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type putIn struct {
	UserID string     `path:"user_id"`
	User   model.User `body:"json,user"`
}

// put answers PUT /users/{user_id}: the whole profile at once.
func (u *Users) put(ctx context.Context, v access.Viewer, in putIn) (*model.User, error) {
	if in.User.ID != in.UserID {
		return nil, fault.InvalidParam("user_id")
	}
	b := &in.User
	p := model.UserPatch{Username: &b.Username, Nickname: &b.Nickname, FirstName: &b.FirstName, LastName: &b.LastName,
		Position: &b.Position, Locale: &b.Locale, Props: b.Props, NotifyProps: b.NotifyProps, Timezone: b.Timezone}
	if b.Email != "" {
		p.Email, p.Password = &b.Email, &b.Password
	}
	return u.change(ctx, v, in.UserID, &p, "api.user.update_user.login_provider_attribute_set.app_error")
}

type patchIn struct {
	UserID string          `path:"user_id"`
	Patch  model.UserPatch `body:"json,user"`
}

// patch answers PUT /users/{user_id}/patch: the fields that are given.
func (u *Users) patch(ctx context.Context, v access.Viewer, in patchIn) (*model.User, error) {
	in.Patch.RemoteID = nil // says where an account lives; not its owner's to change
	return u.change(ctx, v, in.UserID, &in.Patch, "api.user.patch_user.login_provider_attribute_set.app_error")
}

// change lets the viewer change a profile: their own, or with the permission
// another's. ssoID refuses what the sign-on service of the account decides.
func (u *Users) change(ctx context.Context, v access.Viewer, userID string, p *model.UserPatch, ssoID string) (*model.User, error) {
	old, err := u.editable(ctx, v, userID)
	if err != nil {
		return nil, err
	}
	if err := u.mayChangeEmail(ctx, v, old, p); err != nil {
		return nil, err
	}
	if field := serviceOwns(u.cfg.Get(), old, p); field != "" && !v.Admin(ctx) {
		return nil, fault.Conflict(ssoID, "Field", field)
	}
	c, err := u.Patch(ctx, userID, p)
	if err != nil {
		return nil, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+userID+"/patch", "")
	shown := c.New.ForSelf()
	return &shown, nil
}

// editable returns the user whose account v may change; who may not learns
// nothing of whether it exists. An administrator's account is changed by
// administrators only.
func (u *Users) editable(ctx context.Context, v access.Viewer, userID string) (*model.User, error) {
	if v.UserID == userID {
		return u.ByID(ctx, userID)
	}
	user, err := u.ByID(ctx, userID)
	if !v.Can(ctx, access.PermEditOtherUsers) {
		if err == nil {
			err = u.managesBot(ctx, v, user)
		} else if fault.IsNotFound(err) {
			err = fault.NoPermission(string(access.PermEditOtherUsers))
		}
	}
	if err != nil {
		return nil, err
	}
	return user, adminsOnly(ctx, v, user)
}

// adminsOnly refuses to touch an administrator unless v is one.
func adminsOnly(ctx context.Context, v access.Viewer, user *model.User) error {
	if user.IsAdmin() && !v.Admin(ctx) {
		return fault.NoPermission(string(access.PermManageSystem))
	}
	return nil
}

// managesBot refuses unless user is a bot that v may manage.
func (u *Users) managesBot(ctx context.Context, v access.Viewer, user *model.User) error {
	if user.IsBot {
		owner, err := db.Value[string](ctx, u.db, `SELECT coalesce(ownerid,'') FROM bots WHERE userid = $1`, user.ID)
		if err != nil {
			return err
		}
		if owner == v.UserID && v.Can(ctx, access.PermManageBots) || v.Can(ctx, access.PermManageOthersBots) {
			return nil
		}
	}
	return fault.NoPermission(string(access.PermEditOtherUsers))
}

// mayChangeEmail asks people for their password before they change their own
// address, by which the account can be taken over.
func (u *Users) mayChangeEmail(ctx context.Context, v access.Viewer, old *model.User, p *model.UserPatch) error {
	if p.Email == nil || *p.Email == old.Email {
		return nil
	}
	session := v.Session()
	if session != nil && session.IsOAuth {
		return fault.NoPermission(string(access.PermEditOtherUsers)).WithDetail("not by an app")
	}
	if v.UserID != old.ID {
		return nil
	}
	if p.Password == nil {
		return fault.InvalidParam("password")
	}
	return u.proveOneself(ctx, old, *p.Password)
}

// proveOneself refuses unless password is the user's, with the counter that
// login has against guessing.
func (u *Users) proveOneself(ctx context.Context, user *model.User, password string) error {
	own := *user
	err := u.provePassword(ctx, &own, password)
	if isWrong(err) {
		return fault.InvalidParam("password")
	}
	return err
}

// Patch changes a profile without asking who wants it, and tells everybody. It
// fails with 404 for an unknown user and 400 for what is taken or breaks a
// rule.
func (u *Users) Patch(ctx context.Context, userID string, p *model.UserPatch) (Change, error) {
	confirm := "" // the new address that is to be confirmed first
	c, err := u.edit(ctx, userID, func(tx *db.Tx, user *model.User) error {
		old := *user
		p.Apply(user)
		tidy(user)
		if user.Email != old.Email {
			err := u.checkDomain(user, "api.user.update_user.accepted_domain.app_error", "api.user.update_user.accepted_guest_domain.app_error")
			if err != nil {
				return err
			}
		}
		if err := check(user); err != nil {
			return err
		}
		confirm = ""
		if user.Email != old.Email {
			if u.cfg.Get().EmailSettings.RequireEmailVerification && !user.IsBot {
				confirm = user.Email
				if err := emailFree(ctx, tx, user); err != nil {
					return err
				}
				user.Email = old.Email
			} else {
				user.EmailVerified = false
			}
		}
		if user.Username != old.Username {
			user.NotifyProps[model.NotifyPropMentionKeys] = user.RenamedMentionKeys(old.Username)
			if user.LastPictureUpdate <= 0 { // the picture shows the name
				user.LastPictureUpdate = -user.UpdateAt
			}
		}
		return update(ctx, tx, user)
	})
	if err != nil {
		return c, err
	}
	u.announce(ctx, c)
	u.tellOfChange(ctx, c, confirm)
	return c, nil
}

func emailFree(ctx context.Context, tx *db.Tx, user *model.User) error {
	taken, err := db.List(ctx, tx, db.One[string], `SELECT id FROM users WHERE email = $1 LIMIT 1`, user.Email)
	if err == nil && len(taken) > 0 {
		return fault.Invalid("app.user.save.email_exists.app_error")
	}
	return err
}

// tellOfChange sends the mails by which people notice that somebody else
// changed their account.
func (u *Users) tellOfChange(ctx context.Context, c Change, confirm string) {
	if confirm != "" {
		if err := u.confirmAddress(ctx, c.New, confirm); err != nil {
			u.log.Error("the mail that confirms an address was not sent", "user_id", c.New.ID, "error", err)
		}
	}
	if c.Old.Email != c.New.Email {
		u.tell(c.New, c.Old.Email, mail.EmailChanged, "", map[string]any{"Username": c.New.Username, "Email": c.New.Email})
	}
	if c.Old.Username != c.New.Username {
		u.tell(c.New, c.New.Email, mail.UsernameChanged, "", map[string]any{"Username": c.New.Username})
	}
}

// announce tells slices and clients of a changed user: themselves, those who
// manage the system, and all others, each with what they may see.
func (u *Users) announce(ctx context.Context, c Change) {
	u.Updated.Publish(ctx, c)
	user := c.New
	send := func(shown model.User, to realtime.Audience) {
		u.hub.Publish(realtime.Event{Name: "user_updated", Data: map[string]any{"user": &shown}, To: to, About: user.ID})
	}
	others := map[string]bool{user.ID: true}
	send(user.ForSelf(), realtime.Audience{UserID: user.ID})
	send(user.ForAdmin(), realtime.Audience{Everyone: true, OmitUsers: others, Sensitive: true})
	send(*u.publicView(user), realtime.Audience{Everyone: true, OmitUsers: others, Sanitized: true})
}

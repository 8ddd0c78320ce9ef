// Package bots is the accounts that programs use. A bot belongs to somebody, who
// manages it and makes its tokens; it can't sign in with a password, gets no mail,
// and does what its roles allow like everybody else. Whoever answers for an access
// token, a person's or a bot's, is told before it ends (ending.go).
//
// Its account is a user's (internal/users); here is what makes it a bot: owner,
// description, whether it is disabled, and how accounts become bots and back.
//
// It owns the table bots.
package bots

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Users    *users.Users
	Channels *channels.Channels
	Posts    *posts.Posts
	Jobs     *jobs.Runner
	Log      *slog.Logger
}

// Bots is the slice. Make it with New.
type Bots struct{ Config }

var errMissing = fault.NotFound("store.sql_bot.get.missing.app_error")

// New returns the slice over a migrated database. Whoever is deactivated takes
// their bots along, if the settings say so.
func New(c Config) *Bots {
	b := &Bots{c}
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM bots WHERE userid = $1`, user.ID)
		return err
	})
	c.Users.Deactivated.Subscribe(b.ownerLeft)
	c.Jobs.Every("parley_token_ends", time.Hour, func(ctx context.Context, _ *jobs.Job) error { return b.TellOfEnds(ctx, id.Now()) })
	return b
}

// ownedMost is how many bots of somebody are disabled at a time.
const ownedMost = 200

// ownerLeft disables the bots of somebody who was deactivated. One that can't be
// disabled keeps none of the others running.
func (b *Bots) ownerLeft(ctx context.Context, user *model.User) {
	if !b.Settings.Get().ServiceSettings.DisableBotsWhenOwnerIsDeactivated || user.IsBot {
		return
	}
	ctx = context.WithoutCancel(ctx)
	var failed []error
	for last, more := "", true; more; {
		list, err := db.List(ctx, b.DB, db.One[string], `SELECT userid FROM bots WHERE ownerid = $1 AND deleteat = 0 AND userid > $2 ORDER BY userid LIMIT $3`,
			user.ID, last, ownedMost)
		if err != nil {
			failed = append(failed, err)
		}
		for _, last = range list {
			if _, err := b.setActive(ctx, last, false); err != nil {
				failed = append(failed, fmt.Errorf("bot %s: %w", last, err))
			}
		}
		more = len(list) == ownedMost
	}
	if len(failed) > 0 {
		b.Log.Warn("bots of somebody who was deactivated go on", "user_id", user.ID, "error", errors.Join(failed...))
	}
}

const columns = `b.userid, coalesce(u.username,''), coalesce(u.firstname,''), coalesce(b.description,''), coalesce(b.ownerid,''), coalesce(b.lasticonupdate,0),
	coalesce(b.createat,0), coalesce(b.updateat,0), coalesce(b.deleteat,0)`

func scan(r db.Row) (*model.Bot, error) {
	x := &model.Bot{}
	return x, r.Scan(&x.UserID, &x.Username, &x.DisplayName, &x.Description, &x.OwnerID, &x.LastIconUpdate, &x.CreateAt, &x.UpdateAt, &x.DeleteAt)
}

func (b *Bots) load(ctx context.Context, userID string) (*model.Bot, error) {
	x, err := db.Get(ctx, b.DB, scan, `SELECT `+columns+` FROM bots b JOIN users u ON u.id = b.userid WHERE b.userid = $1`, userID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errMissing
	}
	return x, err
}

// AnswersFor returns who answers for what an account does: a bot's owner, and
// whoever is none for themselves. 404 when that is nobody.
func (b *Bots) AnswersFor(ctx context.Context, userID string) (*model.User, error) {
	u, err := b.Users.ByID(ctx, userID)
	if err != nil || !u.IsBot {
		return u, err
	}
	x, err := b.load(ctx, userID)
	if err != nil {
		return nil, err
	}
	return b.Users.ByID(ctx, x.OwnerID)
}

// readable returns a bot that v may know of: their own, or anybody's with the
// permission. Another isn't there.
func (b *Bots) readable(ctx context.Context, v access.Viewer, userID string) (*model.Bot, error) {
	x, err := b.load(ctx, userID)
	if err != nil {
		return nil, err
	}
	if v.Can(ctx, access.PermReadOthersBots) || x.OwnerID == v.UserID && v.Can(ctx, access.PermReadBots) {
		return x, nil
	}
	return nil, errMissing
}

// managed returns a bot that v may change.
func (b *Bots) managed(ctx context.Context, v access.Viewer, userID string) (*model.Bot, error) {
	x, err := b.load(ctx, userID)
	if err != nil {
		return nil, err
	}
	if v.Can(ctx, access.PermManageOthersBots) || x.OwnerID == v.UserID && v.Can(ctx, access.PermManageBots) {
		return x, b.within(ctx, v, userID)
	}
	if _, err := b.readable(ctx, v, userID); err != nil {
		return nil, err
	}
	return nil, fault.NoPermission(string(access.PermManageBots))
}

// within refuses to touch a bot that is an administrator unless v is one: whoever
// manages it could do what it may.
func (b *Bots) within(ctx context.Context, v access.Viewer, userID string) error {
	u, err := b.Users.ByID(ctx, userID)
	if err == nil && u.IsAdmin() && !v.Admin(ctx) {
		err = fault.NoPermission(string(access.PermManageSystem))
	}
	return err
}

// create makes a bot of v's.
func (b *Bots) create(ctx context.Context, v access.Viewer, p *model.BotPatch) (*model.Bot, error) {
	if !b.Settings.Get().ServiceSettings.EnableBotAccountCreation {
		return nil, fault.Forbidden("api.bot.create_disabled")
	}
	if v.Bot() || v.System() { // a bot belongs to somebody
		return nil, fault.NoPermission(string(access.PermCreateBot))
	}
	if p.Username == nil {
		p.Username = new(string)
	}
	if problem := p.Problem(); problem != "" {
		return nil, fault.Invalid("model.bot.is_valid." + problem + ".app_error")
	}
	user := &model.User{Username: *p.Username, Email: *p.Username + "@localhost"}
	if p.DisplayName != nil {
		user.FirstName = *p.DisplayName
	}
	x := &model.Bot{OwnerID: v.UserID, CreateAt: id.Now()}
	if p.Description != nil {
		x.Description = *p.Description
	}
	err := b.Users.CreateBot(ctx, user, func(ctx context.Context, tx *db.Tx) error {
		x.UserID = user.ID
		return insert(ctx, tx, x)
	})
	if err != nil {
		return nil, err
	}
	return b.load(ctx, user.ID)
}

func insert(ctx context.Context, tx *db.Tx, x *model.Bot) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat, lasticonupdate) VALUES ($1, $2, $3, $4, $4, 0, 0)`,
		x.UserID, x.Description, x.OwnerID, x.CreateAt)
	return err
}

// patch changes names and description.
func (b *Bots) patch(ctx context.Context, userID string, p *model.BotPatch) (*model.Bot, error) {
	if problem := p.Problem(); problem != "" {
		return nil, fault.Invalid("model.bot.is_valid." + problem + ".app_error")
	}
	_, err := b.Users.EditBot(ctx, userID, false, func(ctx context.Context, tx *db.Tx, user *model.User) error {
		if p.Username != nil {
			user.Username, user.Email = *p.Username, *p.Username+"@localhost"
		}
		if p.DisplayName != nil {
			user.FirstName = *p.DisplayName
		}
		if p.Description != nil {
			user.BotDescription = *p.Description
		}
		_, err := db.Exec(ctx, tx, `UPDATE bots SET description = $2, updateat = $3 WHERE userid = $1`, userID, user.BotDescription, id.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	return b.load(ctx, userID)
}

// setActive disables a bot and signs it out, or enables it again. The account is
// closed first and opened last, so a bot that is shown as disabled never acts.
func (b *Bots) setActive(ctx context.Context, userID string, active bool) (*model.Bot, error) {
	now := id.Now()
	gone := now
	if active {
		gone = 0
	} else if _, err := b.Users.SetActive(ctx, userID, false); err != nil {
		return nil, err
	}
	if _, err := b.DB.Exec(ctx, `UPDATE bots SET deleteat = $2, updateat = $3 WHERE userid = $1`, userID, gone, now); err != nil {
		return nil, fault.Internal("app.bot.update.app_error", err)
	}
	if active {
		if _, err := b.Users.SetActive(ctx, userID, true); err != nil {
			return nil, err
		}
	}
	return b.load(ctx, userID)
}

// assign gives a bot to another person.
func (b *Bots) assign(ctx context.Context, userID, ownerID string) (*model.Bot, error) {
	owner, err := b.Users.ByID(ctx, ownerID)
	switch {
	case err != nil:
		return nil, err
	case owner.IsBot || owner.DeleteAt != 0:
		return nil, fault.Invalid("parley.bots.owner.app_error")
	}
	if _, err := b.DB.Exec(ctx, `UPDATE bots SET ownerid = $2, updateat = $3 WHERE userid = $1`, userID, ownerID, id.Now()); err != nil {
		return nil, fault.Internal("app.bot.update.app_error", err)
	}
	return b.load(ctx, userID)
}

// fromUser turns a person's account into a bot of its own: they are signed out
// everywhere, and what they signed in with, tokens included, is worth nothing.
func (b *Bots) fromUser(ctx context.Context, userID string) (*model.Bot, error) {
	u, err := b.Users.ByID(ctx, userID)
	if err != nil {
		return nil, err
	}
	if u.IsBot {
		return b.load(ctx, userID)
	}
	_, err = b.Users.EditBot(ctx, userID, true, func(ctx context.Context, tx *db.Tx, user *model.User) error {
		if user.IsAdmin() {
			if err := b.Users.AnotherAdmin(ctx, tx, userID); err != nil {
				return err
			}
		}
		user.IsBot, user.Password = true, ""
		return insert(ctx, tx, &model.Bot{UserID: userID, OwnerID: userID, CreateAt: id.Now()})
	})
	if err != nil {
		return nil, err
	}
	return b.load(ctx, userID)
}

// toUser turns a bot into an account with a password; its tokens end.
func (b *Bots) toUser(ctx context.Context, botID string, p *model.UserPatch, admin bool) (*model.User, error) {
	if p.Password == nil || *p.Password == "" {
		return nil, fault.InvalidParam("userPatch")
	}
	hash, err := b.Users.HashPassword(ctx, *p.Password)
	if err != nil {
		return nil, err
	}
	return b.Users.EditBot(ctx, botID, true, func(ctx context.Context, tx *db.Tx, user *model.User) error {
		p.Apply(user)
		user.Password, user.IsBot, user.BotDescription = hash, false, ""
		if admin {
			user.Roles = model.RoleSystemUser + " " + model.RoleSystemAdmin
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM bots WHERE userid = $1`, botID)
		return err
	})
}

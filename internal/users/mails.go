package users

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// mailPatience bounds the delivery of one mail to the SMTP server.
const mailPatience = 30 * time.Second

// tell sends a mail of the server to address, in the user's language, without
// making the request wait. link is a path of the site, "" for a mail without a
// button. While no SMTP server is configured nothing happens.
func (u *Users) tell(user *model.User, address string, t mail.Template, link string, params map[string]any) {
	if !u.mails.Configured() || user.IsBot || address == "" {
		return
	}
	c := u.cfg.Get()
	data := mail.Data{SiteName: c.TeamSettings.SiteName, SiteURL: c.ServiceSettings.SiteURL, Params: params}
	if link != "" {
		data.Link = strings.TrimRight(c.ServiceSettings.SiteURL, "/") + link
	}
	m, err := mail.Render(user.Locale, t, data)
	if err != nil {
		u.log.Error("a mail could not be written", "mail", t, "error", err)
		return
	}
	m.To = address
	u.posts.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), mailPatience)
		defer cancel()
		if err := u.mails.Send(ctx, m); err != nil {
			u.log.Warn("a mail could not be sent", "mail", t, "user_id", user.ID, "error", err)
		}
	})
}

// Tell sends a person a mail of the server at their address. link is a path of
// the site. Bots get none, and nobody while no SMTP server is configured.
func (u *Users) Tell(user *model.User, t mail.Template, link string, params map[string]any) {
	u.tell(user, user.Email, t, link, params)
}

// administratorsTold bounds how many get a mail about one thing.
const administratorsTold = 50

// TellAdministrators sends the active administrators a mail, each in their
// language. link is a path of the site.
func (u *Users) TellAdministrators(ctx context.Context, t mail.Template, link string, params map[string]any) error {
	list, err := db.List(ctx, u.db, scanUser, "SELECT "+userColumns+userFrom+`WHERE u.deleteat = 0
		AND (' ' || u.roles || ' ') LIKE '% system\_admin %' ESCAPE '\' ORDER BY u.id LIMIT $1`, administratorsTold)
	for _, user := range list {
		u.tell(user, user.Email, t, link, params)
	}
	return err
}

// welcome sends a new person the way in: a link that confirms their address
// where the settings ask for it, else to the site.
func (u *Users) welcome(ctx context.Context, user *model.User) {
	if !u.cfg.Get().EmailSettings.RequireEmailVerification || user.EmailVerified {
		if !user.DisableWelcomeEmail {
			u.tell(user, user.Email, mail.Welcome, "/", map[string]any{"Username": user.Username})
		}
		return
	}
	if err := u.confirmAddress(ctx, user, user.Email); err != nil {
		u.log.Error("the mail that confirms an address was not sent", "user_id", user.ID, "error", err)
	}
}

// confirmAddress sends a link to email that, opened, makes it the confirmed
// address of the user. Earlier links of the user stop working.
func (u *Users) confirmAddress(ctx context.Context, user *model.User, email string) error {
	secret, err := u.verification(ctx, user.ID, email)
	if err != nil {
		return err
	}
	t, link := mail.Verify, "/do_verify_email?token="+secret+"&email="+url.QueryEscape(email)
	if email != user.Email {
		t = mail.VerifyNewAddress
	}
	u.tell(user, email, t, link, map[string]any{"Username": user.Username, "Email": email})
	return nil
}

// verification is what a token that confirms an address says; the names of the
// keys are those of tokens that a Mattermost database may hold.
type verification struct {
	UserID string `json:"UserId"`
	Email  string `json:"Email"`
}

// verification issues such a token in the place of earlier ones.
func (u *Users) verification(ctx context.Context, userID, email string) (secret string, err error) {
	err = u.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM tokens WHERE type = $1 AND extra LIKE $2`,
			model.TokenTypeVerifyEmail, `%"UserId":"`+userID+`"%`)
		if err != nil {
			return err
		}
		secret, err = u.acc.Issue(ctx, tx, model.TokenTypeVerifyEmail, verification{UserID: userID, Email: email})
		return err
	})
	return secret, err
}

package admin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/posts"
)

// trialIn is a settings tree to try out; without a body the settings in force
// are tried.
type trialIn struct {
	Tree map[string]any `body:"json,config,optional"`
}

// section returns the settings with one section of the tree laid over them, and
// that section; missing is the error when the tree lacks it.
func (a *Admin) section(in trialIn, name, missing string) (*config.Config, map[string]any, error) {
	if in.Tree == nil {
		return a.cfg.Get(), nil, nil
	}
	part, ok := in.Tree[name].(map[string]any)
	if !ok {
		return nil, nil, fault.Invalid(missing)
	}
	c, err := a.cfg.Preview(map[string]any{name: part}, false)
	return c, part, err
}

// testEmail sends a mail to the viewer with the settings of the body. A stored
// password goes only to the server and account that it was stored for.
func (a *Admin) testEmail(ctx context.Context, v access.Viewer, in trialIn) (api.OK, error) {
	c, part, err := a.section(in, "EmailSettings", "api.file.test_connection_email_settings_nil.app_error")
	if err != nil {
		return api.OK{}, err
	}
	if err := v.Need(ctx, access.PermTestEmail); err != nil {
		return api.OK{}, err
	}
	e, stored := c.EmailSettings, a.cfg.Get().EmailSettings
	if e.SMTPServer == "" {
		return api.OK{}, fault.Invalid("api.admin.test_email.missing_server")
	}
	given, _ := part["SMTPPassword"].(string)
	elsewhere := e.SMTPServer != stored.SMTPServer || e.SMTPPort != stored.SMTPPort || e.SMTPUsername != stored.SMTPUsername ||
		e.ConnectionSecurity != stored.ConnectionSecurity || e.SkipServerCertificateVerification != stored.SkipServerCertificateVerification
	if stored.SMTPPassword != "" && elsewhere && (given == "" || given == config.Mask) {
		return api.OK{}, fault.Invalid("api.admin.test_email.reenter_password")
	}
	user, err := a.users.ByID(ctx, v.UserID)
	if err != nil {
		return api.OK{}, err
	}
	m, err := mail.Render(user.Locale, mail.TestMessage, mail.Data{SiteName: c.TeamSettings.SiteName, SiteURL: c.ServiceSettings.SiteURL})
	if err != nil {
		return api.OK{}, err
	}
	m.To = user.Email
	if err := a.mail.SendWith(ctx, e, m); err != nil {
		return api.OK{}, fault.Invalid("app.admin.test_email.failure").WithStatus(http.StatusInternalServerError).WithDetail(err.Error())
	}
	return api.Done(), nil
}

// testFileStore tries the store of files that the body names, by keeping
// something there. Of folders only the one in use can be tried.
func (a *Admin) testFileStore(ctx context.Context, v access.Viewer, in trialIn) (api.OK, error) {
	c, _, err := a.section(in, "FileSettings", "api.file.test_connection_s3_settings_nil.app_error")
	if err != nil {
		return api.OK{}, err
	}
	if err := v.Need(ctx, access.PermTestS3); err != nil {
		return api.OK{}, err
	}
	failed := func(why error) error {
		return fault.Invalid("api.file.test_connection.app_error").WithStatus(http.StatusInternalServerError).WithDetail(why.Error())
	}
	if c.FileSettings.DriverName == "amazons3" {
		if c.FileSettings.AmazonS3Bucket == "" {
			return api.OK{}, fault.Invalid("api.admin.test_s3.missing_s3_bucket")
		}
		store, err := blob.OpenS3(&c.FileSettings, a.log)
		if err != nil {
			return api.OK{}, failed(err)
		}
		switch err := store.Check(ctx); {
		case errors.Is(err, blob.ErrDenied):
			return api.OK{}, fault.Internal("api.file.test_connection_s3_auth.app_error", err)
		case errors.Is(err, blob.ErrNoBucket):
			return api.OK{}, fault.Internal("api.file.test_connection_s3_bucket_does_not_exist.app_error", err)
		case err != nil:
			return api.OK{}, failed(err)
		}
		if err := tryOut(ctx, store); err != nil {
			return api.OK{}, failed(err)
		}
		return api.Done(), nil
	}
	if err := tryOut(ctx, a.blobs); err != nil {
		return api.OK{}, failed(err)
	}
	return api.Done(), nil
}

func tryOut(ctx context.Context, store blob.Store) error {
	name := "trial/" + id.New()
	if _, err := store.Write(ctx, name, strings.NewReader("a trial of the file store")); err != nil {
		return err
	}
	return store.Delete(ctx, name)
}

type siteURLIn struct {
	Body struct {
		SiteURL string `json:"site_url"`
	} `body:"json,site_url"`
}

// testSiteURL asks whether a Parley answers at an address.
func (a *Admin) testSiteURL(ctx context.Context, _ access.Viewer, in siteURLIn) (api.OK, error) {
	u, err := url.Parse(in.Body.SiteURL)
	if in.Body.SiteURL == "" || len(in.Body.SiteURL) > maxURL || err != nil {
		return api.OK{}, fault.InvalidParam("site_url")
	}
	if err := a.pings(ctx, u); err != nil {
		return api.OK{}, fault.Invalid("app.admin.test_site_url.failure").Wrap(err)
	}
	return api.Done(), nil
}

func (a *Admin) pings(ctx context.Context, site *url.URL) error {
	if err := outgoing.Check(site); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, site.JoinPath("/api/v4/system/ping").String(), nil)
	if err != nil {
		return err
	}
	resp, err := a.web.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	if resp.StatusCode != http.StatusOK {
		return errors.New("the site answered " + resp.Status)
	}
	return nil
}

// testNotifications has the server's own bot write to the viewer, who then sees
// which of their devices tell of it.
func (a *Admin) testNotifications(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	bot, err := a.users.ByUsername(ctx, model.BotSystemUsername)
	if err != nil {
		return api.OK{}, err
	}
	room, err := a.channels.Direct(ctx, bot.ID, v.UserID)
	if err != nil {
		return api.OK{}, err
	}
	user, err := a.users.ByID(ctx, v.UserID)
	if err != nil {
		return api.OK{}, err
	}
	_, err = a.posts.Create(ctx, a.acc.Acting(bot.ID, bot.Username, bot.Roles), &model.Post{ChannelID: room.ID, UserID: bot.ID,
		Message: i18n.T(user.Locale, "api.notifications.test.message", nil)}, posts.CreateOptions{Trusted: true})
	return api.Done(), err
}

package commands

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// laterMost bounds the body of a further answer, bytes.
const laterMost = 1 << 20

var errHook = fault.NotFound("app.command_webhook.get.missing")

// postLater takes a further answer to a command at its response_url. The id in
// the address is all that an integration proves itself with, so it is long,
// short-lived and counted.
func (c *Commands) postLater(w http.ResponseWriter, req *http.Request, _ access.Viewer) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, laterMost))
	if err != nil {
		return fault.Invalid("web.command_webhook.parse.app_error").Wrap(err)
	}
	if err := c.later(req.Context(), chi.URLParam(req, "response_id"), body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain")
	_, err = io.WriteString(w, "ok")
	return err
}

// later posts a further answer with the rights that the typist of the command
// has now.
func (c *Commands) later(ctx context.Context, hookID string, body []byte) error {
	if err := c.enabled(); err != nil {
		return err
	}
	if !id.Valid(hookID) {
		return errHook
	}
	hook, err := c.hook(ctx, hookID)
	if errors.Is(err, db.ErrNotFound) {
		return errHook
	}
	if err != nil {
		return err
	}
	answer, err := readJSON(body)
	if err != nil || len(body) == 0 {
		return fault.Invalid("web.command_webhook.parse.app_error").Wrap(err)
	}
	cmd, err := load(ctx, c.DB, hook.CommandID)
	if errors.Is(err, db.ErrNotFound) {
		return errHook
	}
	if err == nil {
		err = c.alive(ctx, cmd)
	}
	if err != nil {
		return err
	}
	r, err := c.resume(ctx, hook)
	if err != nil {
		return err
	}
	ok, err := c.use(ctx, hook.ID)
	if err == nil && !ok {
		err = fault.Invalid("app.command_webhook.try_use.invalid", "Max", model.CommandWebhookUses)
	}
	if err != nil {
		return err
	}
	return c.respond(ctx, r, cmd, answer)
}

// resume is a run whose typist isn't here any more.
func (c *Commands) resume(ctx context.Context, hook *model.CommandWebhook) (*run, error) {
	v, err := c.acting(ctx, hook.UserID)
	if err != nil {
		return nil, err
	}
	ch, err := c.Access.Channel(ctx, hook.ChannelID)
	switch {
	case err != nil:
		return nil, err
	case ch.DeleteAt != 0:
		return nil, fault.Invalid("api.command.execute_command.deleted.error")
	case !v.CanChannel(ctx, ch.ID, access.PermCreatePost):
		return nil, errForbidden
	}
	return &run{v: v, ch: ch, rootID: hook.RootID, locale: c.locale(ctx, v.UserID)}, nil
}

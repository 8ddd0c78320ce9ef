package webhooks

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// payloadMost bounds what is sent to an incoming webhook, bytes.
const payloadMost = 4 << 20

// receive takes what a program sends to an incoming webhook. Whatever is wrong
// with it is told under one id with the reason in words (golden webhooks/incoming):
// senders show the words and know no ids.
func (w *Webhooks) receive(rw http.ResponseWriter, req *http.Request, _ access.Viewer) error {
	m, err := w.read(rw, req)
	if err != nil {
		return err
	}
	if err := w.post(req.Context(), chi.URLParam(req, "incoming_id"), m); err != nil {
		return w.general(err)
	}
	rw.Header().Set("Content-Type", "text/plain")
	_, err = io.WriteString(rw, "ok")
	return err
}

// general wraps the reason of a refusal.
func (w *Webhooks) general(err error) error {
	f := fault.As(err)
	params := map[string]any{}
	for k, v := range f.Params {
		params[k] = v
	}
	reason := i18n.T(w.Settings.Get().LocalizationSettings.DefaultClientLocale, f.ID, params)
	return fault.New(f.Kind, "web.incoming_webhook.general.app_error", "Reason", reason).Wrap(err)
}

// read understands the body by its content type: JSON, a form with a field
// payload, or plain words.
func (w *Webhooks) read(rw http.ResponseWriter, req *http.Request) (*model.WebhookMessage, error) {
	kind := req.Header.Get("Content-Type")
	if kind != "" {
		parsed, _, err := mime.ParseMediaType(kind)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
			return nil, fault.Invalid("web.incoming_webhook.media_type.app_error").Wrap(err)
		}
		kind = parsed
	}
	req.Body = http.MaxBytesReader(rw, req.Body, payloadMost)
	var raw []byte
	var err error
	switch kind {
	case "application/x-www-form-urlencoded":
		if err := req.ParseForm(); err != nil {
			return nil, unread(err, "web.incoming_webhook.parse_form.app_error")
		}
		raw = []byte(req.PostForm.Get("payload"))
	case "multipart/form-data":
		if err := req.ParseMultipartForm(1 << 20); err != nil {
			return nil, unread(err, "web.incoming_webhook.parse_multipart.app_error")
		}
		raw = []byte(req.FormValue("payload"))
		_ = req.MultipartForm.RemoveAll()
	default:
		if raw, err = io.ReadAll(req.Body); err != nil {
			return nil, unread(err, "web.incoming_webhook.decode.app_error")
		}
		if body := strings.TrimSpace(string(raw)); kind == "text/plain" && !strings.HasPrefix(body, "{") {
			return &model.WebhookMessage{Text: clean(body)}, nil
		}
	}
	m, err := readPayload(raw)
	if err != nil {
		return nil, fault.Invalid("web.incoming_webhook.decode.app_error").Wrap(err)
	}
	return m, nil
}

func unread(err error, errorID string) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return fault.TooLarge("parley.webhooks.too_large.app_error", "Max", large.Limit>>20).Wrap(err)
	}
	return fault.Invalid(errorID).Wrap(err)
}

// post posts a message through a hook.
func (w *Webhooks) post(ctx context.Context, hookID string, m *model.WebhookMessage) error {
	if !w.Settings.Get().ServiceSettings.EnableIncomingWebhooks {
		return fault.NotImplemented("web.incoming_webhook.disabled.app_error")
	}
	h, err := w.hook(ctx, hookID)
	if err != nil {
		return err
	}
	if h == nil {
		return fault.Invalid("web.incoming_webhook.invalid.app_error")
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Attachments) == 0 {
		return fault.Invalid("web.incoming_webhook.text.app_error")
	}
	v, ok := w.acting(ctx, h.UserID)
	if !ok {
		return fault.Forbidden("web.incoming_webhook.user.app_error")
	}
	ch, err := w.target(ctx, v, h, m.Channel)
	if err != nil {
		return err
	}
	return w.speak(ctx, speaker{v: v, title: h.DisplayName, username: h.Username, iconURL: h.IconURL}, ch.ID, "", m)
}

// hook returns a hook, nil when there is none.
func (w *Webhooks) hook(ctx context.Context, hookID string) (*model.IncomingWebhook, error) {
	if !id.Valid(hookID) {
		return nil, nil
	}
	return w.incoming.Get(ctx, hookID, func(ctx context.Context) (*model.IncomingWebhook, error) {
		h, err := loadIncoming(ctx, w.DB, hookID)
		if errors.Is(err, db.ErrNotFound) {
			return nil, nil
		}
		return h, err
	})
}

// target is the channel that a message goes to: the hook's, or one that the
// message names ("name", "#name", "@username"), unless the hook is tied to its own.
func (w *Webhooks) target(ctx context.Context, v access.Viewer, h *model.IncomingWebhook, name string) (*access.ChannelFacts, error) {
	channelID := h.ChannelID
	if name != "" {
		var err error
		if channelID, err = w.named(ctx, v, h, name); err != nil {
			return nil, err
		}
	}
	if h.ChannelLocked && channelID != h.ChannelID {
		return nil, fault.Forbidden("web.incoming_webhook.channel_locked.app_error")
	}
	ch, err := w.Access.Channel(ctx, channelID)
	if err != nil {
		return nil, err
	}
	if !w.maySpeak(ctx, v, ch) {
		return nil, fault.Forbidden("web.incoming_webhook.permissions.app_error")
	}
	return ch, nil
}

// named finds a channel of the hook's team, or the conversation of its owner with
// somebody. What the owner can't see isn't found.
func (w *Webhooks) named(ctx context.Context, v access.Viewer, h *model.IncomingWebhook, name string) (string, error) {
	missing := fault.NotFound("web.incoming_webhook.channel.app_error")
	if username, isUser := strings.CutPrefix(name, "@"); isUser {
		u, err := w.Users.ByUsername(ctx, strings.ToLower(username))
		if fault.IsNotFound(err) {
			return "", fault.Invalid("web.incoming_webhook.user.app_error")
		}
		if err != nil {
			return "", err
		}
		ch, err := w.Channels.OpenDirect(ctx, v, u.ID)
		if err != nil {
			return "", err
		}
		return ch.ID, nil
	}
	ch, err := w.Channels.FindByName(ctx, v, h.TeamID, strings.TrimPrefix(name, "#"))
	if fault.IsNotFound(err) {
		return "", missing
	}
	if err != nil {
		return "", err
	}
	return ch.ID, nil
}

// maySpeak reports whether a hook's owner may write in a channel. In a public one
// of a team of theirs they could after joining, so they needn't have, unless it is
// one where members don't write; of a private one they must be a member, whatever
// else they run.
func (w *Webhooks) maySpeak(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	if ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermJoinPublicChannels) && v.CanJoined(ctx, ch.ID, access.PermCreatePost) {
		return true
	}
	return v.MayRead(ctx, ch) && w.Posts.MayPost(ctx, v, ch)
}

package webhooks

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// about is what the answer to a call needs to know.
type about struct {
	HookID    string `json:"hook_id"`
	ChannelID string `json:"channel_id"`
	PostID    string `json:"post_id"`
	RootID    string `json:"root_id"`
}

// hear puts into the queue what a message triggers, with the message itself.
// What a webhook says triggers none, or two of them could talk for ever.
func (w *Webhooks) hear(ctx context.Context, s *posts.Saving) func(context.Context, *db.Tx) error {
	if s.Channel.Type != model.ChannelOpen || s.Post.Type == model.PostTypeBurnOnRead || s.Post.Props.String(model.PostPropFromWebhook) == "true" ||
		!w.Settings.Get().ServiceSettings.EnableOutgoingWebhooks {
		return nil
	}
	list, err := w.outgoing.Get(ctx, s.Channel.TeamID, func(ctx context.Context) ([]*listener, error) {
		return listeners(ctx, w.DB, s.Channel.TeamID)
	})
	if err != nil {
		w.Log.Warn("the outgoing webhooks of a team can't be read", "team_id", s.Channel.TeamID, "error", err)
		return nil
	}
	var calls []deliveries.Call
	for _, l := range list {
		if l.ChannelID != "" && l.ChannelID != s.Channel.ID {
			continue
		}
		if word, ok := l.Triggered(s.Post.Message); ok {
			calls = append(calls, w.calls(ctx, l, word, s)...)
		}
	}
	if len(calls) == 0 {
		return nil
	}
	return func(ctx context.Context, tx *db.Tx) error {
		for _, c := range calls {
			// The message's time is known only now that it is saved.
			if err := w.Deliveries.Enqueue(ctx, tx, stamped(c, s.Post.CreateAt)); err != nil {
				return err
			}
		}
		return nil
	}
}

// timeMark stands in a body for the message's time until it is known.
const timeMark = 4102444800123

// stamped puts the message's time into a body: milliseconds in JSON, seconds in a form.
func stamped(c deliveries.Call, at int64) deliveries.Call {
	if c.Header.Get("Content-Type") == model.WebhookJSON {
		c.Body = []byte(strings.Replace(string(c.Body), `"timestamp":`+strconv.Itoa(timeMark), `"timestamp":`+strconv.FormatInt(at, 10), 1))
	} else {
		c.Body = []byte(strings.Replace(string(c.Body), "timestamp="+strconv.Itoa(timeMark/1000), "timestamp="+strconv.FormatInt(at/1000, 10), 1))
	}
	return c
}

// calls are the calls of one hook about one message, one for each address.
func (w *Webhooks) calls(ctx context.Context, l *listener, word string, s *posts.Saving) []deliveries.Call {
	p := model.OutgoingWebhookPayload{Token: l.Token, TeamID: l.TeamID, ChannelID: s.Channel.ID, ChannelName: s.Channel.Name, Timestamp: timeMark,
		UserID: s.Post.UserID, PostID: s.Post.ID, Text: s.Post.Message, TriggerWord: word, FileIDs: strings.Join(s.Post.FileIDs, ",")}
	if team, err := w.Access.Team(ctx, l.TeamID); err == nil {
		p.TeamDomain = team.Name
	}
	if u, err := w.Users.ByID(ctx, s.Post.UserID); err == nil {
		p.UserName = u.Username
	}
	kind, body := body(l.ContentType, &p)
	note, _ := json.Marshal(about{l.ID, s.Channel.ID, s.Post.ID, s.Post.RootID}) // texts always can be written
	var out []deliveries.Call
	for _, address := range l.CallbackURLs {
		out = append(out, deliveries.Call{ID: id.New(), Kind: deliveries.KindOutgoingWebhook, Of: l.ID, Name: first(l.DisplayName, l.ID), OwnerID: l.CreatorID,
			TeamID: l.TeamID, Method: http.MethodPost, URL: address, Header: http.Header{"Content-Type": {kind}, "Accept": {model.WebhookJSON}},
			Body: body, Secret: l.secret, About: string(note)})
	}
	return out
}

// body is a payload in a hook's content type.
func body(contentType string, p *model.OutgoingWebhookPayload) (kind string, raw []byte) {
	if contentType == model.WebhookJSON {
		raw, _ = json.Marshal(p) // texts and numbers always can be written
		return model.WebhookJSON, raw
	}
	form := url.Values{"token": {p.Token}, "team_id": {p.TeamID}, "team_domain": {p.TeamDomain}, "channel_id": {p.ChannelID},
		"channel_name": {p.ChannelName}, "timestamp": {strconv.FormatInt(p.Timestamp/1000, 10)}, "user_id": {p.UserID}, "user_name": {p.UserName},
		"post_id": {p.PostID}, "text": {p.Text}, "trigger_word": {p.TriggerWord}, "file_ids": {p.FileIDs}}
	return model.WebhookForm, []byte(form.Encode())
}

// stillRight refuses a call of a webhook that is gone or whose maker has left.
func (w *Webhooks) stillRight(ctx context.Context, c deliveries.Call) error {
	h, err := loadOutgoing(ctx, w.DB, c.Of)
	if err != nil {
		return errNoOutgoing
	}
	if _, ok := w.acting(ctx, h.CreatorID); !ok {
		return fault.Forbidden("web.incoming_webhook.user.app_error")
	}
	return nil
}

// answered posts what a receiver has answered. The post has the delivery's id, so
// an answer that comes again after a crash is posted once.
func (w *Webhooks) answered(ctx context.Context, c deliveries.Call, answer *deliveries.Answer) error {
	if len(strings.TrimSpace(string(answer.Body))) == 0 {
		return nil
	}
	m, err := readPayload(answer.Body)
	if err != nil || strings.TrimSpace(m.Text) == "" && len(m.Attachments) == 0 {
		return nil // many receivers answer "ok"
	}
	var to about
	if err := json.Unmarshal([]byte(c.About), &to); err != nil {
		return err
	}
	h, err := loadOutgoing(ctx, w.DB, to.HookID)
	if err != nil {
		return err
	}
	v, ok := w.acting(ctx, h.CreatorID)
	if !ok {
		return fault.Forbidden("web.incoming_webhook.user.app_error")
	}
	ch, err := w.Access.Channel(ctx, to.ChannelID)
	if err != nil {
		return err
	}
	if !w.maySpeak(ctx, v, ch) {
		return fault.Forbidden("web.incoming_webhook.permissions.app_error")
	}
	root := ""
	if m.ResponseType == model.WebhookResponseComment {
		root = first(to.RootID, to.PostID)
	}
	// The hook's own name comes before that of the answer.
	m.Username, m.IconURL = first(h.Username, m.Username), first(h.IconURL, m.IconURL)
	return w.speak(ctx, speaker{v: v, title: h.DisplayName, id: c.ID}, ch.ID, root, m)
}

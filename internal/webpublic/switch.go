package webpublic

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// eventChanged tells a channel that it is on the web now, or off it.
const eventChanged = "parley_web_public_changed"

var (
	errRefused  = fault.Forbidden("api.context.permissions.app_error")
	errOff      = fault.Forbidden("parley.web_public.off.app_error")
	errPrivate  = fault.Invalid("parley.web_public.private.app_error")
	errArchived = fault.Invalid("parley.web_public.archived.app_error")
)

// State is whether a channel is on the web, since when (Unix ms, 0 with all that
// was written before), where, whether search engines are let in, and whether
// the caller may change that.
type State struct {
	Enabled   bool   `json:"enabled"`
	Since     int64  `json:"since"`
	URL       string `json:"url"`
	Indexed   bool   `json:"indexed"`
	Available bool   `json:"available"` // the administrator's setting
	MaySwitch bool   `json:"may_switch"`
}

type channelIn struct {
	ChannelID string `path:"channel_id"`
}

func (w *WebPublic) get(ctx context.Context, v access.Viewer, in channelIn) (*State, error) {
	ch, err := w.readable(ctx, v, in.ChannelID)
	if err != nil {
		return nil, err
	}
	return w.state(ctx, v, ch)
}

func (w *WebPublic) readable(ctx context.Context, v access.Viewer, channelID string) (*access.ChannelFacts, error) {
	ch, err := w.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) || err == nil && !v.MayRead(ctx, ch) {
		return nil, errRefused
	}
	return ch, err
}

func (w *WebPublic) state(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) (*State, error) {
	set := w.cfg.Get()
	out := &State{Available: set.WebPublicSettings.Enable && ch.Type == model.ChannelOpen, Indexed: set.WebPublicSettings.AllowIndexing,
		MaySwitch: maySwitch(ctx, v, ch)}
	since, err := db.List(ctx, w.db, db.One[int64], `SELECT since FROM parley_web_public WHERE channelid = $1 LIMIT 1`, ch.ID)
	if err != nil || len(since) == 0 || !out.Available || ch.DeleteAt != 0 {
		return out, err
	}
	team, err := w.acc.Team(ctx, ch.TeamID)
	if err != nil {
		return nil, err
	}
	out.Enabled, out.Since = true, since[0]
	out.URL = strings.TrimSuffix(set.ServiceSettings.SiteURL, "/") + "/public/" + team.Name + "/" + ch.Name
	return out, nil
}

// maySwitch reports whether v runs a channel. What members in general may
// change isn't enough: this shows what others wrote to strangers.
func maySwitch(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	return ch.Type == model.ChannelOpen && !v.Guest() && v.CanChannel(ctx, ch.ID, access.PermManageChannelRoles)
}

type putIn struct {
	channelIn
	Body struct {
		Enabled bool `json:"enabled"`
		History bool `json:"history"` // show what was written before, too
	} `body:"json,web_public"`
}

func (w *WebPublic) put(ctx context.Context, v access.Viewer, in putIn) (*State, error) {
	ch, err := w.readable(ctx, v, in.ChannelID)
	switch {
	case err != nil:
		return nil, err
	case ch.Type != model.ChannelOpen:
		return nil, errPrivate
	case !maySwitch(ctx, v, ch):
		return nil, errRefused
	case in.Body.Enabled && !w.cfg.Get().WebPublicSettings.Enable:
		return nil, errOff
	case in.Body.Enabled && ch.DeleteAt != 0:
		return nil, errArchived
	}
	changed, err := w.set(ctx, v, ch, in.Body.Enabled, in.Body.History)
	if err != nil {
		return nil, err
	}
	if changed {
		w.tell(ctx, v, ch, in.Body.Enabled, in.Body.History)
	}
	return w.state(ctx, v, ch)
}

// set keeps the choice and reports whether it is another one than before.
func (w *WebPublic) set(ctx context.Context, v access.Viewer, ch *access.ChannelFacts, on, history bool) (changed bool, err error) {
	if !on {
		n, err := w.db.Exec(ctx, `DELETE FROM parley_web_public WHERE channelid = $1`, ch.ID)
		return n > 0, err
	}
	now := id.Now()
	since, had := now, `since = 0` // a time stays the time that it was
	if history {
		since, had = 0, `since > 0`
	}
	n, err := w.db.Exec(ctx, `INSERT INTO parley_web_public (channelid, since, enabledby, createat) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channelid) DO UPDATE SET since = excluded.since, enabledby = excluded.enabledby, createat = excluded.createat
		WHERE parley_web_public.`+had, ch.ID, since, v.UserID, now)
	return n > 0, err
}

// tell has a message written in the channel, so that everybody in it knows, and
// notes who did it.
func (w *WebPublic) tell(ctx context.Context, v access.Viewer, ch *access.ChannelFacts, on, history bool) {
	text, did := "webpublic.system.off", "off"
	switch {
	case on && history:
		text, did = "webpublic.system.on_history", "on, with history"
	case on:
		text, did = "webpublic.system.on", "on"
	}
	w.users.Audit(ctx, v, "/api/v4/parley/channels/"+ch.ID+"/web_public", did)
	props := model.StringInterface{model.PostPropUsername: v.Username()}
	post := &model.Post{UserID: v.UserID, ChannelID: ch.ID, Type: model.PostTypeGeneric, Props: props,
		Message: i18n.T(w.cfg.Get().LocalizationSettings.DefaultServerLocale, text, props)}
	if err := w.posts.System(context.WithoutCancel(ctx), post); err != nil {
		w.log.Error("a channel was not told that it is on the web, or off it", "channel_id", ch.ID, "error", err)
	}
	w.announce(ch.ID)
}

func (w *WebPublic) announce(channelID string) {
	w.hub.Publish(realtime.Event{Name: eventChanged, Data: map[string]string{"channel_id": channelID}, To: realtime.Audience{ChannelID: channelID}})
	w.streams.changed(channelID)
}

// withdraw takes a channel off the web without anybody's asking.
func (w *WebPublic) withdraw(ctx context.Context, channelID string) {
	n, err := w.db.Exec(context.WithoutCancel(ctx), `DELETE FROM parley_web_public WHERE channelid = $1`, channelID)
	if err != nil {
		w.log.Error("a channel that is closed is still marked as shown on the web", "channel_id", channelID, "error", err)
	}
	if n > 0 {
		w.announce(channelID)
	}
}

// Mount adds the routes: those of the switch, and the pages.
func (w *WebPublic) Mount(r *access.Router) {
	w.router = r
	api.Get(r, "/parley/channels/{channel_id}/web_public", access.Session, w.get)
	api.Put(r, "/parley/channels/{channel_id}/web_public", access.Session, w.put)
	w.mountPages(r.Root())
}

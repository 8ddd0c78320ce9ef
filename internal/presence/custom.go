package presence

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

type customIn struct {
	UserID string             `path:"user_id"`
	Custom model.CustomStatus `body:"json,custom_status"`
}

// mayCustom refuses everybody while the setting is off, and who may not edit
// the user.
func (p *Presence) mayCustom(ctx context.Context, v access.Viewer, userID string) error {
	if !p.cfg.Get().TeamSettings.EnableCustomUserStatuses {
		return fault.NotImplemented("api.custom_status.disabled")
	}
	return v.NeedUser(ctx, userID)
}

func (p *Presence) putCustom(ctx context.Context, v access.Viewer, in customIn) (api.OK, error) {
	if err := p.mayCustom(ctx, v, in.UserID); err != nil {
		return api.OK{}, err
	}
	c := in.Custom
	if !tidyCustom(&c, time.UnixMilli(p.now())) {
		return api.OK{}, fault.InvalidParam("custom_status")
	}
	if err := p.emojiExists(ctx, c.Emoji); err != nil {
		return api.OK{}, err
	}
	if err := p.setCustom(ctx, in.UserID, encode(c)); err != nil {
		return api.OK{}, err
	}
	return api.Done(), p.remember(ctx, in.UserID, c)
}

// tidyCustom completes a custom status and reports whether it is one: an emoji or
// a text, and an end that lies ahead if there is one. Of a long text the
// beginning stays.
func tidyCustom(c *model.CustomStatus, now time.Time) bool {
	if c.Emoji == "" && c.Text == "" || !model.ValidCustomStatusDuration(c.Duration) || len(c.Emoji) > maxEmoji {
		return false
	}
	ends := c.Duration != model.CustomStatusDurationForever || !c.ExpiresAt.IsZero()
	if ends && c.ExpiresAt.Before(now) {
		return false
	}
	if ends && c.Duration == model.CustomStatusDurationForever {
		c.Duration = model.CustomStatusDateAndTime
	}
	if c.Emoji == "" {
		c.Emoji = model.CustomStatusDefaultEmoji
	}
	text := []rune(c.Text)
	c.Text = string(text[:min(len(text), model.CustomStatusTextMaxRunes)])
	c.ExpiresAt = c.ExpiresAt.UTC()
	return true
}

// maxEmoji is longer than any name: of a custom emoji, or with two skin tones.
const maxEmoji = 128

func (p *Presence) emojiExists(ctx context.Context, name string) error {
	if model.SystemEmoji(name) {
		return nil
	}
	n, err := db.Value[int64](ctx, p.db, `SELECT count(*) FROM emoji WHERE name = $1 AND deleteat = 0`, name)
	if err == nil && n == 0 {
		return fault.Invalid("api.custom_status.set_custom_statuses.emoji_not_found")
	}
	return err
}

// setCustom writes the custom status into the profile, by which everybody hears of it.
func (p *Presence) setCustom(ctx context.Context, userID, text string) error {
	user, err := p.users.ByID(ctx, userID)
	if err != nil {
		return err
	}
	props := user.Props.Clone()
	if props == nil {
		props = model.StringMap{}
	}
	props[model.UserPropCustomStatus] = text
	_, err = p.users.Patch(ctx, userID, &model.UserPatch{Props: props})
	return err
}

func (p *Presence) deleteCustom(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	if err := p.mayCustom(ctx, v, in.UserID); err != nil {
		return api.OK{}, err
	}
	return api.Done(), p.setCustom(ctx, in.UserID, "")
}

// SetCustom gives v a custom status, as the route does. Fails with 501 where
// custom statuses are switched off and with 400 for an emoji that isn't there.
func (p *Presence) SetCustom(ctx context.Context, v access.Viewer, c model.CustomStatus) error {
	_, err := p.putCustom(ctx, v, customIn{v.UserID, c})
	return err
}

// ClearCustom takes v's custom status away, as the route does.
func (p *Presence) ClearCustom(ctx context.Context, v access.Viewer) error {
	_, err := p.deleteCustom(ctx, v, userIn{v.UserID})
	return err
}

// recent reads the custom statuses that a user had last, the newest first. A
// list that can't be read is empty: clients write this preference too.
func (p *Presence) recent(ctx context.Context, userID string) ([]model.CustomStatus, error) {
	one, err := p.preferences.Get(ctx, userID, model.PreferenceCategoryCustomStatus, model.PreferenceNameRecentCustomStatuses)
	if err != nil {
		return nil, err
	}
	var list []model.CustomStatus
	_ = json.Unmarshal([]byte(one.Value), &list)
	return list, nil
}

func (p *Presence) storeRecent(ctx context.Context, userID string, list []model.CustomStatus) error {
	return p.preferences.Put(ctx, userID, []model.Preference{{Category: model.PreferenceCategoryCustomStatus,
		Name: model.PreferenceNameRecentCustomStatuses, Value: encode(list)}})
}

// remember puts a custom status in front of the recent ones.
func (p *Presence) remember(ctx context.Context, userID string, c model.CustomStatus) error {
	list, err := p.recent(ctx, userID)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	list = slices.DeleteFunc(list, func(old model.CustomStatus) bool { return alike(old, c) })
	list = slices.Insert(list, 0, c)
	return p.storeRecent(ctx, userID, list[:min(len(list), model.CustomStatusRecentMax)])
}

// alike tells whether two custom statuses look the same, whenever they end.
func alike(a, b model.CustomStatus) bool {
	return a.Emoji == b.Emoji && a.Text == b.Text && a.Duration == b.Duration
}

type recentIn struct {
	UserID string             `path:"user_id"`
	Custom model.CustomStatus `body:"json,recent_custom_status"`
}

func (p *Presence) deleteRecent(ctx context.Context, v access.Viewer, in recentIn) (api.OK, error) {
	if err := p.mayCustom(ctx, v, in.UserID); err != nil {
		return api.OK{}, err
	}
	list, err := p.recent(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(c model.CustomStatus) bool { return alike(c, in.Custom) })
	if len(kept) == len(list) {
		return api.OK{}, fault.Invalid("api.custom_status.recent_custom_statuses.delete.app_error")
	}
	return api.Done(), p.storeRecent(ctx, in.UserID, kept)
}

// encode is a value as JSON text.
func encode(v any) string {
	raw, _ := json.Marshal(v) // plain structs
	return string(raw)
}

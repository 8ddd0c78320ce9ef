package channels

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// change is every way in which a channel's row changes but for its counters.
// edit gets a copy of the row as it is inside the transaction and may refuse.
// Clients are told with channel_updated, and later slices with Updated.
func (c *Channels) change(ctx context.Context, byID, channelID string, edit func(ch *model.Channel) error) (*model.Channel, error) {
	ch := &model.Channel{ID: channelID}
	happens := Updated{New: ch, ByID: byID}
	old, err := c.rewrite(ctx, ch, c.Updated.Parts(ctx, happens), edit)
	if err != nil {
		return nil, err
	}
	c.tellUpdated(ch)
	happens.Old = old
	c.Updated.Publish(ctx, happens)
	return ch, nil
}

// rewrite is change without the news: it makes ch, of which the id is given, the row
// as it is afterwards, and returns what it was. also is done in the transaction.
func (c *Channels) rewrite(ctx context.Context, ch *model.Channel, also event.Part, edit func(ch *model.Channel) error) (old *model.Channel, err error) {
	channelID := ch.ID
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "channel "+channelID); err != nil {
			return err
		}
		if old, err = c.load(ctx, tx, channelID); err != nil {
			return err
		}
		*ch = *old
		if err := edit(ch); err != nil {
			return err
		}
		if err := check(ch); err != nil {
			return err
		}
		ch.UpdateAt = max(id.Now(), old.UpdateAt+1)
		tx.AfterCommit(func() {
			c.acc.ForgetChannel(channelID)
			if old.DeleteAt != ch.DeleteAt || old.TeamID != ch.TeamID { // it shows in lists that it was not in
				c.acc.Answers.Changed(access.Anything)
			}
		})
		if err := updateChannel(ctx, tx, ch); err != nil {
			return err
		}
		return also.In(ctx, tx)
	})
	if db.IsDuplicate(err, indexName) {
		err = errNameTaken
	}
	return old, err
}

func updateChannel(ctx context.Context, tx *db.Tx, ch *model.Channel) error {
	_, err := tx.Exec(ctx, `UPDATE channels SET updateat = $2, deleteat = $3, teamid = $4, type = $5, displayname = $6, name = $7,
		header = $8, purpose = $9, schemeid = $10, groupconstrained = $11, autotranslation = $12, bannerinfo = $13, defaultcategoryname = $14
		WHERE id = $1`, ch.ID, ch.UpdateAt, ch.DeleteAt, ch.TeamID, ch.Type, ch.DisplayName, ch.Name, ch.Header, ch.Purpose, ch.SchemeID,
		ch.GroupConstrained, ch.AutoTranslation, banner(ch), ch.DefaultCategoryName)
	if err != nil {
		return err
	}
	return writePublic(ctx, tx, ch)
}

// tellUpdated tells the members' clients of a changed channel.
func (c *Channels) tellUpdated(ch *model.Channel) {
	c.hub.Publish(realtime.Event{Name: model.EventChannelUpdated, To: realtime.Audience{ChannelID: ch.ID},
		Data: map[string]any{"channel": string(ch.AppendJSON(nil))}})
}

var errPatchConversation = fault.Invalid("api.channel.patch_update_channel.update_direct_or_group_messages_not_allowed.app_error")

// mayEdit refuses who may not change the fields of a channel that patch sets.
// Of a conversation any member may set the header, and nobody the names.
func (c *Channels) mayEdit(ctx context.Context, v access.Viewer, ch *model.Channel, p *model.ChannelPatch) error {
	fields := p.DisplayName != nil || p.Name != nil || p.Header != nil || p.Purpose != nil || p.GroupConstrained != nil
	if ch.IsConversation() {
		m, err := c.acc.ChannelMember(ctx, v.UserID, ch.ID)
		if err != nil {
			return err
		}
		if !m.Present {
			return fault.Forbidden("api.channel.patch_update_channel.forbidden.app_error")
		}
		if p.DisplayName != nil || p.Name != nil || p.Purpose != nil || p.GroupConstrained != nil {
			return errPatchConversation
		}
		if p.BannerInfo != nil {
			return fault.Invalid("api.channel.update_channel.banner_info.channel_type.not_allowed")
		}
		if p.AutoTranslation != nil && c.cfg.Get().AutoTranslationSettings.RestrictDMAndGM {
			return fault.Forbidden("api.channel.patch_update_channel.auto_translation_restricted.app_error")
		}
		return nil
	}
	private := ch.Type == model.ChannelPrivate
	for _, need := range [...]struct {
		asked             bool
		ofOpen, ofPrivate access.Permission
	}{
		{fields, access.PermManagePublicChannelProperties, access.PermManagePrivateChannelProperties},
		{p.BannerInfo != nil, access.PermManagePublicChannelBanner, access.PermManagePrivateChannelBanner},
		{p.AutoTranslation != nil, access.PermManagePublicChannelAutoTranslation, access.PermManagePrivateChannelAutoTranslation},
	} {
		perm := need.ofOpen
		if private {
			perm = need.ofPrivate
		}
		if need.asked {
			if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
				return err
			}
		}
	}
	return nil
}

// editable refuses changes to an archived channel and another name for
// town-square, which clients find by its name.
func editable(old *model.Channel, name string) error {
	if old.DeleteAt > 0 {
		return fault.Invalid("api.channel.update_channel.deleted.app_error")
	}
	if old.Name == model.ChannelTownSquare && name != old.Name {
		return fault.Invalid("api.channel.update_channel.tried.app_error", "Channel", old.Name)
	}
	return nil
}

// setPrivacy makes a channel open or private.
func (c *Channels) setPrivacy(ctx context.Context, v access.Viewer, ch *model.Channel, kind string) (*model.Channel, error) {
	perm := access.PermConvertPrivateChannelToPublic
	if kind == model.ChannelPrivate {
		perm = access.PermConvertPublicChannelToPrivate
	}
	if err := v.NeedChannel(ctx, ch.ID, perm); err != nil {
		return nil, err
	}
	if ch.IsConversation() {
		return nil, fault.InvalidParam("privacy")
	}
	if ch.Name == model.ChannelTownSquare && kind == model.ChannelPrivate {
		return nil, fault.Invalid("api.channel.update_channel_privacy.default_channel_error")
	}
	ch = &model.Channel{ID: ch.ID, Type: kind}
	happens := Updated{New: ch, ByID: v.UserID, Privacy: true}
	old, err := c.rewrite(ctx, ch, c.Updated.Parts(ctx, happens), func(ch *model.Channel) error {
		ch.Type = kind
		return editable(ch, ch.Name)
	})
	if err != nil {
		return nil, err
	}
	c.tellUpdated(ch)
	c.hub.Publish(realtime.Event{Name: model.EventChannelConverted, To: realtime.Audience{TeamID: ch.TeamID},
		Data: map[string]any{"channel_id": ch.ID}})
	happens.Old = old
	c.Updated.Publish(ctx, happens)
	return ch, nil
}

// toJSON is v as a JSON text, for events that carry objects as strings.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only for types that can't be JSON
	}
	return string(b)
}

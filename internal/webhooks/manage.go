package webhooks

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

var (
	errNoIncoming = fault.NotFound("app.webhooks.get_incoming.app_error")
	errNoOutgoing = fault.NotFound("app.webhooks.get_outgoing.app_error")
)

// rights are the permissions for one's own hooks of a kind, and for others'.
type rights struct{ own, others access.Permission }

var (
	incomingRights = rights{access.PermManageOwnIncomingWebhooks, access.PermManageOthersIncomingWebhooks}
	outgoingRights = rights{access.PermManageOwnOutgoingWebhooks, access.PermManageOthersOutgoingWebhooks}
)

func (w *Webhooks) incomingOn() error {
	if !w.Settings.Get().ServiceSettings.EnableIncomingWebhooks {
		return fault.NotImplemented("api.incoming_webhook.disabled.app_error")
	}
	return nil
}

func (w *Webhooks) outgoingOn() error {
	if !w.Settings.Get().ServiceSettings.EnableOutgoingWebhooks {
		return fault.NotImplemented("api.outgoing_webhook.disabled.app_error")
	}
	return nil
}

// channel returns a channel that v may put a hook on.
func (w *Webhooks) channel(ctx context.Context, v access.Viewer, channelID string) (*access.ChannelFacts, error) {
	ch, err := w.Access.Channel(ctx, channelID)
	if err != nil {
		return nil, err
	}
	if ch.TeamID == "" {
		return nil, fault.InvalidParam("channel_id")
	}
	if err := v.NeedTeam(ctx, ch.TeamID, access.PermManageOwnIncomingWebhooks); err != nil {
		return nil, err
	}
	if !v.MayRead(ctx, ch) {
		return nil, fault.NoPermission(string(access.PermReadChannelContent))
	}
	return ch, nil
}

// checkIncoming refuses what can't be a hook and leaves out what the settings
// don't allow or the maker may not.
func (w *Webhooks) checkIncoming(ctx context.Context, v access.Viewer, h *model.IncomingWebhook) error {
	set := w.Settings.Get().ServiceSettings
	if !set.EnablePostUsernameOverride {
		h.Username = ""
	}
	if !set.EnablePostIconOverride {
		h.IconURL = ""
	}
	if problem := h.Problem(); problem != "" {
		return fault.Invalid("model.incoming_hook." + problem + ".app_error")
	}
	if !v.CanTeam(ctx, h.TeamID, access.PermBypassIncomingWebhookChannelLock) {
		h.ChannelLocked = true
	}
	return nil
}

func (w *Webhooks) createIncoming(ctx context.Context, v access.Viewer, h *model.IncomingWebhook) (*model.IncomingWebhook, error) {
	if err := w.incomingOn(); err != nil {
		return nil, err
	}
	ch, err := w.channel(ctx, v, h.ChannelID)
	if err != nil {
		return nil, err
	}
	if h.UserID == "" && !v.System() {
		h.UserID = v.UserID
	}
	if h.UserID != v.UserID || v.System() {
		if err := v.NeedTeam(ctx, ch.TeamID, access.PermManageOthersIncomingWebhooks); err != nil {
			return nil, err
		}
		if err := w.inTeam(ctx, h.UserID, ch.TeamID, "model.incoming_hook.user_id.app_error"); err != nil {
			return nil, err
		}
	}
	h.ID, h.TeamID, h.CreateAt, h.DeleteAt = id.New(), ch.TeamID, id.Now(), 0
	h.UpdateAt = h.CreateAt
	if err := w.checkIncoming(ctx, v, h); err != nil {
		return nil, err
	}
	if err := insertIncoming(ctx, w.DB, h); err != nil {
		return nil, fault.Internal("app.webhooks.save_incoming.app_error", err)
	}
	return h, nil
}

// inTeam refuses somebody who isn't in a team as the owner of a hook there.
func (w *Webhooks) inTeam(ctx context.Context, userID, teamID, errorID string) error {
	if v, ok := w.acting(ctx, userID); !ok || !v.CanTeam(ctx, teamID, access.PermViewTeam) {
		return fault.Invalid(errorID)
	}
	return nil
}

// managed refuses a hook that v may not manage: neither their own, nor one of
// others in a team where they manage those. In a team where v manages none a hook
// is as unknown as one that isn't there.
func managed(ctx context.Context, v access.Viewer, teamID, ownerID string, may rights, missing error) error {
	if !v.CanTeam(ctx, teamID, may.own) && !v.CanTeam(ctx, teamID, may.others) {
		return missing
	}
	if ownerID != v.UserID || v.System() {
		return v.NeedTeam(ctx, teamID, may.others)
	}
	return nil
}

// ownIncoming returns an incoming webhook that v may manage.
func (w *Webhooks) ownIncoming(ctx context.Context, v access.Viewer, hookID string) (*model.IncomingWebhook, error) {
	if err := w.incomingOn(); err != nil {
		return nil, err
	}
	h, err := loadIncoming(ctx, w.DB, hookID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoIncoming
	}
	if err != nil {
		return nil, err
	}
	if err := managed(ctx, v, h.TeamID, h.UserID, incomingRights, errNoIncoming); err != nil {
		return nil, err
	}
	if ch, err := w.Access.Channel(ctx, h.ChannelID); err == nil && !v.MayRead(ctx, ch) {
		return nil, fault.NoPermission(string(access.PermReadChannelContent))
	}
	return h, nil
}

func (w *Webhooks) changeIncoming(ctx context.Context, v access.Viewer, hookID string, want *model.IncomingWebhook) (*model.IncomingWebhook, error) {
	old, err := w.ownIncoming(ctx, v, hookID)
	if err != nil {
		return nil, err
	}
	if want.TeamID != "" && want.TeamID != old.TeamID {
		return nil, fault.Invalid("api.webhook.team_mismatch.app_error")
	}
	ch, err := w.channel(ctx, v, want.ChannelID)
	if err != nil {
		return nil, err
	}
	if ch.TeamID != old.TeamID {
		return nil, fault.Invalid("api.webhook.team_mismatch.app_error")
	}
	want.ID, want.UserID, want.TeamID, want.CreateAt, want.DeleteAt = old.ID, old.UserID, old.TeamID, old.CreateAt, 0
	want.UpdateAt = max(id.Now(), old.UpdateAt+1)
	if err := w.checkIncoming(ctx, v, want); err != nil {
		return nil, err
	}
	if err := updateIncoming(ctx, w.DB, want); err != nil {
		return nil, fault.Internal("app.webhooks.update_incoming.app_error", err)
	}
	w.incoming.Forget(want.ID)
	return want, nil
}

func (w *Webhooks) removeIncoming(ctx context.Context, h *model.IncomingWebhook) error {
	now := id.Now()
	if _, err := w.DB.Exec(ctx, `UPDATE incomingwebhooks SET deleteat = $2, updateat = $2 WHERE id = $1`, h.ID, now); err != nil {
		return fault.Internal("app.webhooks.delete_incoming.app_error", err)
	}
	w.incoming.Forget(h.ID)
	return nil
}

// checkOutgoing refuses what can't be an outgoing webhook: one of a channel that
// isn't public, one that hears nothing, and one that tells a receiver what
// another hook tells it already.
func (w *Webhooks) checkOutgoing(ctx context.Context, h *model.OutgoingWebhook, meets func() error) error {
	if h.ChannelID != "" {
		ch, err := w.Access.Channel(ctx, h.ChannelID)
		if err != nil {
			return err
		}
		if ch.Type != model.ChannelOpen {
			return fault.Forbidden("api.webhook.create_outgoing.not_open.app_error")
		}
		if ch.TeamID != h.TeamID {
			return fault.Forbidden("api.webhook.create_outgoing.permissions.app_error")
		}
	} else if len(h.TriggerWords) == 0 {
		return fault.Invalid("api.webhook.create_outgoing.triggers.app_error")
	}
	list, err := listeners(ctx, w.DB, h.TeamID)
	if err != nil {
		return fault.Internal("app.webhooks.get_outgoing_by_team.app_error", err)
	}
	for _, other := range list {
		if h.Meets(&other.OutgoingWebhook) {
			return meets()
		}
	}
	set := w.Settings.Get().ServiceSettings
	if !set.EnablePostUsernameOverride {
		h.Username = ""
	}
	if !set.EnablePostIconOverride {
		h.IconURL = ""
	}
	if problem := h.Problem(); problem != "" {
		return fault.Invalid("model.outgoing_hook." + problem + ".app_error")
	}
	if len(list) >= hooksMost {
		return fault.Invalid("parley.webhooks.too_many.app_error", "Max", hooksMost)
	}
	return nil
}

func (w *Webhooks) createOutgoing(ctx context.Context, v access.Viewer, h *model.OutgoingWebhook) (*model.OutgoingWebhook, error) {
	if err := w.outgoingOn(); err != nil {
		return nil, err
	}
	if !id.Valid(h.TeamID) {
		return nil, fault.Invalid("model.outgoing_hook.is_valid.team_id.app_error")
	}
	if err := v.NeedTeam(ctx, h.TeamID, access.PermManageOwnOutgoingWebhooks); err != nil {
		return nil, err
	}
	if h.CreatorID == "" && !v.System() {
		h.CreatorID = v.UserID
	}
	if h.CreatorID != v.UserID || v.System() {
		if err := v.NeedTeam(ctx, h.TeamID, access.PermManageOthersOutgoingWebhooks); err != nil {
			return nil, err
		}
		if err := w.inTeam(ctx, h.CreatorID, h.TeamID, "model.outgoing_hook.is_valid.user_id.app_error"); err != nil {
			return nil, err
		}
	}
	h.ID, h.Token, h.CreateAt, h.DeleteAt = id.New(), id.New(), id.Now(), 0
	h.UpdateAt = h.CreateAt
	// The original answers 500 here (golden webhooks/outgoing, "same trigger").
	meets := func() error { return fault.New(fault.KindInternal, "api.webhook.create_outgoing.intersect.app_error") }
	if err := w.checkOutgoing(ctx, h, meets); err != nil {
		return nil, err
	}
	if err := insertOutgoing(ctx, w.DB, h); err != nil {
		return nil, fault.Internal("app.webhooks.save_outgoing.app_error", err)
	}
	w.outgoing.Forget(h.TeamID)
	return h, nil
}

// ownOutgoing returns an outgoing webhook that v may manage.
func (w *Webhooks) ownOutgoing(ctx context.Context, v access.Viewer, hookID string) (*model.OutgoingWebhook, error) {
	if err := w.outgoingOn(); err != nil {
		return nil, err
	}
	h, err := loadOutgoing(ctx, w.DB, hookID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoOutgoing
	}
	if err != nil {
		return nil, err
	}
	return h, managed(ctx, v, h.TeamID, h.CreatorID, outgoingRights, errNoOutgoing)
}

func (w *Webhooks) changeOutgoing(ctx context.Context, v access.Viewer, hookID string, want *model.OutgoingWebhook) (*model.OutgoingWebhook, error) {
	old, err := w.ownOutgoing(ctx, v, hookID)
	if err != nil {
		return nil, err
	}
	if want.TeamID != "" && want.TeamID != old.TeamID {
		return nil, fault.Invalid("api.webhook.team_mismatch.app_error")
	}
	want.ID, want.Token, want.CreatorID, want.TeamID, want.CreateAt, want.DeleteAt = old.ID, old.Token, old.CreatorID, old.TeamID, old.CreateAt, 0
	meets := func() error { return fault.Invalid("api.webhook.update_outgoing.intersect.app_error") }
	if err := w.checkOutgoing(ctx, want, meets); err != nil {
		return nil, err
	}
	return want, w.keepOutgoing(ctx, want, old)
}

func (w *Webhooks) keepOutgoing(ctx context.Context, want, old *model.OutgoingWebhook) error {
	want.UpdateAt = max(id.Now(), old.UpdateAt+1)
	if err := updateOutgoing(ctx, w.DB, want); err != nil {
		return fault.Internal("app.webhooks.update_outgoing.app_error", err)
	}
	w.outgoing.Forget(want.TeamID)
	return nil
}

func (w *Webhooks) removeOutgoing(ctx context.Context, h *model.OutgoingWebhook) error {
	now := id.Now()
	if _, err := w.DB.Exec(ctx, `UPDATE outgoingwebhooks SET deleteat = $2, updateat = $2 WHERE id = $1`, h.ID, now); err != nil {
		return fault.Internal("app.webhooks.delete_outgoing.app_error", err)
	}
	w.outgoing.Forget(h.TeamID)
	return nil
}

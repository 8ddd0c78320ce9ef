package presence

import (
	"context"
	"encoding/json"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// mostStatuses bounds the answer to get_statuses, which has no pages.
const mostStatuses = 5_000

// handleActions answers the requests of websockets (reference: websocket.json).
func (p *Presence) handleActions() {
	p.hub.HandleWriting("user_typing", p.onTyping)
	p.hub.HandleWriting("user_update_active_status", p.onActive)
	p.hub.Handle("get_statuses", p.onStatuses)
	p.hub.Handle("get_statuses_by_ids", p.onStatusesByIDs)
}

func invalid(name string) error {
	return fault.Invalid("api.websocket_handler.invalid_param.app_error", "Name", name)
}

// decode reads an action's data; a value of a wrong type is the error of the
// parameter named.
func decode(data json.RawMessage, into any, name string) error {
	if json.Unmarshal(data, into) != nil {
		return invalid(name)
	}
	return nil
}

func (p *Presence) onTyping(ctx context.Context, c *realtime.Conn, data json.RawMessage) (any, error) {
	if p.Busy() {
		return nil, fault.Unavailable("api.websocket_handler.server_busy.app_error")
	}
	var in struct {
		ChannelID string `json:"channel_id"`
		ParentID  string `json:"parent_id"`
	}
	if err := decode(data, &in, "channel_id"); err != nil {
		return nil, err
	}
	if in.ParentID != "" && !id.Valid(in.ParentID) {
		return nil, invalid("parent_id")
	}
	ok, err := p.mayType(ctx, c.UserID(), in.ChannelID)
	if err != nil {
		return nil, err
	}
	if !ok { // which of the reasons it is, an outsider is not told
		return nil, invalid("channel_id")
	}
	return nil, p.typing(ctx, c.UserID(), in.ChannelID, in.ParentID)
}

func (p *Presence) onActive(_ context.Context, c *realtime.Conn, data json.RawMessage) (any, error) {
	var in struct {
		Active *bool `json:"user_is_active"`
		Manual bool  `json:"manual"`
	}
	if err := decode(data, &in, "user_is_active"); err != nil {
		return nil, err
	}
	if in.Active == nil {
		return nil, invalid("user_is_active")
	}
	if !p.enabled() {
		return nil, nil
	}
	ctx := context.Background() // of a batch that may hold others, too
	if err := p.settleFor(ctx, []string{c.UserID()}); err != nil {
		return nil, err
	}
	p.alter(c.UserID(), func(e *entry) {
		if *in.Active {
			e.goOnline(in.Manual, p.now())
		} else {
			e.goAway(in.Manual, p.now(), p.awayAfter())
		}
	})
	return nil, nil
}

// onStatuses answers with those that this node knows of who aren't offline.
func (p *Presence) onStatuses(ctx context.Context, c *realtime.Conn, _ json.RawMessage) (any, error) {
	if !p.enabled() {
		return nil, nil
	}
	if err := p.settle(ctx); err != nil {
		return nil, err
	}
	ids := []string{}
	p.mu.Lock()
	for userID, e := range p.known {
		if e.status != offline && len(ids) < mostStatuses {
			ids = append(ids, userID)
		}
	}
	p.mu.Unlock()
	list, err := p.shownTo(ctx, c.UserID(), ids)
	for userID, status := range list {
		if status == model.StatusOffline {
			delete(list, userID)
		}
	}
	return list, err
}

func (p *Presence) onStatusesByIDs(ctx context.Context, c *realtime.Conn, data json.RawMessage) (any, error) {
	var in struct {
		IDs []string `json:"user_ids"`
	}
	if err := decode(data, &in, "user_ids"); err != nil {
		return nil, err
	}
	if len(in.IDs) == 0 {
		return nil, invalid("user_ids")
	}
	for _, userID := range in.IDs {
		if !id.Valid(userID) {
			return nil, invalid("user_ids")
		}
	}
	if !p.enabled() {
		return nil, nil
	}
	return p.shownTo(ctx, c.UserID(), in.IDs)
}

// shownTo returns statuses by user, as the user of a websocket sees them.
func (p *Presence) shownTo(ctx context.Context, viewerID string, ids []string) (map[string]string, error) {
	user, err := p.users.ByID(ctx, viewerID)
	if err != nil {
		return nil, err
	}
	list, err := p.shown(ctx, p.acc.Acting(user.ID, user.Username, user.Roles), ids)
	out := make(map[string]string, len(list))
	for _, s := range list {
		out[s.UserID] = s.Status
	}
	return out, err
}

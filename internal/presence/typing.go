package presence

import (
	"context"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

type typingIn struct {
	UserID string `path:"user_id"`
	Body   struct {
		ChannelID string `json:"channel_id"`
		ParentID  string `json:"parent_id"`
	} `body:"json,typing_request"`
}

// postTyping answers POST /users/{user_id}/typing; administrators may type for
// others.
func (p *Presence) postTyping(ctx context.Context, v access.Viewer, in typingIn) (api.OK, error) {
	if in.UserID != v.UserID && !v.Admin(ctx) {
		return api.OK{}, fault.NoPermission(string(access.PermManageSystem))
	}
	if in.Body.ParentID != "" && !id.Valid(in.Body.ParentID) {
		return api.OK{}, fault.InvalidParam("parent_id")
	}
	ok, err := p.mayType(ctx, in.UserID, in.Body.ChannelID)
	if err != nil {
		return api.OK{}, err
	}
	if !ok {
		return api.OK{}, fault.NoPermission(string(access.PermCreatePost))
	}
	return api.Done(), p.typing(ctx, in.UserID, in.Body.ChannelID, in.Body.ParentID)
}

// mayType reports whether a user may post in a channel. All that it asks is in
// the caches while somebody types.
func (p *Presence) mayType(ctx context.Context, userID, channelID string) (bool, error) {
	if !id.Valid(channelID) {
		return false, nil
	}
	user, err := p.users.ByID(ctx, userID)
	if err != nil {
		if fault.IsNotFound(err) {
			err = nil
		}
		return false, err
	}
	return p.acc.Acting(user.ID, user.Username, user.Roles).CanChannel(ctx, channelID, access.PermCreatePost), nil
}

// typing tells the other members of a channel that a user types in it, or in the
// thread of parentID. In archived and in very large channels nobody is told.
func (p *Presence) typing(ctx context.Context, userID, channelID, parentID string) error {
	set := p.cfg.Get()
	if !set.ServiceSettings.EnableUserTypingMessages {
		return nil
	}
	ch, err := p.acc.Channel(ctx, channelID)
	if err != nil || ch.DeleteAt > 0 {
		return err
	}
	now, every := p.now(), int64(set.ServiceSettings.TimeBetweenUserTypingUpdatesMilliseconds)
	if !p.typists.admit(userID+channelID, now, every) {
		return nil
	}
	large, err := p.typists.large(channelID, now, func() (bool, error) {
		most := int64(set.TeamSettings.MaxNotificationsPerChannel)
		n, err := db.Value[int64](ctx, p.db, `SELECT count(*) FROM (SELECT 1 FROM channelmembers WHERE channelid = $1 LIMIT $2) AS members`, channelID, most+1)
		return n > most, err
	})
	if err != nil || large {
		return err
	}
	p.hub.Publish(realtime.Event{Name: model.EventTyping, Data: map[string]any{"parent_id": parentID, "user_id": userID},
		To: realtime.Audience{ChannelID: channelID, OmitUsers: map[string]bool{userID: true}}})
	return nil
}

// Bounds of typing: how many signs of one person in one channel pass in the time
// in which a client sends one, how long the size of a channel is believed, and
// how many of either are remembered.
const (
	signsAtOnce  = 5
	sizeForMS    = 60_000
	mostRemember = 20_000
)

// typists remembers who typed where in the present interval, and which channels
// are large. Both are forgotten as a whole when their time is over.
type typists struct {
	mu          sync.Mutex
	since, from int64 // Unix ms
	signs       map[string]int
	sizes       map[string]bool
}

// admit counts a sign of typing and reports whether it is to be passed on.
func (t *typists) admit(key string, now, every int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.signs == nil || now-t.since >= every || len(t.signs) >= mostRemember {
		t.signs, t.since = map[string]int{}, now
	}
	t.signs[key]++
	return t.signs[key] <= signsAtOnce
}

func (t *typists) large(channelID string, now int64, ask func() (bool, error)) (bool, error) {
	t.mu.Lock()
	if t.sizes == nil || now-t.from >= sizeForMS || len(t.sizes) >= mostRemember {
		t.sizes, t.from = map[string]bool{}, now
	}
	large, known := t.sizes[channelID]
	t.mu.Unlock()
	if known {
		return large, nil
	}
	large, err := ask()
	if err == nil {
		t.mu.Lock()
		t.sizes[channelID] = large
		t.mu.Unlock()
	}
	return large, err
}

package subscriptions

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// Event is what a receiver is told. ID stays when it is sent again, so that what
// was taken before can be left aside.
type Event struct {
	ID             string         `json:"event_id"`
	Name           string         `json:"event"`
	At             int64          `json:"at"` // milliseconds
	SubscriptionID string         `json:"subscription_id"`
	TeamID         string         `json:"team_id"`
	ChannelID      string         `json:"channel_id"`
	Data           map[string]any `json:"data"`
}

// stillRight refuses to send what its maker may no longer read, be it now or
// because it is sent again.
func (s *Subscriptions) stillRight(ctx context.Context, c deliveries.Call) error {
	one, err := db.Get(ctx, s.DB, scan, `SELECT `+columns+` FROM parley_subscriptions WHERE id = $1`, c.Of)
	if err != nil {
		return errMissing
	}
	var e Event
	if err := json.Unmarshal(c.Body, &e); err != nil {
		return err
	}
	ch, err := s.Access.Channel(ctx, e.ChannelID)
	if err != nil {
		return err
	}
	if v, ok := s.maker(ctx, one); !one.Enabled || !ok || !v.MayRead(ctx, ch) {
		return fault.NoPermission(string(access.PermReadChannelContent))
	}
	return nil
}

// maker is the viewer whose subscription it is; ok is false for a closed account.
func (s *Subscriptions) maker(ctx context.Context, one *Subscription) (v access.Viewer, ok bool) {
	u, err := s.Users.ByID(ctx, one.CreatorID)
	if err != nil || u.DeleteAt != 0 {
		return access.Viewer{}, false
	}
	return s.Access.Acting(u.ID, u.Username, u.Roles), true
}

// follow hears of everything that a subscription may be about.
func (s *Subscriptions) follow() {
	s.Deliveries.OnSending(deliveries.KindSubscription, s.stillRight)
	s.Posts.OnWriting(func(ctx context.Context, p *posts.Saving) func(context.Context, *db.Tx) error {
		if p.Post.Type == model.PostTypeBurnOnRead {
			return nil
		}
		hearing := s.hearing(ctx, p.Channel, model.EventPosted, func(v access.Viewer) bool { return v.MayRead(ctx, p.Channel) })
		if len(hearing) == 0 {
			return nil
		}
		return func(ctx context.Context, tx *db.Tx) error {
			return s.enqueue(ctx, tx, hearing, p.Channel, model.EventPosted, p.Post.CreateAt, map[string]any{"post": posts.Outside(p.Post)})
		}
	})
	s.Posts.Edited.Within(func(ctx context.Context, e posts.Edited) event.Part {
		return s.within(ctx, e.New.ChannelID, model.EventPostEdited, func() map[string]any { return map[string]any{"post": posts.Outside(e.New)} })
	})
	s.Posts.Deleted.Within(func(ctx context.Context, e posts.Deleted) event.Part {
		return s.within(ctx, e.Post.ChannelID, model.EventPostDeleted, func() map[string]any { return map[string]any{"post_id": e.Post.ID, "user_id": e.ByID} })
	})
	reacted := func(name string) func(context.Context, *model.Reaction) event.Part {
		return func(ctx context.Context, r *model.Reaction) event.Part {
			return s.within(ctx, r.ChannelID, name, func() map[string]any {
				return map[string]any{"post_id": r.PostID, "user_id": r.UserID, "emoji_name": r.EmojiName}
			})
		}
	}
	s.Reactions.Added.Within(reacted(model.EventReactionAdded))
	s.Reactions.Removed.Within(reacted(model.EventReactionRemoved))
	s.followChannels()
}

// within puts an event into the queue in the transaction in which it happens. data
// is asked for what to tell when all of it is known.
func (s *Subscriptions) within(ctx context.Context, channelID, name string, data func() map[string]any) event.Part {
	return s.withinAs(ctx, channelID, "", name, data)
}

// withinAs is within for a channel that becomes one of type kind; "" for as it is.
func (s *Subscriptions) withinAs(ctx context.Context, channelID, kind, name string, data func() map[string]any) event.Part {
	ch, err := s.Access.Channel(ctx, channelID)
	if err != nil {
		return nil
	}
	if kind != "" && kind != ch.Type {
		becomes := *ch
		becomes.Type = kind
		ch = &becomes
	}
	return s.part(ch, name, s.hearing(ctx, ch, name, func(v access.Viewer) bool { return v.MayRead(ctx, ch) }), data)
}

func (s *Subscriptions) part(ch *access.ChannelFacts, name string, hearing []*Subscription, data func() map[string]any) event.Part {
	if len(hearing) == 0 {
		return nil
	}
	return func(ctx context.Context, tx *db.Tx) error {
		return s.enqueue(ctx, tx, hearing, ch, name, id.Now(), data())
	}
}

// followChannels hears of channels and who is in them. Who may read a channel is
// asked as it will be when the news is true.
func (s *Subscriptions) followChannels() {
	s.Channels.Created.Within(func(ctx context.Context, e channels.Created) event.Part {
		ch := &access.ChannelFacts{ID: e.Channel.ID, TeamID: e.Channel.TeamID, Type: e.Channel.Type}
		return s.part(ch, model.EventChannelCreated, s.hearing(ctx, ch, model.EventChannelCreated, func(v access.Viewer) bool {
			return slices.Contains(e.UserIDs, v.UserID) || readsOutside(ctx, v, ch)
		}), func() map[string]any { return map[string]any{"channel": e.Channel, "user_id": e.ByID} })
	})
	s.Channels.Updated.Within(func(ctx context.Context, e channels.Updated) event.Part {
		return s.withinAs(ctx, e.New.ID, e.New.Type, model.EventChannelUpdated, func() map[string]any {
			return map[string]any{"channel": e.New, "user_id": e.ByID}
		})
	})
	s.Channels.Archived.Within(func(ctx context.Context, e channels.Changed) event.Part {
		return s.within(ctx, e.Channel.ID, model.EventChannelDeleted, func() map[string]any {
			return map[string]any{"channel": e.Channel, "user_id": e.ByID}
		})
	})
	s.Channels.Joined.Within(func(ctx context.Context, e *channels.Joined) event.Part {
		return s.part(e.Channel, model.EventUserAdded, s.hearing(ctx, e.Channel, model.EventUserAdded, func(v access.Viewer) bool {
			return slices.Contains(e.UserIDs, v.UserID) || v.MayRead(ctx, e.Channel)
		}), func() map[string]any { return map[string]any{"user_ids": e.UserIDs, "by_id": e.ByID} })
	})
	s.Channels.Left.Within(func(ctx context.Context, e *channels.Left) event.Part {
		return s.part(e.Channel, model.EventUserRemoved, s.hearing(ctx, e.Channel, model.EventUserRemoved, func(v access.Viewer) bool {
			if slices.Contains(e.UserIDs, v.UserID) {
				return readsOutside(ctx, v, e.Channel)
			}
			return v.MayRead(ctx, e.Channel)
		}), func() map[string]any { return map[string]any{"user_ids": e.UserIDs, "by_id": e.ByID} })
	})
}

// readsOutside reports whether v may read a channel without being in it.
func readsOutside(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	return v.CanTeam(ctx, ch.TeamID, access.PermReadChannelContent) ||
		ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermReadPublicChannel)
}

// hearing are the subscriptions that an event in a channel is for: those whose
// maker may read it.
func (s *Subscriptions) hearing(ctx context.Context, ch *access.ChannelFacts, name string, mayRead func(access.Viewer) bool) []*Subscription {
	if ch.TeamID == "" {
		return nil
	}
	list, err := s.ofTeam(ctx, ch.TeamID)
	if err != nil {
		s.Log.Warn("the subscriptions of a team can't be read", "team_id", ch.TeamID, "error", err)
		return nil
	}
	var out []*Subscription
	for _, one := range list {
		if !one.Enabled || one.ChannelID != "" && one.ChannelID != ch.ID || !slices.Contains(one.Events, name) {
			continue
		}
		if v, ok := s.maker(ctx, one); ok && mayRead(v) {
			out = append(out, one)
		}
	}
	return out
}

func (s *Subscriptions) enqueue(ctx context.Context, tx *db.Tx, hearing []*Subscription, ch *access.ChannelFacts, name string, at int64, data map[string]any) error {
	for _, one := range hearing {
		e := Event{ID: id.New(), Name: name, At: at, SubscriptionID: one.ID, TeamID: ch.TeamID, ChannelID: ch.ID, Data: data}
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		c := one.call()
		c.ID, c.Body = e.ID, body
		if err := s.Deliveries.Enqueue(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

func (one *Subscription) call() deliveries.Call {
	return deliveries.Call{Kind: deliveries.KindSubscription, Of: one.ID, Name: one.Name, OwnerID: one.CreatorID, TeamID: one.TeamID, Method: http.MethodPost,
		URL: one.URL, Header: http.Header{"Content-Type": {"application/json"}}, Secret: one.Secret}
}

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
	if !one.Enabled || !s.mayRead(ctx, one, ch) {
		return fault.NoPermission(string(access.PermReadChannelContent))
	}
	return nil
}

func (s *Subscriptions) mayRead(ctx context.Context, one *Subscription, ch *access.ChannelFacts) bool {
	u, err := s.Users.ByID(ctx, one.CreatorID)
	return err == nil && u.DeleteAt == 0 && s.Access.Acting(u.ID, u.Username, u.Roles).MayRead(ctx, ch)
}

// follow hears of everything that a subscription may be about.
func (s *Subscriptions) follow() {
	s.Deliveries.OnSending(deliveries.KindSubscription, s.stillRight)
	s.Posts.OnWriting(func(ctx context.Context, p *posts.Saving) func(context.Context, *db.Tx) error {
		if p.Post.Type == model.PostTypeBurnOnRead {
			return nil
		}
		hearing := s.hearing(ctx, p.Channel, model.EventPosted)
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
	ch, err := s.Access.Channel(ctx, channelID)
	if err != nil {
		return nil
	}
	hearing := s.hearing(ctx, ch, name)
	if len(hearing) == 0 {
		return nil
	}
	return func(ctx context.Context, tx *db.Tx) error {
		return s.enqueue(ctx, tx, hearing, ch, name, id.Now(), data())
	}
}

// followChannels hears of channels and who is in them. Who may read a channel is
// known only when it is there or they are in it: these are queued right after.
func (s *Subscriptions) followChannels() {
	s.Channels.Created.Subscribe(func(ctx context.Context, e channels.Created) {
		s.tellIn(ctx, e.Channel.ID, model.EventChannelCreated, map[string]any{"channel": e.Channel, "user_id": e.ByID})
	})
	s.Channels.Updated.Subscribe(func(ctx context.Context, e channels.Updated) {
		s.tellIn(ctx, e.New.ID, model.EventChannelUpdated, map[string]any{"channel": e.New, "user_id": e.ByID})
	})
	s.Channels.Archived.Subscribe(func(ctx context.Context, e channels.Changed) {
		s.tellIn(ctx, e.Channel.ID, model.EventChannelDeleted, map[string]any{"channel": e.Channel, "user_id": e.ByID})
	})
	s.Channels.Joined.Subscribe(func(ctx context.Context, e channels.Joined) {
		s.tell(ctx, e.Channel, model.EventUserAdded, map[string]any{"user_ids": e.UserIDs, "by_id": e.ByID})
	})
	s.Channels.Left.Subscribe(func(ctx context.Context, e channels.Left) {
		s.tell(ctx, e.Channel, model.EventUserRemoved, map[string]any{"user_ids": e.UserIDs, "by_id": e.ByID})
	})
}

func (s *Subscriptions) tellIn(ctx context.Context, channelID, name string, data map[string]any) {
	if ch, err := s.Access.Channel(ctx, channelID); err == nil {
		s.tell(ctx, ch, name, data)
	}
}

// tell puts an event that has happened into the queue.
func (s *Subscriptions) tell(ctx context.Context, ch *access.ChannelFacts, name string, data map[string]any) {
	hearing := s.hearing(ctx, ch, name)
	if len(hearing) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx) // it has happened, whoever asked for it
	err := s.DB.Tx(ctx, func(tx *db.Tx) error { return s.enqueue(ctx, tx, hearing, ch, name, id.Now(), data) })
	if err != nil {
		s.Log.Warn("subscribers were not told of an event", "event", name, "channel_id", ch.ID, "error", err)
	}
}

// hearing are the subscriptions that an event in a channel is for: those whose
// maker may read the channel now.
func (s *Subscriptions) hearing(ctx context.Context, ch *access.ChannelFacts, name string) []*Subscription {
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
		if s.mayRead(ctx, one, ch) {
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

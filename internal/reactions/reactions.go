// Package reactions lets people answer a post with an emoji.
//
// A reaction is one person's emoji on one post; adding it twice changes nothing,
// and a removed one stays as a row with the time of its removal, as the schema
// has it. The post itself notes whether it has any (posts.SetHasReactions), in
// the same transaction: every change locks the post's row first, so that people
// who add and remove at the same moment leave the mark and the rows in accord.
//
// Rules are in this file, routes in http.go, SQL in store.go. Later slices hear
// of changes by the topics Added and Removed.
package reactions

import (
	"context"
	"errors"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Reactions is the slice. Make it with New. Its topics are published after the
// commit and before the request is answered.
type Reactions struct {
	// Added and Removed tell of a reaction that is new or gone.
	Added, Removed event.Topic[*model.Reaction]

	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	posts *posts.Posts
	log   *slog.Logger
}

// New returns the slice over a migrated database. The rows of posts and
// accounts that are removed for good go with them.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, u *users.Users, p *posts.Posts, log *slog.Logger) *Reactions {
	r := &Reactions{db: d, cfg: cfg, acc: acc, hub: hub, posts: p, log: log}
	p.OnDeleting(r.postsDeleted)
	u.Deleted.Subscribe(func(ctx context.Context, user *model.User) {
		r.sweep(ctx, "userid = $1", user.ID)
	})
	return r
}

// RemoveEmoji removes all reactions with an emoji that no longer exists: the
// emoji slice calls it after it deleted a custom one.
func (r *Reactions) RemoveEmoji(ctx context.Context, name string) {
	r.sweep(ctx, "emojiname = $1", name)
}

var (
	errRefused  = fault.NoPermission(string(access.PermAddReaction))
	errUnlisted = fault.NoPermission(string(access.PermReadChannelContent))
	errNoPost   = fault.NotFound("app.post.get.app_error")
	errNoEmoji  = fault.NotFound("app.emoji.get_by_name.no_result")
	errTooMany  = fault.Invalid("app.reaction.save.save.too_many_reactions")
	errNoChange = errors.New("reactions: nothing to change")
)

// add has v react to a post with an emoji, and returns the reaction: the one
// that is there already when v did so before.
func (r *Reactions) add(ctx context.Context, v access.Viewer, postID, name string) (*model.Reaction, error) {
	t, err := r.find(ctx, v.UserID, postID, name)
	if fault.IsNotFound(err) {
		return nil, errRefused // a post that doesn't exist looks like one out of reach
	}
	if err != nil {
		return nil, err
	}
	if err := v.NeedChannel(ctx, t.channelID, access.PermAddReaction); err != nil {
		return nil, err
	}
	if err := r.checkEmoji(t, name); err != nil {
		return nil, err
	}
	if err := r.open(ctx, v, t, "save"); err != nil {
		return nil, err
	}
	if t.burning {
		return nil, fault.Forbidden("api.reaction.save.burn_on_read.app_error")
	}
	made := &model.Reaction{UserID: v.UserID, PostID: postID, EmojiName: name, CreateAt: t.since, UpdateAt: t.updated, ChannelID: t.channelID}
	if t.since != 0 {
		return made, nil
	}
	made.CreateAt = id.Now()
	made.UpdateAt = made.CreateAt
	err = r.insert(ctx, made, t, r.Added.Parts(ctx, made))
	if errors.Is(err, errNoChange) {
		return made, nil
	}
	if err != nil {
		return nil, saveFault(err)
	}
	r.tell(model.EventReactionAdded, made.ChannelID, made)
	r.Added.Publish(context.WithoutCancel(ctx), made)
	return made, nil
}

// remove takes a user's reaction from a post; that there is none is fine.
func (r *Reactions) remove(ctx context.Context, v access.Viewer, userID, postID, name string) error {
	t, err := r.find(ctx, userID, postID, name)
	if fault.IsNotFound(err) {
		return fault.NoPermission(string(access.PermRemoveReaction))
	}
	if err != nil {
		return err
	}
	if err := v.NeedChannel(ctx, t.channelID, access.PermRemoveReaction); err != nil {
		return err
	}
	if userID != v.UserID {
		if err := v.NeedChannel(ctx, t.channelID, access.PermRemoveOthersReactions); err != nil {
			return err
		}
	}
	if err := r.open(ctx, v, t, "delete"); err != nil {
		return err
	}
	if t.since == 0 {
		return nil
	}
	gone := &model.Reaction{UserID: userID, PostID: postID, EmojiName: name, UpdateAt: id.Now()}
	told := *gone
	told.ChannelID = t.channelID
	err = r.delete(ctx, gone, r.Removed.Parts(ctx, &told))
	if errors.Is(err, errNoChange) {
		return nil
	}
	if err != nil {
		return saveFault(err)
	}
	// The protocol's event of a removal bears neither the channel nor the time.
	r.tell(model.EventReactionRemoved, t.channelID, gone)
	r.Removed.Publish(context.WithoutCancel(ctx), &told)
	return nil
}

// checkEmoji refuses a name that is neither a system emoji nor a custom one.
func (r *Reactions) checkEmoji(t *target, name string) error {
	switch {
	case model.SystemEmoji(name):
		return nil
	case !r.cfg.Get().ServiceSettings.EnableCustomEmoji:
		return fault.Forbidden("api.emoji.disabled.app_error")
	case !t.custom:
		return errNoEmoji
	}
	return nil
}

// open refuses changes on deleted posts, in archived channels and between
// people who may no longer write to each other.
func (r *Reactions) open(ctx context.Context, v access.Viewer, t *target, what string) error {
	if t.deleted {
		return errNoPost
	}
	ch, err := r.acc.Channel(ctx, t.channelID)
	if err != nil {
		return err
	}
	if ch.DeleteAt != 0 {
		return fault.Forbidden("api.reaction." + what + ".archived_channel.app_error")
	}
	restricted, err := r.posts.Restricted(ctx, v, ch)
	if restricted {
		return fault.Invalid("api.reaction." + what + ".restricted_dm.error")
	}
	return err
}

func (r *Reactions) tell(event, channelID string, reaction *model.Reaction) {
	r.hub.Publish(realtime.Event{Name: event, To: realtime.Audience{ChannelID: channelID},
		Data: map[string]string{"reaction": string(reaction.AppendJSON(nil))}})
}

func saveFault(err error) error {
	var e *fault.Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, db.ErrNotFound) { // the post is gone for good
		return errNoPost
	}
	return fault.Internal("app.reaction.save.save.app_error", err)
}
